"""Each URL of the docs is asked for, on what `make run` serves."""

import base64
import hashlib
import hmac
import json
import os
import re

import msgspec
import pytest

from rendering.catalogue.descriptor import OWN, Descriptor
from rendering.http.descriptions.alias_list import Listed
from rendering.imaging.filters import FILTERS
from rendering.pictures.derivatives import KEY as KEY_OF_DERIVATIVE
from tests.docs import markdown
from tests.docs.checkout import KEY

#: What stands for something in a URL, and what is put there.
VALUES = {
    "<alias>": "profile-image/ios",
    "<bucket>": "samples",
    "<key>": "people/astronaut.jpg",
    "ALIAS": "hero",
    "KEY": "one.jpg",
    "https://images.example.com": "",
    "http://127.0.0.1:8000": "",
    "https://HOST": "",
    "https://….cloudfront.net": "",
}
#: What the docs say of a kind of URL, and one of that kind: all of these answer with 200.
KINDS = {
    "/-/": "/-/info/profile-image/ios/people/astronaut.jpg",
    "/-/…": "/-/info/profile-image/ios/people/astronaut.jpg",
    "/-/info": "/-/info/profile-image/ios/people/astronaut.jpg",
    "/-/info/": "/-/info/profile-image/ios/people/astronaut.jpg",
    "/-/info/…": "/-/info/profile-image/ios/people/astronaut.jpg",
    "/-/infos/": "/-/infos/WyJoZXJvL29uZS5qcGciXQ",
    "/-/d": "/-/d/<derivative>",
    "/-/d/": "/-/d/<derivative>",
    "/-/d/*": "/-/d/<derivative>",
    "/-/d/…": "/-/d/<derivative>",
    "/-/d/<key>": "/-/d/<derivative>",
    "/SIGNATURE/…": "/<signature>/300x200/smart/samples/people/astronaut.jpg",
    "/admin": "/admin/login/",
    "/admin…": "/admin/login/",
    "/admin/*": "/admin/login/",
    "/admin/login/…": "/admin/login/?next=/admin/",
    "/meta/": "/unsafe/meta/300x200/samples/people/astronaut.jpg",
    "/static": "/static/admin/css/base.css",
    "/static/": "/static/admin/css/base.css",
    "/static/*": "/static/admin/css/base.css",
    "/unsafe/": "/unsafe/300x200/samples/people/astronaut.jpg",
    "/unsafe/…": "/unsafe/300x200/samples/people/astronaut.jpg",
    "/unsafe/300x200/…": "/unsafe/300x200/samples/people/astronaut.jpg",
}
#: Those that answer with another status than 200, as the text beside them says; or that lead to the log-in.
STATUSES = {
    "/-/aliases.json": 404,
    "/-/metrics": 404,
    "/favicon.ico": 404,
    "https://HOST/-/d/nothing": 404,
    "https://HOST/admin/": 302,
    "https://images.example.com/admin/": 302,
    "/admin/": 302,
    "/admin/account/2fa/": 302,
    "https://HOST/admin/account/oidc/sso/login/callback/": 302,
    "https://HOST/admin/account/saml/sso/acs/": 302,
    "https://HOST/admin/account/saml/sso/metadata/": 302,
    "https://….cloudfront.net/admin/": 302,
}
#: How paths begin that are no URLs of ours.
OTHERS = {
    "/aws/lambda/imageservice-production": "a group of AWS's logs",
    **dict.fromkeys(("/data/", "/dev/null", "/etc/", "/opt/", "/tmp", "/usr/", "/var/"), "of a machine or a container"),
}
#: The originals, in the bucket that is asked, of URLs that speak of pictures which the samples do not have.
ORIGINALS = ("one.jpg", "a%20b.jpg", "large.png", "page@work/one.jpg")
WRITTEN = re.compile(r"(?:https?://(?:images\.example\.com|127\.0\.0\.1:8000|HOST|…\.cloudfront\.net))?/[^\s\"']*")


