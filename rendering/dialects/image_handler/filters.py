"""The edits that are about the picture, as our filters."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from rendering.imaging.errors import BadArgument
from rendering.imaging.filters import FILTERS, Call
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.parameters import PathText, shown

from .values import Edits, colour, number, options, whole

#: From a bucket and a key as AWS has them to the path of an overlay here.
Overlay = Callable[[str | None, str], str]


def painted(edits: Edits, asked: Geometry, overlay: Overlay, skipped: list[str]) -> Iterator[Call]:
    """The filters, in the order in which sharp does these things, whatever the order of the edits."""
    size = options(edits, "resize")
    if size.get("fit") == "contain" and asked.fit is Fit.CONTAIN:
        yield call("fill", colour(size.get("background"), "000000"))
    for name, filter_name, arguments in PAINTED:
        if name in edits:
            texts = arguments(edits[name])
            if texts is None:
                skipped.append(name)
            else:
                yield call(filter_name, *texts)
    if "overlayWith" in edits:
        yield call("watermark", *laid(options(edits, "overlayWith"), overlay))
    if "tint" in edits:
        yield call("tint", colour(edits["tint"], "000000"))
    if "roundCrop" in edits:
        # An ellipse in the middle: a circle where both sides are the same. Others are not made here.
        if isinstance(asked.width, int) and asked.width == asked.height and not options(edits, "roundCrop"):
            yield call("round_corner", str(asked.width // 2), "0", "0", "0", "true")
        else:
            skipped.append("roundCrop")
    if (ratio := number(size.get("ratio"))) is not None:
        yield call("proportion", f"{ratio:.9f}")


def call(name: str, *texts: str) -> Call:
    found = FILTERS[name].nearest(list(texts))
    if found is None:
        raise BadArgument(f"{name} cannot take {shown(', '.join(texts))}")
    return found


def laid(said: Edits, overlay: Overlay) -> list[str]:
    """The arguments of a watermark: AWS's places and percentages are written like ours. Without a place, the middle."""
    key, bucket = said.get("key"), said.get("bucket")
    if not isinstance(key, str) or not key or not isinstance(bucket or "", str):
        raise BadArgument('overlayWith needs a bucket and a key, as text: {"bucket": "…", "key": "logo.png"}')
    at = options(said, "options")
    ratios = (number(said.get(name)) for name in ("wRatio", "hRatio"))
    path = overlay(bucket, key)
    return [
        PathText().write(path),
        *(str(at[edge]) if str(at.get(edge, "")) else "center" for edge in ("left", "top")),
        whole(said.get("alpha")),
        *("none" if ratio is None else whole(ratio) for ratio in ratios),
    ]


def flattened(value: Any) -> list[str] | None:
    return [colour(value.get("background") if isinstance(value, dict) else None, "000000")]


def blurred(value: Any) -> list[str] | None:
    sigma = number(value)
    if value is True:
        return ["1", "1"]  # sharp's mild one, a box of three pixels
    # Three sigmas away, what a pixel counts is nothing to be seen.
    return None if sigma is None or sigma <= 0 else [f"{math.ceil(3 * min(sigma, 50))}", f"{min(sigma, 150):.9f}"]


def sharpened(value: Any) -> list[str] | None:
    """Sigma is the size of the detail that is brought out, which ours counts in doublings."""
    sigma = number(value.get("sigma") if isinstance(value, dict) else 1 if value is True else value)
    return None if sigma is None or sigma <= 0 else ["1", f"{max(0.0, math.log2(sigma)):.9f}", "true"]


def convolved(value: Any) -> list[str] | None:
    if not isinstance(value, dict) or not isinstance(value.get("kernel"), list) or number(value.get("offset")):
        return None
    kernel = [number(each) for each in value["kernel"]]
    scale = number(value.get("scale"))
    if None in kernel or not kernel or scale == 0:
        return None
    weights = ";".join(f"{(each or 0) / (scale or 1):.9f}" for each in kernel)
    return [weights, whole(value.get("width")), "false" if scale else "true"]


def extended(value: Any) -> list[str] | None:
    if not isinstance(value, dict):
        return [whole(value)] * 4 + ["000000"] if number(value) else None
    edges = (whole(value.get(edge)) for edge in ("left", "top", "right", "bottom"))
    return [*edges, colour(value.get("background"), "000000")]


def nothing(value: Any) -> list[str] | None:
    return []


#: Edits that are filters: its name, the filter's, and from its value to the filter's arguments; None: passed over.
PAINTED: tuple[tuple[str, str, Callable[[Any], list[str] | None]], ...] = (
    ("flatten", "background_color", flattened),
    ("grayscale", "grayscale", nothing),
    ("greyscale", "grayscale", nothing),
    ("extend", "padding", extended),
    ("blur", "blur", blurred),
    ("convolve", "convolution", convolved),
    ("sharpen", "sharpen", sharpened),
)
EDITS = frozenset({"overlayWith", "tint", "roundCrop", *(name for name, _, _ in PAINTED)})
