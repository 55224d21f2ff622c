"""The builder: what the fields make, for whom it is signed, and the draft that comes of it."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from aliases.models import Alias
from aliases.publishing.publishing import write_catalogue
from rendering.catalogue.catalogue import READER
from tests.aliases.forms import page, text_of
from tests.values import ODD_TEXTS

pytestmark = pytest.mark.django_db

KEY = "a-key-of-sixteen-or-more"
URL = "/unsafe/60x40/smart/filters:grayscale()/photos/cat.jpg"


@pytest.fixture
def fields(bucket, settings):
    settings.SECURITY_KEY = KEY
    size = {"width": 60, "height": 40, "fit": "cover", "crop": "top"}
    return {"bucket": bucket.pk, "sample": "cat.jpg", **size, "format": "png"}


def ask(client, fields):
    return client.get(reverse("admin:build_picture"), fields, headers={"accept": "application/json"})


def test_the_fields_make_a_picture_and_its_urls(fields, admin, settings, bucket):
    made = ask(admin, fields).json()
    assert made["picture"].startswith("data:image/png;base64,")
    assert made["facts"].startswith("60 × 40 pixels, PNG")
    assert made["signed"].endswith("=/60x40/top/filters:format(png)/photos/cat.jpg")
    assert made["unsigned"] == ""
    settings.ALLOW_UNSAFE_URL = True
    bucket.unsafe_allowed = True
    bucket.save()
    assert ask(admin, fields).json()["unsigned"] == "/unsafe/60x40/top/filters:format(png)/photos/cat.jpg"


def test_who_may_not_publish_sees_no_signature(fields, made, client):
    client.force_login(made("viewer", "view_alias", "view_bucket"))
    response = ask(client, fields)
    assert (response.status_code, response.json()["signed"], response.json()["save"]) == (200, "", "")
    said = text_of(client.get(reverse("admin:build"), fields))
    assert "Only those who may publish aliases see the signed URL here." in said
    assert "Save as an alias" not in said


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"width": "x"}, "width"),
        ({"filters": "blurx(2)"}, "filters"),
        ({"crop": "focal"}, "focal_box"),
        ({"crop": "rekognition"}, "crop"),
        ({"sample": ""}, "sample"),
        ({"bucket": 99}, "bucket"),
        ({"format": "auto"}, "format"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(change, name, fields, admin):
    response = ask(admin, {**fields, **change})
    assert response.status_code == 422
    assert name in response.json()["errors"]


def test_an_original_that_is_not_there_is_said(fields, admin):
    response = ask(admin, {**fields, "sample": "nothing.jpg"})
    assert response.status_code == 422
    assert "There is no such original" in response.json()["trouble"]


def test_a_url_fills_in_the_page_and_an_alias_is_made_of_it(fields, admin, bucket):
    opened = admin.get(f"{reverse('admin:build')}?{urlencode({'url': URL})}")
    form = opened.context["form"]
    assert (form["sample"].value(), form["width"].value(), form["crop"].value()) == ("cat.jpg", 60, "smart")
    assert opened.context["result"]["picture"].startswith("data:image/jpeg")
    assert opened.context["lost"] == ""
    saving = opened.context["result"]["save"]
    draft = admin.get(saving).context["adminform"].form
    values = {name: draft[name].value() for name in draft.fields}
    assert values["bucket"] in (bucket, bucket.pk)
    assert (values["sample"], values["filters"]) == ("cat.jpg", "grayscale()")
    filled = {name: value for name, value in values.items() if value is not None}
    posted = {**filled, "name": "made", "bucket": bucket.pk}
    assert admin.post(page("alias_add"), posted).status_code == 302
    assert Alias.objects.get(name="made").width == 60


def test_what_controls_have_no_field_for_stays_a_filter(fields, admin):
    url = "/unsafe/60x40/filters:quality(50):format(webp)/photos/cat.jpg"
    opened = admin.get(reverse("admin:build"), {"url": url})
    assert opened.context["form"]["filters"].value() == "quality(50):format(webp)"
    assert opened.context["lost"] == ""
    draft = admin.get(page("alias_add"), {"url": url}).context["adminform"].form
    assert (draft["format"].value(), draft["webp_quality"].value(), draft["filters"].value()) == ("webp", 50, "")


def test_what_cannot_be_said_is_told(fields, admin):
    url = "/unsafe/10x10:90x90/60x40/photos/cat.jpg"
    assert "may differ" in admin.get(reverse("admin:build"), {"url": url}).context["lost"]
    assert "compare the pictures" in text_of(admin.get(page("alias_add"), {"url": url}))
    assert "no URL" in text_of(admin.get(page("alias_add"), {"url": "words"}))


def test_the_inspector_leads_to_it_for_who_may(fields, admin, made, client, settings, bucket):
    settings.ALLOW_UNSAFE_URL = True
    bucket.unsafe_allowed = True
    bucket.save()
    write_catalogue()
    READER.forget()
    said = text_of(admin.get(reverse("admin:inspect"), {"url": URL}))
    assert "Save as an alias…" in said
    assert "Open in the builder" in said
    client.force_login(made("viewer", "view_alias"))
    said = text_of(client.get(reverse("admin:inspect"), {"url": URL}))
    assert "Save as an alias…" not in said
    assert "Open in the builder" not in said


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_whatever_is_typed_is_no_fault(text, fields, admin):
    text = text.encode(errors="replace").decode()
    for name in fields:
        assert ask(admin, {**fields, name: text}).status_code in (200, 422)
    assert admin.get(reverse("admin:build"), {"url": text}).status_code == 200


def test_where_urls_are_imagors_the_page_says_that_it_builds_none(fields, admin, settings):
    settings.DIALECT = "imagor"
    response = ask(admin, fields)
    assert response.status_code < 500
    assert "The URLs here are imagor" in response.content.decode()
    assert "The URLs here are imagor" in text_of(admin.get(reverse("admin:build"), fields))
