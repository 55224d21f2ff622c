"""Every kind of URL: the status, what it is, and its parts, which together are the URL."""

import base64
import json

import pytest

from aliases.inspecting.address import of_alias
from aliases.inspecting.inspection import Inspection, inspect
from aliases.inspecting.story import State
from aliases.inspecting.suggestions import Asker
from aliases.models import Alias
from aliases.publishing.bucket_changes import change
from aliases.publishing.bucket_state import state_of
from aliases.publishing.publishing import publish, set_enabled
from rendering.catalogue.catalogue import READER
from rendering.catalogue.descriptor import Descriptor
from tests.aliases.inspecting.urls import signed, thumbor
from tests.values import KEYS, NO_KEYS, ODD_TEXTS

pytestmark = pytest.mark.django_db


def look(text: str, **asker: bool) -> Inspection:
    found = inspect(text, Asker(**asker))
    if found.address:
        assert "".join(part.text for part in found.parts) == f"{found.address.host}{found.address.path}"
    return found


def parts(found: Inspection) -> list[tuple[str, str]]:
    return [(part.name, part.text) for part in found.parts]


def wrong(found: Inspection) -> list[str]:
    return [part.name for part in found.parts if part.wrong]


def test_the_part_with_filters_that_are_left_out_names_them(live, settings):
    found = look(f"/unsafe/{thumbor('90x60/filters:blurx(2):grayscale():tintx()/', 'cat.jpg')}")
    (part,) = [one for one in found.parts if one.incomplete]
    assert (found.status, part.name, part.wrong) == (200, "filters", False)
    assert part.meaning == "the filters, without blurx and tintx"


def test_an_alias(live):
    found = look("https://pictures.example.com/profile-image/ios/cat.jpg")
    assert (found.status, found.kind, found.works) == (200, "alias", True)
    assert found.verdict == "Works. The alias profile-image/ios, revision 1, of cat.jpg."
    assert found.kept == "rendered just now, kept from now on"
    assert parts(found) == [
        ("host", "https://pictures.example.com"),
        ("alias", "/profile-image/ios"),
        ("key", "/cat.jpg"),
    ]
    assert [step.state for step in found.steps] == [State.DONE] * 5
    assert "“to try it”" in found.steps[0].sentences[0]
    assert "300 × 200 pixels" in found.steps[1].sentences[0]
    assert found.steps[2].title.startswith("Cut to 90 × 90")
    assert found.steps[2].title.endswith("around the centre; PNG")
    assert "Columns 50 to 250 of 300 stay" in found.steps[2].sentences[0]
    assert found.steps[2].code == "90x90/filters:format(png)/photos/cat.jpg"
    assert found.steps[3].stages.keys() >= {"render", "keep the picture"}
    assert found.steps[4].code.startswith("photos/")
    (answer,) = found.answers
    assert answer.client == "Every browser"
    assert answer.headers["Content-Type"] == "image/png"
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert found.equivalent
    assert found.equivalent.same
    again = look("/profile-image/ios/cat.jpg")
    assert again.kept.startswith("kept, ready in")
    assert again.answers[0].body == answer.body


def test_the_signed_thumbor_url_of_an_alias_gives_the_very_same_picture(live):
    found = look("/profile-image/ios@2x/cat.jpg")
    assert parts(found) == [("alias", "/profile-image/ios"), ("descriptor", "@2x"), ("key", "/cat.jpg")]
    assert found.equivalent
    same = look(found.equivalent.path)
    assert (same.status, same.kind) == (200, "signed Thumbor URL")
    assert same.answers[0].body == found.answers[0].body
    assert same.kept.startswith("kept")


def test_a_width_is_a_part_and_no_thumbor_url_says_all_of_it(live):
    found = look("/profile-image/ios@60w/cat.jpg")
    assert [(part.name, part.text, part.meaning) for part in found.parts][1] == (
        "descriptor", "@60w", "60 pixels wide, or as wide as the original"
    )  # fmt: skip
    assert found.status == 200
    assert found.steps[2].code == "60x60/filters:format(png)/photos/cat.jpg"
    assert found.equivalent
    assert not found.equivalent.same


