"""The contract between the planes: reading it, keeping it, finding an alias in it."""

import json
import math
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from rendering.catalogue import catalogue
from rendering.catalogue.alias import read_alias
from rendering.catalogue.catalogue import READER, Alias, Bucket, Caching, Catalogue, UnknownAlias, UnknownBucket
from rendering.dialects.raw_path import decode, path_of
from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.frame.geometry import Box, Fit, Geometry
from rendering.imaging.parameters import excerpt
from rendering.imaging.recipe import Recipe
from rendering.storage.factory import configured
from rendering.storage.place import Place
from tests.service import Service
from tests.values import KEYS, ONLY_S3_KEYS

ALIAS = Alias(
    "a/b",
    3,
    "photos",
    Recipe(
        Geometry(width=10, height=20, fit=Fit.CONTAIN, focal=(Box.read("0.1x0.2:0.9x1"),)),
        Encoding(format="auto", webp_quality=70, background="010203"),
        FILTERS.read("brightness(10):grayscale()"),
    ),
    "people/",
    Caching(1, 2, 3),
    (1.5, 2.0),
    "nobody.png",
)
BUCKET = Bucket(
    "photos", Place("s3", "physical", "p/", "eu-west-1", "", "arn:aws:iam::1:role/r", "42"), True, True, ("brand",)
)


def test_what_is_written_is_read_back_the_same():
    written = json.loads(Catalogue.of(7, [BUCKET, Bucket("none", None)], [ALIAS]).encode())
    read = Catalogue.read(json.dumps(written).encode())
    assert read.serial == 7
    assert read.buckets == {"photos": BUCKET, "none": Bucket("none", None)}
    assert read.alias("a/b") == ALIAS


def test_unknown_newer_fields_are_ignored_and_missing_older_ones_have_defaults():
    document = {
        "serial": 1,
        "tomorrow": 1,
        "buckets": {"photos": {"place": {"kind": "folder", "location": "/x", "tomorrow": 1}, "tomorrow": 1}},
        "aliases": {"a": {"revision": 1, "bucket": "photos", "recipe": {"tomorrow": 1}, "tomorrow": 1}},
    }
    # As JSON, and as Python writes it: with NaN, which is none.
    for tomorrow in (1, math.nan):
        read = Catalogue.read(json.dumps({**document, "tomorrow": tomorrow}).encode())
        assert read.alias("a") == Alias("a", 1, "photos", Recipe())
        assert read.buckets["photos"] == Bucket("photos", Place("folder", "/x"))
        assert not read.purged


def names(*aliases: str, dprs: tuple[float, ...] = ALIAS.dprs, widths: tuple[int, ...] = ()) -> Catalogue:
    found = [replace(ALIAS, name=name, prefix="", dprs=dprs, widths=widths) for name in aliases]
    return Catalogue.of(1, [BUCKET], found)


@pytest.mark.parametrize(
    ("path", "alias", "key"),
    [
        ("a/k.jpg", "a", "k.jpg"),
        ("a/b/k.jpg", "a/b", "k.jpg"),
        ("a/b/c/k.jpg", "a/b", "c/k.jpg"),
        ("a/bb/k.jpg", "a", "bb/k.jpg"),
        ("a/b", "a", "b"),
        ("a/b/", "a/b", ""),
        ("a//k.jpg", "a", "/k.jpg"),
        ("a/b@2x/k.jpg", "a/b", "k.jpg"),
        ("a/k@2x.jpg", "a", "k@2x.jpg"),
        ("a/x@2x/k.jpg", "a", "x@2x/k.jpg"),
        ("a@2x/people/k.jpg", "a", "people/k.jpg"),
        ("a@2x/b/k.jpg", "a", "b/k.jpg"),
        ("a/b@2x/people/k@2x.jpg", "a/b", "people/k@2x.jpg"),
        ("a/b@1x/k.jpg", "a/b", "k.jpg"),
        ("a/b@work/k.jpg", "a", "b@work/k.jpg"),
        ("a/b@9x/k.jpg", "a", "b@9x/k.jpg"),
        ("a/b@2x@2x/k.jpg", "a", "b@2x@2x/k.jpg"),
        ("a/@2x/k.jpg", "a", "@2x/k.jpg"),
    ],
)
def test_the_longest_name_that_prefixes_the_path_is_found(path, alias, key):
    found = names("a", "a/b").find(path)
    assert (found.alias.name, found.key) == (alias, key)


@pytest.mark.parametrize("path", ["", "a", "aa/k.jpg", "x/a/k.jpg", "/a/k.jpg", "A/k.jpg"])
def test_what_no_name_prefixes_is_unknown(path):
    with pytest.raises(UnknownAlias):
        names("a").find(path)


