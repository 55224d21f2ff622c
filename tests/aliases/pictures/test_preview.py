"""The admin's pictures: the form's preview, and the sample by draft, revision and original."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from aliases.models import Alias
from aliases.publishing.publishing import publish
from tests.aliases.forms import form_of, page
from tests.drawings import drawn, noise, opened
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


def original_of(admin: Client, alias: Alias, content: bytes, **headers: str) -> Any:
    path = folder_of(alias) / "cat.jpg"
    path.write_bytes(content)
    posted = {**form_of(alias, filters="wrong"), "which": "original"}
    return admin.post(page("alias_preview", alias.pk), posted, headers=headers or {"Accept": "image/avif,image/webp"})


def folder_of(alias: Alias) -> Path:
    place = alias.bucket.place_here()
    assert place
    return Path(place.location)


def animation(count: int = 3, **options: Any) -> bytes:
    frames = [Image.new("RGBA", (60, 40), (40 * number, 0, 0, 90)) for number in range(count)]
    file = BytesIO()
    frames[0].save(file, save_all=True, append_images=frames[1:], duration=100, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (drawn(2000, 1000), "image/jpeg"),
        (drawn(mode="RGBA", format="PNG"), "image/png"),
        (drawn(format="GIF"), "image/gif"),
        (animation(format="WEBP"), "image/webp"),
        (animation(format="PNG"), "image/png"),
        (drawn(format="AVIF"), "image/avif"),
    ],
)
def test_the_preview_shows_an_original_as_it_is_where_browsers_can(admin, alias, content, kind):
    response = original_of(admin, alias, content)
    assert response["Content-Type"] == kind
    assert response.content == content
    assert response["X-Bytes"] == str(len(content))


@pytest.mark.parametrize(
    ("format", "name"),
    [("WEBP", "WebP"), ("AVIF", "AVIF"), ("JPEG2000", "JPEG 2000"), ("ICO", "ICO"), ("TIFF", "TIFF"), ("PNG", "PNG")],
)
def test_a_format_is_spelled_as_it_is_everywhere(admin, alias, format, name):  # noqa: A002 - as Pillow's own
    assert f" pixels, {name}, " in original_of(admin, alias, drawn(64, 64, format=format))["X-Facts"]


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (drawn(2000, 1000, format="TIFF", mode="RGBA"), (800, 400)),
        (noise(1200, 600), (800, 400)),
        (drawn(format="JPEG2000"), (300, 200)),
    ],
)
def test_what_browsers_cannot_show_or_would_wait_for_is_reduced_and_told_of_as_a_whole(admin, alias, content, size):
    response = original_of(admin, alias, content)
    assert response["Content-Type"] == "image/webp"
    assert opened(response).size == size
    assert response["X-Bytes"] == str(len(content))


def test_a_reduced_original_keeps_its_transparency_and_its_movement(admin, alias):
    response = original_of(admin, alias, animation(format="TIFF"))
    assert opened(response).mode == "RGBA"
    # As it is, were it not for a browser that does not say that it knows WebP: then GIFs would be the best there is.
    moving = original_of(admin, alias, animation(format="WEBP"), Accept="image/png")
    assert getattr(opened(moving), "n_frames", 1) == 3


def test_a_picture_that_only_we_would_turn_is_shown_turned(admin, alias):
    exif = Image.Exif()
    exif[0x0112] = 6
    for kind, shown in {"JPEG": "image/jpeg", "PNG": "image/webp"}.items():
        response = original_of(admin, alias, drawn(format=kind, exif=exif))
        assert response["Content-Type"] == shown
        assert response["X-Facts"].startswith("200 x 300 pixels")


@pytest.mark.parametrize("fields", [{"name": "taken"}, {"name": "Not A Name"}, {"max_age": "x"}, {"fallback": "../x"}])
def test_what_is_wrong_with_a_field_that_decides_no_pixel_comes_with_the_picture(admin, alias, bucket, fields):
    Alias.objects.create(name="taken", bucket=bucket)
    for url in (page("alias_preview", alias.pk), page("alias_preview_new")):
        response = admin.post(url, form_of(alias, **{"name": "new", **fields}))
        assert opened(response).size == (90, 90)
        assert set(json.loads(response["X-Errors"])) == set(fields)


def test_what_is_wrong_with_a_recipe_leaves_no_picture(admin, alias):
    response = admin.post(page("alias_preview", alias.pk), form_of(alias, width="x", name="Not A Name"))
    assert response.status_code == 422
    assert set(response.json()["errors"]) == {"width", "name"}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"sample": ""}, "No sample is named"),
        ({"sample": "gone.jpg"}, "There is no such original"),
        ({"sample": "text.txt"}, "text"),
        ({"sample": "cut.jpg"}, "damaged or cut off"),
        ({"filters": "watermark(photos/gone.png,0,0,0)"}, "The overlay photos/gone.png cannot be read"),
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
    assert admin.get(page("alias_picture", alias.pk, "1"))["Cache-Control"] == "no-store"
    assert sizes == {"draft": (60, 90), "1": (90, 90), "original": (300, 200)}