def test_another_spelling_of_a_ratio_leads_to_the_one(live):
    found = look("/profile-image/ios@2.0x/cat.jpg")
    assert (found.status, found.verdict) == (301, "Leads to /profile-image/ios@2x/cat.jpg, its one spelling.")


def test_a_thumbor_url_in_parts_and_the_alias_that_would_do_the_same(live):
    found = look("/unsafe/90x90/filters:format(png)/photos/cat.jpg")
    assert (found.status, found.kind) == (200, "unsigned Thumbor URL")
    assert found.kept == "rendered each time, not kept"
    assert parts(found) == [
        ("unsafe", "/unsafe"),
        ("size", "/90x90"),
        ("filters", "/filters:format(png)"),
        ("bucket", "/photos"),
        ("key", "/cat.jpg"),
    ]
    assert found.parts[1].meaning == "90 wide, 90 high"
    assert found.steps[-1].title == "It is not kept"
    assert found.alias_like == (live, "/profile-image/ios/cat.jpg")


@pytest.mark.parametrize("key", KEYS)
def test_odd_keys(key, live, service):
    service.put(key)
    rest = thumbor("trim/60x40/", key)
    urls = [look(f"/unsafe/{rest}"), look(signed(rest))]
    urls += [look(of_alias(live.name, key).path), look(f"/-/info{of_alias(live.name, key, Descriptor(ratio=2)).path}")]
    for found in urls:
        assert found.status == 200, found.verdict
        assert found.target
        assert found.target.key == key
        assert "key" in {part.name for part in found.parts}
    assert urls[3].more == "It describes the picture, as JSON."


def test_a_format_by_the_browser_has_an_answer_for_each_kind(live, committed):
    live.format = "auto"
    live.save()
    with committed():
        publish(live, None)
    READER.forget()
    found = look("/profile-image/ios/cat.jpg")
    assert [answer.type for answer in found.answers] == ["image/avif", "image/webp", "image/jpeg"]
    assert found.equivalent
    assert not found.equivalent.same
    one = inspect("/profile-image/ios/cat.jpg", Asker(), accept="image/webp")
    assert [answer.type for answer in one.answers] == ["image/webp"]


def test_a_kept_picture_by_its_key(live):
    key = look("/profile-image/ios/cat.jpg").answers[0].facts["derivative"]
    found = look(f"/-/d/{key}")
    assert (found.status, found.kind) == (200, "derivative")
    assert [name for name, _ in parts(found)] == ["by key", "bucket", "original", "derivative"]
    assert look("/-/d/nothing").status == 404


def test_descriptions_of_several_pictures(live):
    asked = base64.urlsafe_b64encode(json.dumps(["profile-image/ios/cat.jpg", "nobody/x"]).encode()).decode()
    found = look(f"/-/infos/{asked}")
    assert (found.status, found.kind) == (200, "descriptions")
    assert found.verdict == "Works. It describes 2 pictures, as JSON."
    assert [(step.state, step.title) for step in found.steps] == [
        (State.DONE, "profile-image/ios/cat.jpg"),
        (State.FAILED, "nobody/x"),
    ]
    assert look("/-/infos/x").status == 400


def test_a_description_that_is_refused_is_not_said_to_describe_anything(live):
    found = look("/-/info/unsafe/99999999999x9/photos/cat.jpg")
    assert found.status == 400
    assert "describes" not in found.more
    assert found.more.startswith("Everyone gets this answer; ")