#: Aliases that begin one another, and keys that begin as they do, with and without a ratio.
NAMES = ("a", "a/b", "a/b/c", "a-b", "people", "people/wide", "team", "unpadded-of-27-characters-x")
SEGMENTS = st.sampled_from(
    ["a", "b", "c", "b@2x", "c@1.5x", "b@9x", "b@640w", "c@8w", "b@work", "@2x", "@", "b@2x@2x", ".x", "", "k.jpg"]
)
KEYS_LIKE_ALIASES = st.lists(SEGMENTS, min_size=1, max_size=5).map("/".join).filter(bool)


@given(
    st.sets(st.sampled_from(NAMES), min_size=1),
    st.data(),
    # As an alias may allow them: up to five times the size, in hundredths.
    st.sets(st.integers(101, 500), max_size=5).map(lambda found: tuple(ratio / 100 for ratio in sorted(found))),
    st.sets(st.sampled_from([8, 320, 640, 4096]), max_size=2).map(lambda found: tuple(sorted(found))),
    st.sampled_from((*KEYS, *ONLY_S3_KEYS)) | KEYS_LIKE_ALIASES,
)
def test_the_url_of_an_alias_a_ratio_or_a_width_and_a_key_is_read_as_just_these(aliases, data, dprs, widths, key):
    catalogue = names(*aliases, dprs=dprs, widths=widths)
    alias = data.draw(st.sampled_from(sorted(aliases)))
    read = catalogue.alias(alias)
    assert read
    descriptor = data.draw(st.sampled_from(read.descriptors))
    path = decode(path_of(alias, key, descriptor).removeprefix("/"))
    # A longer alias takes the paths that it begins: that is what names of several segments are for.
    texts = ["", "@1x", *(one.suffix for one in read.descriptors)]
    longer = [f"{name}{text}/" for name in aliases if name.startswith(f"{alias}/") for text in texts]
    assume(not any(path.startswith(one) for one in longer))
    found = catalogue.find(path)
    assert (found.alias.name, found.descriptor, found.key) == (alias, descriptor, key)


@pytest.mark.parametrize(
    "text",
    ["9x", "0x", "10x", "2X", "", "x", "2", "two", "0w", "90w", "640W", "w", "640.0w", "2x640w", "9" * 5000 + "w"],
)
def test_a_ratio_or_a_width_that_an_alias_does_not_allow_is_named_alone(text):
    with pytest.raises(UnknownAlias) as refused:
        names("a").find(f"a@{text}/people/k.jpg")
    assert str(refused.value) == f"“a” has no @{excerpt(text)}; the ratios and widths it allows: @1.5x, @2x"


def test_the_widths_that_an_alias_allows_are_named_with_its_own():
    with pytest.raises(UnknownAlias, match=r"the ratios and widths it allows: @1\.5x, @2x, @10w, @320w, @640w$"):
        names("a", widths=(320, 640)).find("a@641w/k.jpg")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("a", "“a” is an alias; after it comes the key of an original: /a/picture.jpg"),
        ("a@2x", "“a@2x” is an alias; after it comes the key of an original: /a@2x/picture.jpg"),
        ("c/d", "“c/d” is an alias; after it comes the key of an original: /c/d/picture.jpg"),
        ("c/d@9x", "“c/d” has no @9x; the ratios and widths it allows: @1.5x, @2x"),
        ("a@work", "“a” has no @work; the ratios and widths it allows: @1.5x, @2x"),
        ("", "The path begins with no alias: it is an alias's name, a / and the key of an original"),
        ("/a/k.jpg", "The path begins with no alias: it is an alias's name, a / and the key of an original"),
        ("b/k.jpg", "No live alias answers this path, which begins with “b”"),
    ],
)
def test_why_nothing_is_found_is_said(path, sentence):
    with pytest.raises(UnknownAlias) as told:
        names("a", "c/d").find(path)
    assert str(told.value) == sentence


@given(st.sampled_from(("", "a", "a/", "a/b/", "a@2x/", "a/b@")), st.text())
@example("a/b/", "k.jpg")
@example("", "k.jpg")
def test_a_path_is_found_or_unknown_and_nothing_else(beginning, rest):
    path = beginning + rest
    if known := re.match("(a/b|a)(@(1|1.5|2)x)?/", path):
        found = names("a", "a/b").find(path)
        assert (found.alias.name, found.key) == (known[1], path[known.end() :])
    else:
        with pytest.raises(UnknownAlias):
            names("a", "a/b").find(path)


