"""The admin's pictures: the form's preview, and the sample by draft, revision and original."""

from io import BytesIO

import pytest
from PIL import Image

from aliases.models import Alias
from aliases.publishing import publish
from tests.aliases.conftest import form_of, page
from tests.conftest import drawn, opened
from tests.rendering.imaging.focus.portraits import portrait

pytestmark = pytest.mark.django_db


def test_the_preview_shows_the_form_as_it_is_without_saving_it(admin, alias):
    response = admin.post(page("alias_preview", alias.pk), form_of(alias, width=40, height=30, format="jpeg"))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert opened(response).size == (40, 30)
    assert response["X-Facts"].startswith("40 x 30 pixels, JPEG")
    assert int(response["X-Bytes"]) == len(response.content)
    assert "no-store" in response["Cache-Control"]
    alias.refresh_from_db()
    assert alias.width == 90


def test_the_preview_keeps_faces_in_sight(admin, alias, service):
    # A portrait at the right end of a long grey picture; its face has colours, and nothing else.
    image = Image.new("RGB", (1500, 300), "grey")
    image.paste(portrait().resize((300, 300)), (1200, 0))
    file = BytesIO()
    image.save(file, "PNG")
    service.put("wide.png", file.getvalue())

    def colours(**fields):
        response = admin.post(page("alias_preview", alias.pk), form_of(alias, sample="wide.png", **fields))
        return sum(opened(response).convert("HSV").getchannel("S").histogram()[100:])

    assert colours(crop="center") == 0
    assert colours(crop="smart") > 100
    assert colours(crop="center", filters="face(0.2,largest,true)") > 100


def test_the_preview_of_a_new_alias_needs_no_name_and_follows_the_accept_header(admin, alias):
    fields = form_of(alias, name="", format="auto", width=40)
    response = admin.post(page("alias_preview_new"), fields, headers={"accept": "image/avif"})
    assert response["Content-Type"] == "image/avif"


def test_the_preview_shows_the_original_reduced_and_tells_of_the_whole(admin, alias, service):
    service.put("cat.jpg", drawn(2000, 1000))
    response = admin.post(page("alias_preview", alias.pk), {**form_of(alias, filters="wrong"), "which": "original"})
    assert opened(response).size == (800, 400)
    assert response["X-Facts"].startswith("2000 x 1000 pixels, JPEG")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"sample": ""}, "No sample is named"),
        ({"sample": "gone.jpg"}, "There is no such original"),
        ({"sample": "text.txt"}, "text"),
        ({"sample": "cut.jpg"}, "damaged or cut off"),
        ({"filters": "watermark(photos/gone.png,0,0,0)"}, "The overlay cannot be had"),
        ({"width": "999999"}, "see the fields marked red"),
        ({"filters": "brightness(300)"}, "see the fields marked red"),
        ({"bucket": ""}, "see the fields marked red"),
    ],
)
def test_a_preview_that_cannot_be_made_says_why(admin, alias, service, fields, told):
    service.put("text.txt", b"no picture at all")
    service.put("cut.jpg", drawn()[:500])
    response = admin.post(page("alias_preview", alias.pk), form_of(alias, **fields))
    assert response.status_code == 422
    assert told in response.json()["message"]
    for name in response.json()["errors"]:
        assert name in fields


def test_the_sample_can_be_seen_by_draft_revision_and_original(admin, alias):
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(width=60)
    sizes = {
        which: opened(admin.get(page("alias_picture", alias.pk, which))).size for which in ("draft", "1", "original")
    }
    assert admin.get(page("alias_picture", alias.pk, "1"))["Cache-Control"] == "private, max-age=300"
    assert sizes == {"draft": (60, 90), "1": (90, 90), "original": (300, 200)}