def test_a_url_whose_bucket_is_understood(live, settings):
    settings.THUMBOR_BUCKET = "photos"
    for url, head in (("/unsafe/30x20//cat.jpg", "unsafe"), (signed("30x20/cat.jpg"), "signature")):
        found = look(url)
        assert (found.status, [name for name, _ in parts(found)]) == (200, [head, "size", "key"])
        assert found.parts[-1].meaning == "the original’s key in photos, the bucket of URLs that name none"
        assert found.steps[0].sentences[-1].endswith("the bucket that THUMBOR_BUCKET names: “photos”.")
    assert "THUMBOR_BUCKET" not in str(look("/unsafe/30x20/photos/cat.jpg").steps)
    found = look("/unsafe/30x20/nothing.jpg")
    assert (found.status, wrong(found)) == (404, ["key"])


def test_a_url_with_an_address(live, committed):
    with committed():
        change(live.bucket, {**state_of(live.bucket), "known_as": "cdn.acme.com/media/"}, None)
    READER.forget()
    found = look("/unsafe/30x20/https://cdn.acme.com/media/cat.jpg")
    assert (found.status, parts(found)[2:]) == (200, [("address", "/https://cdn.acme.com/media"), ("key", "/cat.jpg")])
    assert found.steps[0].sentences[-1] == "Its image path is an address that stands for the bucket “photos”."
    escaped = look("/unsafe/30x20/https%3A%2F%2Fcdn.acme.com%2Fmedia%2Fnothing.jpg")
    assert (escaped.status, wrong(escaped)) == (404, ["address"])
    assert wrong(look("/unsafe/30x20/https://elsewhere.example/cat.jpg")) == ["bucket"]