def test_an_edit_is_seen_when_the_catalogue_is_older_than_its_age(service: Service, settings):
    service.publish()
    assert READER.current().serial == 1
    settings.CATALOGUE_MAX_AGE = 60
    service.publish()
    assert READER.current().serial == 1
    service.wait(61)
    assert READER.current().serial == 2


def test_a_process_that_has_just_started_makes_nobody_ask_again(service: Service, settings, monkeypatch):
    """Requests that come while the first one reads the catalogue wait for it."""
    settings.CATALOGUE_MAX_AGE = 60
    service.publish()
    store = type(configured("catalogue"))
    read = store.read

    def slow(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.2)
        return read(*args, **kwargs)

    monkeypatch.setattr(store, "read", slow)
    with ThreadPoolExecutor(8) as pool:
        assert {read.serial for read in pool.map(lambda number: READER.current(), range(8))} == {1}


def test_a_clock_set_back_reads_again(service: Service, settings):
    settings.CATALOGUE_MAX_AGE = 60
    service.publish()
    assert READER.current().serial == 1
    service.publish()
    service.wait(-3600)
    assert READER.current().serial == 2


def test_a_lower_serial_is_ignored(service: Service):
    service.serial = 8
    service.publish()
    assert READER.current().serial == 9
    service.serial = 3
    service.publish()
    assert READER.current().serial == 9


#: What is decoded only when it is asked for must be JSON all the same.
DEEP = b'{"serial": 9, "buckets": {}, "aliases": {"a": {"recipe": {"filters": [1,]}}}}'


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b"{}", b'{"serial": "x"}', b"\xff", DEEP])
def test_a_catalogue_that_cannot_be_read_leaves_the_last_good_one(service: Service, broken):
    service.put("one.jpg")
    service.publish()
    assert service.get("/profile-image/ios/one.jpg").status_code == 200
    configured("catalogue").write(catalogue.NAME, broken, "application/json")
    response = service.get("/profile-image/ios/one.jpg")
    assert response.status_code == 200
    assert READER.stale
    # An edit may be waiting that this process cannot see: no cache may keep the answer for long.
    assert "s-maxage=0" in response["Cache-Control"]
    service.publish()
    assert "s-maxage=31536000" in service.get("/profile-image/ios/one.jpg")["Cache-Control"]
    assert not READER.stale


def test_ten_thousand_aliases_are_found_as_fast_as_one():
    many = names(*(f"group-{number % 100}/alias-{number}" for number in range(10_000)))
    looked_up = []

    class Counting(dict[str, Any]):
        def __contains__(self, name):
            looked_up.append(name)
            return super().__contains__(name)

    many.aliases = Counting(many.aliases)
    assert many.find("group-42/alias-42/some/key.jpg").alias.name == "group-42/alias-42"
    assert len(looked_up) <= 4


def test_no_alias_is_decoded_before_it_is_asked_for(monkeypatch):
    decoded = []

    def noted(name: str, data: Any) -> Alias:
        decoded.append(name)
        return read_alias(name, data)

    monkeypatch.setattr(catalogue, "read_alias", noted)
    document = names(*(f"alias-{number}" for number in range(50))).encode()
    read = Catalogue.read(document)
    assert len(read.aliases) == 50
    assert decoded == []
    assert read.find("alias-7/one.jpg").alias.name == read.find("alias-7/two.jpg").alias.name == "alias-7"
    assert decoded == ["alias-7"]
    assert json.loads(read.encode()) == json.loads(document)


def test_no_more_aliases_are_kept_decoded_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(catalogue, "DECODED", 10)
    many = Catalogue.read(names(*(f"alias-{number}" for number in range(50))).encode())
    for number in (*range(50), *range(50)):
        assert many.find(f"alias-{number}/one.jpg").alias.name == f"alias-{number}"
        assert len(many._decoded) <= 10


@pytest.mark.parametrize("name", ["http:", "https:", "HTTPS:"])
def test_an_address_in_the_place_of_a_bucket_is_told_of_as_that(name):
    with pytest.raises(UnknownBucket, match="nothing is fetched from elsewhere"):
        Catalogue(0, {}, {}).bucket(name)


@pytest.mark.parametrize("name", ["filters:blur", "filters:", "filters:blur(5):", "filters:blur(5", "filters:blur(5)x"])
def test_a_section_of_filters_that_is_none_is_told_of_as_that_and_not_as_a_bucket(name):
    with pytest.raises(UnknownBucket, match=r"is no section of filters.*: write filters:one\(argument\):other\(\)"):
        Catalogue(0, {}, {}).bucket(name)
