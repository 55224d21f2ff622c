"""Each edit of AWS's image handler that moving.md lists, asked for as its clients do: what it becomes here."""

import base64
import json
import re
from typing import Any

import pytest

from tests.docs import markdown

BOX = {"left": 0, "top": 0, "width": 50, "height": 50}
GREY = {"r": 128, "g": 128, "b": 128}
LOGO = {"bucket": "brand", "key": "logo.png"}
KERNEL = {"width": 3, "height": 3, "kernel": [-1, 0, 1, -2, 0, 2, -1, 0, 1]}

#: Edits that are done, by what the table calls them.
DONE: list[tuple[str, dict[str, Any]]] = [
    ("resize", {"resize": {"width": 90, "height": 50, "fit": "contain", "background": GREY}}),
    ("resize", {"resize": {"width": 2000, "withoutEnlargement": True}}),
    ("resize", {"resize": {"width": 9000}}),
    ("resize", {"resize": {"ratio": 0.5}}),
    ("resize.position", {"resize": {"width": 90, "height": 50, "position": "right top"}}),
    ("resize.position", {"resize": {"width": 90, "height": 50, "position": "northeast"}}),
    ("resize.position", {"resize": {"width": 90, "height": 50, "position": "entropy"}}),
    ("resize.position", {"resize": {"width": 90, "height": 50, "position": "attention"}}),
    ("crop", {"crop": BOX}),
    ("extract", {"extract": BOX}),
    ("trim", {"trim": True}),
    ("rotate", {"rotate": 90}),
    ("flip", {"flip": True}),
    ("flop", {"flop": True}),
    ("grayscale", {"grayscale": True}),
    ("greyscale", {"greyscale": True}),
    ("flatten", {"flatten": {"background": GREY}}),
    ("extend", {"extend": {"top": 9, "bottom": 9, "left": 9, "right": 9, "background": GREY}}),
    ("convolve", {"convolve": KERNEL}),
    ("tint", {"tint": GREY}),
    ("blur", {"blur": 5}),
    ("blur", {"blur": 200}),
    ("sharpen", {"sharpen": True}),
    ("sharpen", {"sharpen": {"sigma": 2}}),
    ("overlayWith", {"overlayWith": {**LOGO, "alpha": "30", "wRatio": "20", "options": {"left": "9", "top": "9"}}}),
    ("smartCrop", {"smartCrop": True}),
    ("smartCrop", {"smartCrop": {"faceIndex": 0}}),
    ("roundCrop", {"resize": {"width": 90, "height": 90}, "roundCrop": True}),
    ("toFormat", {"toFormat": "webp"}),
    ("outputFormat", {"outputFormat": "png"}),
    ("jpeg", {"jpeg": {"quality": 50}}),
    ("webp", {"webp": {"quality": 50}}),
    ("avif", {"avif": {"quality": 50}}),
    ("animated: false", {"animated": False}),
    ("stripExif", {"stripExif": True}),
    ("stripIcc", {"stripIcc": True}),
]
#: Edits that are passed over, by their names in X-Skipped-Filters.
PASSED_OVER: list[tuple[str, dict[str, Any]]] = [
    ("resize.position", {"resize": {"width": 90, "height": 50, "fit": "contain", "position": "top"}}),
    ("resize.kernel", {"resize": {"width": 90, "kernel": "cubic"}}),
    ("resize.withoutReduction", {"resize": {"width": 90, "withoutReduction": True}}),
    ("rotate", {"rotate": 45}),
    ("smartCrop.padding", {"smartCrop": {"padding": 10}}),
    ("roundCrop", {"roundCrop": {"rx": 10}}),
    ("toFormat", {"toFormat": "heif"}),
    ("jpeg.progressive", {"jpeg": {"progressive": True}}),
    ("png.palette", {"png": {"palette": True}}),
    *((name, {name: 2}) for name in ("normalize", "modulate", "gamma", "negate", "median")),
]
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("crop", {"resize": {"width": 90}, "crop": BOX}),
    ("contentModeration", {"contentModeration": True}),
]


def asked(edits: dict[str, Any]) -> str:
    """The URL of some edits of a portrait."""
    beside = {name: value for name, value in edits.items() if name == "outputFormat"}
    within = {name: value for name, value in edits.items() if name not in beside}
    document = {"bucket": "samples", "key": "people/astronaut.jpg", "edits": within, **beside}
    return "/" + base64.b64encode(json.dumps(document).encode()).decode()


@pytest.mark.parametrize(("name", "edits"), DONE)
def test_an_edit_is_done_as_the_table_says(name, edits, keyed):
    answer = keyed.get(asked(edits))
    assert (answer.status, answer.headers["X-Skipped-Filters"]) == (200, None), answer.body[:300]


@pytest.mark.parametrize(("name", "edits"), PASSED_OVER)
def test_an_edit_that_is_passed_over_is_named(name, edits, keyed):
    answer = keyed.get(asked(edits))
    assert (answer.status, answer.headers["X-Skipped-Filters"]) == (200, name), answer.body[:300]


@pytest.mark.parametrize(("name", "edits"), REFUSED)
def test_an_edit_that_cannot_be_passed_over_is_refused(name, edits, keyed):
    assert keyed.get(asked(edits)).status == 400


def test_every_edit_of_the_table_is_tried():
    rows = markdown.table("docs/moving.md", "Edits")
    listed = {code for row in rows for code in re.findall(r"`([\w.]+(?:: false)?)`", row[0])}
    # Fields of `resize` and of encodings are tried with them.
    fields = {
        "width",
        "height",
        "fit",
        "withoutEnlargement",
        "background",
        "ratio",
        "quality",
        "withoutReduction",
        "kernel",
    }
    tried = {name for name, _ in (*DONE, *PASSED_OVER, *REFUSED)}
    assert listed - fields <= tried