def written() -> dict[str, markdown.Block]:
    """Every URL of the docs, with a place where it stands: in code, or a word of a block."""
    found = {}
    for block in markdown.everything():
        texts = block.text.split() if block.language in ("text", "sh") else block.code
        for text in texts:
            for word in text.split() if block.language else [text, *text.split()]:
                if WRITTEN.fullmatch(word.strip("\"'")):
                    found[word.strip("\"'").rstrip(",.")] = block
    return found


URLS = written()


@pytest.fixture(scope="module", autouse=True)
def derivative(checkout, keyed) -> str:
    """The key of a derivative, once there are the originals that URLs are about and those that are refused."""
    samples = checkout.folder / "samples"
    photograph, logo = ((samples / name).read_bytes() for name in ("food/coffee.jpg", "brand/logo.png"))
    (samples / "page@work").mkdir(exist_ok=True)
    for name in ORIGINALS:
        (samples / name).write_bytes(photograph)
        os.utime(samples / name, (0, 0))  # of a file that is just being written no picture is kept
    (samples / "drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (samples / "page.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    (samples / "broken.jpg").write_bytes(photograph[: len(photograph) // 2])
    (samples / "huge.png").write_bytes(logo[:16] + b"\0\1\0\0" * 2 + logo[24:])
    keyed.get("/hero/one.jpg")
    kept = checkout.folder / "var/derivatives"
    return next(key for path in kept.rglob("*") if KEY_OF_DERIVATIVE.fullmatch(key := str(path.relative_to(kept))))


def filled(url: str, derivative: str) -> str:
    """A URL of the docs with values for what stands for something."""
    url = KINDS.get(url, url).replace("<derivative>", derivative)
    for name, value in VALUES.items():
        url = url.replace(name, value)
    if url.startswith("/<signature>/"):
        path = url.removeprefix("/<signature>/")
        signature = base64.urlsafe_b64encode(hmac.new(KEY.encode(), path.encode(), hashlib.sha1).digest()).decode()
        url = f"/{signature}/{path}"
    return url


@pytest.mark.parametrize("url", sorted(url for url in URLS if not url.startswith((*OTHERS,))))
def test_every_url_of_the_docs_is_answered_as_they_say(url, derivative, keyed):
    path = filled(url, derivative)
    assert "<" not in path, f"{URLS[url]}: say in VALUES or KINDS what {url} stands for"
    answer = keyed.get(path)
    assert answer.status == STATUSES.get(url, 200), (str(URLS[url]), path, answer.body[:300])


def test_urls_are_found_where_they_stand():
    assert {
        "https://images.example.com/profile-image/ios/people/astronaut.jpg",
        "/profile-image/ios@2x/people/astronaut.jpg",
        "/<signature>/300x200/smart/filters:quality(70)/samples/people/astronaut.jpg",
        "/healthz",
        "/fit-in/300x200/filters:grayscale()/s3:samples/people/astronaut.jpg",
    } <= set(URLS)


def test_nothing_is_explained_that_no_page_says():
    assert set(STATUSES) <= set(URLS)
    assert [path for path in OTHERS if not any(url.startswith(path) for url in URLS)] == []


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_the_example_of_every_filter_can_be_asked_for(name, site):
    (heading,) = (block for block in markdown.blocks("docs/filters.md") if block.text == f"### {name}")
    example = next(
        block.code[0]
        for block in markdown.blocks("docs/filters.md")
        if block.line > heading.line and block.text.startswith("For example")
    )
    answer = site.get(f"/unsafe/240x160/filters:{example}/samples/food/coffee.jpg")
    assert answer.status == 200, answer.body
    assert answer.headers["X-Skipped-Filters"] is None
    assert answer.headers["Content-Type"].startswith("image/")


PARTS = [part for row in markdown.table("docs/urls.md", "Thumbor URLs") for part in re.findall(r"`([^`]+)`", row[0])]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_a_thumbor_url_is_read_as_one(part, site):
    """What is none begins the image path, and ends in a 404."""
    part = {"bucket/key": "samples/people/astronaut.jpg", "adaptive-": "adaptive-fit-in"}.get(part, part)
    part = part.replace("a(1):b()", "blur(1):grayscale()")
    parts = [part] if part.startswith("samples/") else [part, "samples/people/astronaut.jpg"]
    answer = site.get("/".join(["/unsafe", *parts]))
    assert answer.status == 200, answer.body


def test_every_picture_of_an_example_page_has_the_size_that_it_says(keyed):
    for block in markdown.fenced("html"):
        urls = re.findall(r"https?://(?:images\.example\.com|127\.0\.0\.1:8000)(/[^\s\"]+)", block.text)
        width, height = (int(re.findall(rf' {side}="(\d+)"', block.text)[0]) for side in ("width", "height"))
        assert len(urls) >= 3
        for url in urls:
            found = Descriptor.read(url.partition("@")[2].partition("/")[0]) or OWN
            ratio = found.width / width if found.width else found.ratio
            said = json.loads(keyed.get(f"/-/info{url}").body)
            assert (said["width"], said["height"]) == (width * ratio, round(height * ratio))


def test_what_info_says_has_the_form_that_the_docs_show(site):
    shown, _ = (json.loads(one.text) for one in markdown.fenced("json") if one.page == "docs/urls.md")
    said = json.loads(site.get("/-/info/people/wide/people/astronaut.jpg", accept="image/webp").body)
    assert form(said) == form(shown)
    for name in ("width", "height", "type", "frames", "original"):
        assert said[name] == shown[name], name
    assert said["focus"]["detector"] == shown["focus"]["detector"]


def test_the_list_of_aliases_has_the_form_that_the_docs_show():
    _, shown = (json.loads(one.text) for one in markdown.fenced("json") if one.page == "docs/urls.md")
    assert list(shown) == ["serial", "aliases"]
    for alias in shown["aliases"].values():
        assert msgspec.to_builtins(msgspec.convert(alias, Listed)) == {
            **alias,
            "ratios": tuple(alias["ratios"]),
            "widths": tuple(alias["widths"]),
            "offers": tuple(alias["offers"]),
        }


def form(value: object) -> object:
    """A document with its keys, and what its values are."""
    if isinstance(value, dict):
        return {name: form(one) for name, one in value.items()}
    return [form(one) for one in value] if isinstance(value, list) else type(value)


#: A request for each status that a page of running.md lists, and which the client can bring about.
REFUSED = {
    "400": ["/hero/../x.jpg", "/hero/%00.jpg", "/hero/%FF.jpg", "/unsafe/filters:frame(x)/samples/food/coffee.jpg"],
    "403": ["/AAAAAAAAAAAAAAAAAAAAAAAAAAA=/300x200/samples/food/coffee.jpg"],
    "404": ["/nobody/x.jpg", "/hero/nothing.jpg", "/profile-image/ios@9x/people/astronaut.jpg"],
    "405": ["POST /hero/space/hubble.jpg"],
    "410": ["/unsafe/filters:expire(1)/samples/food/coffee.jpg"],
    "415": ["/hero/drawing.svg", "/hero/page.pdf"],
    "422": ["/hero/broken.jpg", "/hero/huge.png"],
}
OURS = {"500", "502", "503", "504"}
#: Of archived originals, of which a checkout has none: tests/rendering/http/test_causes.py.
OF_S3 = {"409"}


def test_every_status_of_the_docs_is_brought_about_but_those_of_our_own_faults():
    rows = markdown.table("docs/running.md", "What an error means")
    assert {row[0] for row in rows} == {*REFUSED, *OURS, *OF_S3}


@pytest.mark.parametrize(
    ("status", "request_"), [(status, one) for status, requests in REFUSED.items() for one in requests]
)
def test_an_error_has_the_status_of_the_docs(status, request_, keyed):
    method, _, path = request_.rpartition(" ")
    answer = keyed.get(path, method or "GET")
    assert answer.status == int(status), answer.body
    document = json.loads(answer.body)
    assert document.keys() == {"error", "message", "request_id"}
    assert document["message"]