def test_a_drawing_that_is_passed_on_works_and_one_that_is_refused_says_what_it_is(live, service, committed):
    service.put("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    refused = look("/profile-image/ios/logo.svg")
    assert (refused.status, refused.works) == (415, False)
    assert "an SVG drawing" in refused.verdict
    with committed():
        change(live.bucket, {**state_of(live.bucket), "svg_allowed": True}, None)
    READER.forget()
    found = look("/profile-image/ios/logo.svg")
    assert (found.status, found.kept, wrong(found)) == (200, "passed on as it is, not kept", [])
    assert found.steps[-1].sentences[0].startswith("It is an SVG drawing")


def test_a_file_that_is_served_unchanged(live, committed):
    Alias.objects.filter(pk=live.pk).update(format="unchanged", width=None, height=None, dprs="", widths="")
    live.refresh_from_db()
    with committed():
        publish(live, None, "as it is")
    READER.forget()
    found = look("/profile-image/ios/cat.jpg")
    assert (found.status, found.answers[0].type) == (200, "image/jpeg")
    assert "the original's file, unchanged" in found.steps[2].title


def test_the_image_handler(live, settings):
    settings.IMAGE_HANDLER_BUCKETS = ("photos",)
    asked = base64.b64encode(json.dumps({"key": "cat.jpg", "edits": {"resize": {"width": 60}}}).encode()).decode()
    found = look(f"/{asked}")
    assert (found.status, found.kind) == (200, "URL of AWS’s image handler")
    assert [name for name, _ in parts(found)] == ["request"]
    found = look("/fit-in/60x40/filters:grayscale()/cat.jpg?format=webp")
    assert found.status == 200
    assert [name for name, _ in parts(found)] == ["fit", "size", "filters", "key", "query"]
    assert found.answers[0].type == "image/webp"


@pytest.mark.parametrize(
    ("url", "status", "named"),
    [
        ("/nobody/cat.jpg", 404, [""]),
        ("/profile-image/ios/nothing.jpg", 404, ["key"]),
        ("/profile-image/ios@9x/cat.jpg", 404, ["descriptor"]),
        ("/profile-image/ios@61w/cat.jpg", 404, ["descriptor"]),
        ("/profile-image/ios", 404, ["alias"]),
        ("/profile-image/ios/../cat.jpg", 400, ["key"]),
        ("/profile-image/ios/%FF.jpg", 400, ["key"]),
        ("/AAAAAAAAAAAAAAAAAAAAAAAAAAA=/300x200/photos/cat.jpg", 403, ["signature"]),
        ("/unsafe/300x200/nowhere/cat.jpg", 404, ["bucket"]),
        ("/unsafe/300x200/photos/nothing.jpg", 404, ["key"]),
        ("/unsafe/9999999999x1/photos/cat.jpg", 400, ["size"]),
        ("/unsafe/9x9/filters:expire(1)/photos/cat.jpg", 410, ["filters"]),
        ("/unsafe/9x9/filters:frame(x)/photos/cat.jpg", 400, ["filters"]),
        ("/unsafe/300x200", 404, ["bucket"]),
        ("/unsafe", 404, []),
    ],
)
def test_the_part_that_fails_is_marked(url, status, named, live):
    found = look(url)
    assert (found.status, wrong(found)) == (status, named)
    assert found.verdict.startswith("Fails. ")
    assert State.FAILED in {step.state for step in found.steps}
    assert found.equivalent is None


def test_unsigned_urls_where_they_are_not_allowed(live, settings):
    settings.ALLOW_UNSAFE_URL = False
    found = look("/unsafe/300x200/photos/cat.jpg")
    assert (found.status, wrong(found)) == (403, ["unsafe"])


def test_a_broken_original_is_told_of_the_file(live, service):
    service.put("damaged.jpg", b"\xff\xd8\xff\xe0 nothing more")
    found = look("/profile-image/ios/damaged.jpg")
    assert found.status == 422
    assert [step.state for step in found.steps][:2] == [State.DONE, State.FAILED]


def test_a_fallback_is_told(live, service, committed):
    live.fallback = "cat.jpg"
    live.save()
    with committed():
        publish(live, None)
    READER.forget()
    found = look("/profile-image/ios/nothing.jpg")
    assert found.status == 404
    assert found.verdict == "There is no such original, so viewers get the fallback picture."
    assert found.steps[-1].code == "cat.jpg"


def test_a_revision_that_is_on_its_way_is_told(live):
    live.width = 80
    live.save()
    publish(live, None)  # not committed, so the catalogue is the old one
    found = look("/profile-image/ios/cat.jpg")
    assert any(sentence.startswith("Revision 2 is on its way") for sentence in found.steps[0].sentences)


@pytest.mark.parametrize(
    "url", ["/profile-image/ios/cat.jpg", "/unsafe/9x9/photos/cat.jpg", "/-/info/a/b", "/-/d/x", "words"]
)
def test_before_anything_is_published_there_is_an_answer_too(url, alias, settings):
    settings.ALLOW_UNSAFE_URL = True
    assert look(url).status in (0, 404, 503)


def test_a_silent_alias_is_named(live, committed):
    with committed():
        set_enabled(live, False, None)
    READER.forget()
    found = look("/profile-image/ios/cat.jpg")
    assert found.status == 404
    assert "disabled" in found.more


@pytest.mark.parametrize(
    "path", ["/admin/login/", "/healthz", "/static/x.css", "/favicon.ico", "/-/nothing", "/", "//h"]
)
def test_what_is_no_picture_is_told_to_be_something_else(path, live):
    found = look(path)
    assert found.kind == "service"
    assert found.verdict.endswith("no picture.")


@pytest.mark.parametrize(
    "text",
    [
        *NO_KEYS,
        *ODD_TEXTS,
        *(f"/unsafe/{one}/photos/cat.jpg" for one in NO_KEYS),
        *(f"/profile-image/ios/{one}" for one in ODD_TEXTS),
        "/" * 5000,
        "a/" * 9000,
        "%/%",
        "/%2e%2e/%2e%2e/etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "/unsafe/http://evil.example.com/x.jpg",
        "/unsafe/filters:" + "blur(2):" * 500 + "blur(2)/photos/cat.jpg",
        "/-/info/-/info/profile-image/ios/cat.jpg",
        "/-/d/../../x/y",
        "/profile-image%2Fios%2Fcat.jpg",
        "/unsafe/photos%2Fcat.jpg",
        "https://" + "x" * 5000,
    ],
)
def test_hostile_texts_get_an_answer_and_no_fault(text, live):
    assert look(text).status in (0, 200, 400, 403, 404, 422)
