"""AWS's own examples, read as its code reads them. Where this service means to differ, it is listed."""

import json
from pathlib import Path
from typing import Any

import pytest

from rendering.catalogue.catalogue import Bucket, UnknownBucket
from rendering.dialects.image_handler import thumbor_style, url
from rendering.dialects.image_handler.values import colour
from rendering.imaging.errors import BadRecipe
from rendering.imaging.parameters import Rgb
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place

#: Requests that AWS publishes, and what its code makes of them.
EXAMPLES = Path(__file__).parents[5] / "shared" / "aws" / "dit_requests.json"

#: What is read otherwise here, and why.
OTHERWISE = {
    "dit-120": "an object without a key is refused as a whole; AWS's test looks at its edits alone",
    "dit-205": "adaptive-fit-in is no word of AWS's, but holds one",
    "dit-206": "full-fit-in likewise",
    "dit-211": "a folder called fit-in-folder likewise",
    "dit-216": "a quality counts, whatever the key ends with",
    "dit-217": "likewise",
    "dit-222": "a format counts in capitals, too",
    "dit-249": "AWS multiplies the size itself; here proportion does, behind it",
    "dit-253": "strip_exif takes no turn away",
    "dit-254": "likewise",
    "dit-269": "AWS loses a part of a key with a ) in it",
}
#: What AWS answers with an error, and this service reads.
READ_HERE = {
    "dit-123": "AWS was told of no kind of URL",
    "dit-189": "fill(auto) is a filter of ours",
    "dit-190": "fill(transparent) likewise",
    "dit-242": "focal makes AWS fail; it is passed over",
    "dit-261": "an escaped # is decoded",
    "dit-283": "a stray % is one",
    "dit-284": "BMP is read",
    "dit-285": "HEIC is read",
}
DEFAULT, OTHER = (Bucket(f"our-{name}", Place("s3", f"{name}-bucket")) for name in ("default", "other"))


def examples(*kinds: str, errors: bool = False) -> list[Any]:
    if not EXAMPLES.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason="AWS's published examples are not at hand"))]
    return [
        pytest.param(case, id=case["id"])
        for case in json.loads(EXAMPLES.read_text())["cases"]
        # Those of a pattern that rewrites paths are left out: that is done here by whoever is in front.
        if case["kind"] in kinds and "env" not in case and ("error" in case["expect"]) == errors
    ]


def plain(value: Any) -> Any:
    """Edits as both write them: colours in digits, one quality, nothing that JavaScript leaves undefined."""
    if not isinstance(value, dict):
        return value
    found = {name: plain(each) for name, each in value.items() if each not in ("__undefined__", "__NaN__", None)}
    for name in ("jpeg", "png", "webp", "avif"):
        if set(found.get(name, ())) == {"quality"}:
            found["quality"] = found.pop(name)["quality"]
    if "background" in found:
        found["background"] = Rgb().read(colour(value["background"], ""))
    return found


@pytest.mark.parametrize("case", examples("full", "path_to_ops"))
def test_a_published_url_asks_for_what_aws_says_it_does(case):
    path, expected = case["path"].removeprefix("/"), case["expect"]
    if case["id"] in OTHERWISE:
        pytest.skip(OTHERWISE[case["id"]])
    found = url.read_base64(path) or thumbor_style.read(path, url.names([DEFAULT, OTHER]))
    edits = expected["edits"] if expected["edits"] != "__undefined__" else {}
    assert plain(found.get("edits", {})) == plain(edits)
    if case["kind"] == "full":
        assert found["key"] == expected["key"]
        assert (found.get("bucket") or "default-bucket") == expected["bucket"]


@pytest.mark.parametrize("case", examples("full"))
def test_a_published_url_becomes_a_recipe_of_one_of_our_buckets(case):
    path = case["path"].removeprefix("/")
    if not case["expect"]["key"] or "contentModeration" in case["expect"]["edits"]:
        pytest.skip("refused: the picture, or what hides it, is not there")
    if case["expect"]["edits"] != "__undefined__" and "overlayWith" in case["expect"]["edits"]:
        path = path.replace("(b,k", "(other-bucket,k")  # of whose buckets none is ours
    found = url.read(path, "", [DEFAULT, OTHER], Limits(), Recipe())
    assert found is not None
    assert found.bucket is (OTHER if case["expect"]["bucket"] == "other-bucket" else DEFAULT)


@pytest.mark.parametrize("case", examples("path_to_key"))
def test_a_published_url_has_the_key_that_aws_finds_in_it(case):
    path = case["path"].removeprefix("/")
    found = url.read_base64(path) or thumbor_style.read(path, {case["bucket"]} - {None})
    assert found["key"] == case["expect"]["key"]


@pytest.mark.parametrize("case", examples("path_to_bucket"))
def test_a_published_url_names_the_bucket_that_aws_finds_in_it(case):
    buckets = [Bucket(f"our-{name.lower()}", Place("s3", name)) for name in case["allowed_buckets"]]
    found = url.read(case["path"].removeprefix("/"), "", buckets, Limits(), Recipe())
    assert found is not None
    assert found.bucket.place == Place("s3", case["expect"]["bucket"])


@pytest.mark.parametrize("case", examples("base64_decode"))
def test_a_published_object_is_decoded(case):
    assert url.read_base64(case["path"]) == case["expect"]["request"]


def test_a_bucket_that_is_not_allowed_is_refused_as_with_aws():
    with pytest.raises(UnknownBucket):
        url.read("eyJidWNrZXQiOiJldmlsLWJ1Y2tldCIsImtleSI6InBob3RvLmpwZyJ9", "", [DEFAULT, OTHER], Limits(), Recipe())


@pytest.mark.parametrize("case", examples("full", errors=True))
def test_what_aws_refuses_is_refused_or_listed(case):
    if case["id"] in READ_HERE:
        pytest.skip(READ_HERE[case["id"]])
    with pytest.raises((UnknownBucket, BadRecipe)):
        url.read(case["path"].removeprefix("/"), "", [DEFAULT, OTHER], Limits(), Recipe())
