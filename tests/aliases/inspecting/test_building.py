"""From fields to a URL and back: what is built is read as it was."""

import pytest

from aliases.inspecting.building import build, draft_of, picture
from aliases.inspecting.inspection import inspect
from aliases.inspecting.suggestions import Asker
from aliases.models import Alias
from rendering.imaging.errors import BadRecipe
from tests.aliases.inspecting.urls import signed, thumbor
from tests.values import KEYS, NO_KEYS, ODD_TEXTS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", KEYS)
def test_what_is_built_is_read_back_and_gives_the_picture_that_was_shown(key, live, service):
    service.put(key)
    draft = Alias(bucket=live.bucket, sample=key, width=60, height=40, crop="top-left", filters="blur(2):grayscale()")
    built = build(draft)
    shown = picture(built, live.bucket, key, "any")
    found = inspect(signed(built.path), Asker())
    assert found.status == 200
    assert found.answers[0].body == shown.content
    back = draft_of(built.unsigned)
    assert back
    assert back.whole
    expected = {"bucket": "photos", "sample": key, "width": 60, "height": 40, "crop": "top-left"}
    assert {name: back.fields[name] for name in expected} == expected
    assert back.fields["filters"] == "blur(2,0):grayscale()"


def test_the_draft_of_a_url_whose_bucket_is_understood_names_it(live, settings):
    settings.THUMBOR_BUCKET = "photos"
    back = draft_of("/unsafe/30x20/filters:watermark(logo.png,0,0,0)/cat.jpg")
    assert back
    assert (back.fields["bucket"], back.fields["sample"]) == ("photos", "cat.jpg")
    assert back.fields["filters"].startswith("watermark(photos/logo.png,")


@pytest.mark.parametrize(
    ("slots", "fields"),
    [
        ("fit-in/30x20/", {"fit": "contain"}),
        ("adaptive-full-fit-in/30x20/", {"fit": "adaptive-outside"}),
        ("30x20/smart/", {"crop": "smart"}),
        ("30x20/filters:focal(0.1x0.1:0.5x0.5)/", {"crop": "focal", "focal_box": "0.1x0.1:0.5x0.5", "filters": ""}),
        ("x20/filters:quality(50):format(webp)/", {"width": None, "format": "webp", "webp_quality": 50, "filters": ""}),
        ("x20/filters:rotate(90):blur(1)/", {"filters": "rotate(90):blur(1,0)"}),
    ],
)
def test_thumbors_words_become_fields(slots, fields, live):
    found = draft_of(f"/unsafe/{thumbor(slots, 'cat.jpg')}")
    assert found
    assert found.whole
    assert {name: found.fields[name] for name in fields} == fields
    assert not {"max_age", "shared_max_age"} & found.fields.keys()


def test_what_no_alias_can_say_is_told(live):
    found = draft_of("/unsafe/10x10:90x90/30x20/photos/cat.jpg")
    assert found
    assert not found.whole


def test_a_signature_need_not_be_right_and_an_alias_is_a_recipe_too(live):
    assert draft_of("/AAAAAAAAAAAAAAAAAAAAAAAAAAA=/30x20/photos/cat.jpg")
    found = draft_of("https://pictures.example.com/profile-image/ios@2x/cat.jpg")
    assert found
    assert (found.fields["width"], found.fields["format"]) == (180, "png")


@pytest.mark.parametrize(
    "text", [*NO_KEYS, *ODD_TEXTS, "/nobody/x", "/unsafe", "/unsafe/9999999999x1/a/b", "/-/d/x/y/z"]
)
def test_whatever_is_pasted_is_no_fault(text, live):
    draft_of(text)
    draft_of(f"/unsafe/30x20/photos/{text}")


def test_urls_of_imagor_are_inspected_and_become_drafts_but_are_not_built(live, settings, service):
    settings.DIALECT, settings.SECURITY_KEY = "imagor", "a-key-of-sixteen-or-more"
    service.put("a b/cat.jpg")
    path = "/unsafe/stretch/30x20/1x2:3x4/filters:fill(red):rotate(90)/photos/a%20b/cat.jpg"
    found = inspect(path, Asker())
    assert found.status == 200
    assert found.equivalent is None
    assert [(part.text, part.meaning) for part in found.parts][1:4] == [
        ("/stretch", "distorted to the size"),
        ("/30x20", "30 wide, 20 high"),
        ("/1x2:3x4", "space that fill() adds"),
    ]
    back = draft_of(path)
    assert back
    assert back.fields["fit"] == "stretch"
    assert back.fields["filters"] == "fill(ff0000,true):padding(1,2,3,4,ff0000):rotate(270)"
    with pytest.raises(BadRecipe, match="imagor's"):
        build(Alias(bucket=live.bucket, sample="a b/cat.jpg", width=60))
