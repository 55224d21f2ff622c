"""Edits of the pixels, as filters of this service."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from rendering.imaging.errors import BadArgument
from rendering.imaging.filters import FILTERS, Call
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.parameters import PathText

from .values import Edits, colour, integer, number, options

#: From a bucket's name in S3 and a key in it to the path of an overlay here.
Overlay = Callable[[str | None, str], str]


def read_filters(edits: Edits, asked: Geometry, overlay: Overlay, skipped: list[str]) -> Iterator[Call]:
    """The filters, in the order in which sharp applies its operations, whatever the order of the edits."""
    size = options(edits, "resize")
    if size.get("fit") == "contain" and asked.fit is Fit.CONTAIN:
        yield call("fill", colour(size.get("background"), "000000"))
    for name, filter_name, arguments in FILTER_OF_EDIT:
        if name in edits:
            texts = arguments(edits[name])
            if texts is None:
                skipped.append(name)
            else:
                yield call(filter_name, *texts)
    if "overlayWith" in edits:
        yield call("watermark", *watermark(options(edits, "overlayWith"), overlay))
    if "tint" in edits:
        yield call("tint", colour(edits["tint"], "000000"))
    if "roundCrop" in edits:
        # sharp draws an ellipse. Here only a circle can be drawn: in the middle of a square.
        if isinstance(asked.width, int) and asked.width == asked.height and not options(edits, "roundCrop"):
            yield call("round_corner", str(asked.width // 2), "0", "0", "0", "true")
        else:
            skipped.append("roundCrop")
    if (ratio := number(size.get("ratio"))) is not None:
        yield call("proportion", f"{ratio:.9f}")


def call(name: str, *texts: str) -> Call:
    """The filter with these arguments; numbers out of range are clamped. Raises BadArgument."""
    return FILTERS[name].read_leniently(list(texts))


def watermark(edit: Edits, overlay: Overlay) -> list[str]:
    """The arguments of the filter watermark. AWS writes positions and percentages as it does. Without a position, the
    watermark is centred."""
    key, bucket = edit.get("key"), edit.get("bucket")
    if not isinstance(key, str) or not key or not isinstance(bucket or "", str):
        raise BadArgument('overlayWith needs a bucket and a key, as strings: {"bucket": "…", "key": "logo.png"}')
    position = options(edit, "options")
    ratios = (number(edit.get(name)) for name in ("wRatio", "hRatio"))
    path = overlay(bucket, key)
    return [
        PathText().write(path),
        *(str(position[edge]) if str(position.get(edge, "")) else "center" for edge in ("left", "top")),
        integer(edit.get("alpha")),
        *("none" if ratio is None else integer(ratio) for ratio in ratios),
    ]


def background(value: Any) -> list[str] | None:
    return [colour(value.get("background") if isinstance(value, dict) else None, "000000")]


def blur(value: Any) -> list[str] | None:
    sigma = number(value)
    if value is True:
        return ["1", "1"]  # sharp's mild blur: a box of three pixels
    # Beyond a radius of three sigmas the weights are too small to be seen.
    return None if sigma is None or sigma <= 0 else [f"{math.ceil(3 * min(sigma, 50))}", f"{min(sigma, 150):.9f}"]


def sharpen(value: Any) -> list[str] | None:
    """sharp's sigma is the size of the detail that is sharpened; the filter takes its binary logarithm."""
    sigma = number(value.get("sigma") if isinstance(value, dict) else 1 if value is True else value)
    return None if sigma is None or sigma <= 0 else ["1", f"{max(0.0, math.log2(sigma)):.9f}", "true"]


def convolution(value: Any) -> list[str] | None:
    if not isinstance(value, dict) or not isinstance(value.get("kernel"), list) or number(value.get("offset")):
        return None
    kernel = [number(each) for each in value["kernel"]]
    scale = number(value.get("scale"))
    if None in kernel or not kernel or scale == 0:
        return None
    weights = ";".join(f"{(each or 0) / (scale or 1):.9f}" for each in kernel)
    return [weights, integer(value.get("width")), "false" if scale else "true"]


def padding(value: Any) -> list[str] | None:
    if not isinstance(value, dict):
        return [integer(value)] * 4 + ["000000"] if number(value) else None
    edges = (integer(value.get(edge)) for edge in ("left", "top", "right", "bottom"))
    return [*edges, colour(value.get("background"), "000000")]


def no_arguments(value: Any) -> list[str] | None:
    return []


#: An edit's name, its filter's name, and a function from the edit's value to the filter's arguments; None: ignored.
FILTER_OF_EDIT: tuple[tuple[str, str, Callable[[Any], list[str] | None]], ...] = (
    ("flatten", "background_color", background),
    ("grayscale", "grayscale", no_arguments),
    ("greyscale", "grayscale", no_arguments),
    ("extend", "padding", padding),
    ("blur", "blur", blur),
    ("convolve", "convolution", convolution),
    ("sharpen", "sharpen", sharpen),
)
EDITS = frozenset({"overlayWith", "tint", "roundCrop", *(name for name, _, _ in FILTER_OF_EDIT)})
