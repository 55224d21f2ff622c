"""Documents as this version and earlier ones wrote them, in `tests/stored`: every later version reads them as they were
meant. A version that writes more adds to them, and takes nothing away."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET
from msgspec.structs import fields, replace

from rendering.catalogue.catalogue import Alias, Bucket, Caching, Catalogue
from rendering.imaging import documents
from rendering.imaging.box import Box
from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.focus.edges import Edges
from rendering.imaging.focus.faces import PERSON, Face, Focus
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Fit, Geometry, Halign, Valign
from rendering.imaging.frame.trim import Trim
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Defaults, Recipe
from rendering.pictures.overruled import Overruled
from rendering.storage.place import Place

STORED = Path(__file__).parents[2] / "stored"
RIGHT = Box.read("0.75x0.0:1x0.5")

BUCKETS = [
    Bucket(
        "photos",
        Place(
            "s3",
            "acme-photos",
            "originals/",
            "eu-west-1",
            "",
            "arn:aws:iam::123456789012:role/reads",
            "42",
            True,
            "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
        immutable=True,
        unsafe_allowed=True,
        overlays_from=("brand",),
        focus=3,
        known_as=("acme-photos.s3.amazonaws.com/", "cdn.acme.com/media/"),
        svg_allowed=True,
    ),
    Bucket("brand", Place("folder", "samples/brand")),
    Bucket("minio", Place("s3", "photos", endpoint_url="http://minio:9000")),
    Bucket("elsewhere", None),
]
ALIASES = [
    Alias(
        "everything",
        7,
        "photos",
        Recipe(
            Geometry(
                width=300,
                height=200,
                fit=Fit.STRETCH,
                adaptive=True,
                enlarge=False,
                trim=Trim(from_bottom_right=True, tolerance=20),
                crop=Box.read("10x20:300x400"),
                halign=Halign.RIGHT,
                valign=Valign.TOP,
                smart=Smart("rekognition", 0.5, largest=True, zoom=True, focus=Focus(PERSON, (Face(RIGHT, 0.9),))),
                focal=(Box.read("0.1x0.2:0.9x0.8"),),
                flip_horizontally=True,
                flip_vertically=True,
                upright=False,
                turn=90,
            ),
            Encoding(
                format="auto",
                jpeg_quality=81,
                webp_quality=82,
                avif_quality=63,
                background="ff8800",
                accept="webp",
                offers=("webp",),
                max_bytes=50_000,
                smallest=True,
                png_to_jpeg=True,
                still=True,
                keep_animation=True,
                keep_copyright=True,
            ),
            FILTERS.read("brightness(10):watermark(brand/logo%20%281%29.png,-10,center,20,40,none):blur(3,1.5)"),
        ),
        prefix="people/",
        caching=Caching(10, 20, 30),
        dprs=(1.5, 2.0),
        fallback="defaults/nobody.png",
    ),
    Alias("avatar/ios", 1, "brand", Recipe(Geometry(width=90, height=90, smart=Smart()), Encoding(format="png"))),
    Alias("widths", 2, "brand", Recipe(Geometry(width=1200, height=400, within=True)), widths=(320, 640)),
]
#: What earlier versions wrote, without what came later.
EARLIER = {
    "least": Alias("least", 1, "brand", Recipe()),
    "smart": Alias("smart", 2, "brand", Recipe(Geometry(width=90, smart=Smart()), Encoding(format="webp"))),
    "ages": Alias("ages", 3, "brand", Recipe(), caching=Caching(max_age=5, shared_max_age=None)),
}
FOCUS = Focus(
    "yunet-2023mar-576-0.7",
    (Face(Box.read("0.34815x0.12279:0.52426x0.34306"), 0.93164), Face(RIGHT)),
    Edges((b"\x00\x10\xff", b"\x01\x02\x03")),
    measure=2,
)


def content(name: str) -> bytes:
    return (STORED / name).read_bytes()


def test_a_catalogue_is_read_as_it_was_meant():
    read = Catalogue.read(content("catalogue.json"))
    assert (read.serial, read.purged, read.unreadable) == (42, True, frozenset())
    assert dict(read.buckets) == {bucket.name: bucket for bucket in BUCKETS}
    for alias in (*ALIASES, *EARLIER.values()):
        assert read.alias(alias.name) == alias
    assert set(read.aliases) == {alias.name for alias in (*ALIASES, *EARLIER.values())}


def test_pictures_that_are_kept_are_found_again():
    """What a later version adds to a recipe is in no stored one, so no key changes for it."""
    read = Catalogue.read(content("catalogue.json"))
    found = {}
    for name in read.aliases:
        alias = read.alias(name)
        assert alias
        for descriptor in alias.descriptors:
            settled = descriptor.applied(alias.recipe).settled("webp", Defaults(80, 80, 60, "a-detector"))
            fingerprint = settled.fingerprint(1, Limits(), {"brand/logo (1).png": "a-version"})
            found[name + descriptor.suffix] = fingerprint
    assert found == json.loads(content("fingerprints.json"))


@pytest.mark.parametrize("kind", [Alias, Bucket, Caching, Recipe, Geometry, Encoding, Smart, Place])
def test_every_field_has_a_value_of_its_own_in_what_is_stored(kind):
    """Whoever adds a field adds it to the stored documents, in an alias of its own, and leaves the others alone."""
    everything, widths, photos = ALIASES[0], ALIASES[2], BUCKETS[0]
    minio = BUCKETS[2].place
    assert minio
    values: dict[type, list[Any]] = {
        Alias: [everything, widths],
        Bucket: [photos],
        Caching: [everything.caching],
        Recipe: [everything.recipe],
        Geometry: [everything.recipe.geometry, widths.recipe.geometry],
        Encoding: [everything.recipe.encoding],
        Smart: [everything.recipe.geometry.smart],
        Place: [photos.place, minio],
    }
    plain: Any = {
        Alias: Alias("", 0, "", Recipe()),
        Bucket: Bucket("", None),
        Place: Place("", ""),
    }.get(kind) or kind()
    for field in fields(kind):
        assert any(getattr(one, field.name) != getattr(plain, field.name) for one in values[kind]), field.name


def test_the_overruled_focus_of_a_bucket_is_read_as_it_was_meant():
    read = Overruled.read(content("overruled-focus.json"))
    assert read.serial == 3
    assert read.focus("0" * 32) == Focus(PERSON, (Face(RIGHT), Face(Box.read("0.0x0.0:1x1"))))
    assert read.focus("1" * 32) == Focus(PERSON, ())
    assert read.focus("2" * 32) is None


@pytest.mark.parametrize(
    ("name", "focus"),
    [
        ("kept-focus-measured.json", FOCUS),
        ("kept-focus.json", replace(FOCUS, measure=UNSET)),
        ("kept-focus-of-no-face.json", Focus("edges", (), Edges((b"\x00\x10\xff",)))),
        ("kept-focus-of-earlier.json", Focus("rekognition", (Face(RIGHT),))),
    ],
)
def test_a_kept_focus_is_read_as_it_was_meant(name, focus):
    assert documents.read(json.loads(content(name)), Focus) == focus


def test_what_is_written_today_is_what_is_stored():
    """Else a version that is deployed beside this one may not read it: add what is new to the stored documents."""
    written = json.loads(Catalogue.of(42, BUCKETS, ALIASES, purged=True).encode())
    stored = json.loads(content("catalogue.json"))
    assert {**stored, "aliases": {name: stored["aliases"][name] for name in written["aliases"]}} == written
    assert documents.to_builtins(FOCUS) == json.loads(content("kept-focus-measured.json"))
    boxes = json.loads(content("overruled-focus.json"))["boxes"]
    assert documents.to_builtins(Overruled(3, boxes)) == json.loads(content("overruled-focus.json"))


#: What nothing can be made of without.
REQUIRED = {"serial", "revision", "kind", "location"}


def members(document: Any, way: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The way to each member of a document and of what is nested in it."""
    found = []
    for name, value in document.items() if isinstance(document, dict) else ():
        found += [(*way, name), *members(value, (*way, name))]
    return found


def at(document: Any, way: tuple[str, ...]) -> Any:
    for name in way:
        document = document[name]
    return document


DOCUMENT = json.loads(content("catalogue.json"))
BELOW = [
    way
    for way in members(DOCUMENT)
    if way[-1] not in REQUIRED and not (way[0] == "aliases" and way[-1] == "bucket") and "focus" not in way[3:-1]
]


@pytest.mark.parametrize("way", BELOW, ids="/".join)
def test_what_an_older_catalogue_lacks_has_its_default(way):
    document = json.loads(content("catalogue.json"))
    del at(document, way[:-1])[way[-1]]
    read = Catalogue.read(json.dumps(document).encode())
    assert read.unreadable == frozenset()
    for name in read.aliases:
        assert read.alias(name)


LISTS_OF_NAMES = (("buckets",), ("aliases",))
OBJECTS = [way for way in ((), *BELOW) if isinstance(at(DOCUMENT, way), dict) and way not in LISTS_OF_NAMES]


@pytest.mark.parametrize("way", OBJECTS, ids=lambda way: "/".join(way) or "document")
def test_what_a_newer_catalogue_adds_is_ignored(way):
    document = json.loads(content("catalogue.json"))
    at(document, way)["tomorrow"] = {"a": [None, {"b": 1}]}
    read = Catalogue.read(json.dumps(document).encode())
    assert dict(read.buckets) == {bucket.name: bucket for bucket in BUCKETS}
    for alias in (*ALIASES, *EARLIER.values()):
        assert read.alias(alias.name) == alias


def objects(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all objects in a document."""
    if isinstance(value, dict):
        yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from objects(one, (*place, key))


WRITTEN = json.loads((STORED / "catalogue.json").read_text())
#: Objects whose members are names that people chose: one more would be one more alias or bucket.
NAMED = {("aliases",), ("buckets",)}


@pytest.mark.parametrize("place", [one for one in objects(WRITTEN) if one not in NAMED], ids=str)
def test_what_a_later_version_adds_is_passed_over(place):
    """Whoever rolls the data plane back has it read what the admin of the later version publishes."""
    document = copy.deepcopy(WRITTEN)
    target = document
    for key in place:
        target = target[key]
    target["added by a later version"] = {"of": ["any", "kind"]}
    before, after = (Catalogue.read(json.dumps(one).encode()) for one in (WRITTEN, document))
    assert after.buckets == before.buckets
    assert [after.alias(name) for name in before.aliases] == [before.alias(name) for name in before.aliases]
