"""Animations: how many frames they have, their timing, and the encoders' options for them."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from math import ceil
from typing import Any

from msgspec import Struct
from PIL import Image

from . import avif, gif_blocks

#: What the files have room for: a frame's duration in milliseconds, or as a fraction of a second; all of them together,
#: in milliseconds; and the number of plays. More plays than MAX_PLAYS_PNG are for ever, as in browsers.
MAX_WEBP_DURATION, MAX_GIF_DURATION, MAX_PNG_NUMBER = 0xFFFFFF, 655_350, 0xFFFF
MAX_TIME = 0x7FFFFFFF
MAX_PLAYS, MAX_PLAYS_PNG = 0xFFFF, 0x7FFFFFFF


class Timing(Struct, frozen=True):
    """The timing of an animation: each frame's duration in milliseconds, and how often it plays (0: for ever)."""

    durations: tuple[float, ...]
    plays: int


def extent(image: Image.Image, content: bytes, most: int) -> tuple[int, int, int]:
    """The number of frames of an opened picture, and the width and height in pixels that hold all of them.

    Counting may stop above `most`. Whatever is not an animation counts as one frame: the pages of a TIFF, the pictures
    of an MPO or an ICO. Raises BrokenPicture for a GIF that ends within its header.
    """
    if image.format == "GIF":
        frames, width, height = gif_blocks.extent(content, most)
        return max(1, frames), max(width, image.width), max(height, image.height)
    if is_animated(image):
        return int(getattr(image, "n_frames", 1)) - has_still(image), *image.size
    return 1, *image.size


def is_animated(image: Image.Image) -> bool:
    """Whether an opened picture, which is no GIF, is an animation."""
    return image.format in ("PNG", "WEBP", "AVIF") and bool(getattr(image, "is_animated", False))


def has_still(image: Image.Image) -> bool:
    """Whether an animated PNG begins with a still that is no part of it, for programs that cannot play it."""
    return bool(getattr(image, "default_image", False))


def has_one_frame(image: Image.Image) -> bool:
    """Whether an animated PNG has a single frame, and a still before it. Browsers show the frame."""
    return has_still(image) and int(getattr(image, "n_frames", 1)) == 2  # the still counts


def plays(image: Image.Image, content: bytes) -> int:
    """How often an animation plays; 0: for ever."""
    if image.format == "AVIF":
        count = avif.plays(content)
    elif image.format == "GIF":
        count = gif_blocks.plays(content)
    else:
        count = int(image.info.get("loop", 0))
    return count if count <= MAX_PLAYS_PNG else 0


def in_one_mode(stills: list[Image.Image]) -> list[Image.Image]:
    """The frames (mode L, LA, RGB or RGBA), converted to RGB or RGBA if their modes differ."""
    if len({still.mode for still in stills}) == 1:
        return stills
    mode = "RGBA" if any(still.mode in ("LA", "RGBA") for still in stills) else "RGB"
    return [still.convert(mode) for still in stills]


def animation_options(name: str, timing: Timing) -> dict[str, Any]:
    """The options of Pillow's encoder for an animation in that format (a name in encoding.FORMATS)."""
    options: dict[str, Any] = {"duration": list(timing.durations)}
    match name:
        case "webp":
            options["duration"] = in_whole(timing.durations, 1, MAX_WEBP_DURATION)
            options["loop"] = min(timing.plays, MAX_PLAYS)
        case "png":
            options["duration"] = [in_fractions(duration) for duration in timing.durations]
            options["loop"] = timing.plays
        case "avif":
            options["duration"] = in_whole(timing.durations, 1, MAX_TIME)
            # Levels 16 to 235, which every viewer shows alike: some builds of Chromium assume them for every animation,
            # and would raise the contrast of others.
            options["range"] = "limited"
    return options


def in_whole(durations: Sequence[float], unit: int, most: int) -> list[int]:
    """Durations in milliseconds, each a multiple of `unit` and at most `most`. Times are rounded after they are added:
    else the errors would add up."""
    ends = [min(round(end / unit) * unit, MAX_TIME) for end in accumulate(durations, initial=0.0)]
    return [min(end - begin, most) for begin, end in pairwise(ends)]


def in_fractions(duration: float) -> float:
    """The duration in milliseconds that is nearest to another one and, in seconds, a fraction of numbers up to
    MAX_PNG_NUMBER."""
    seconds = Fraction(min(duration / 1000, MAX_PNG_NUMBER))
    exact = seconds.limit_denominator(MAX_PNG_NUMBER)
    if exact.numerator > MAX_PNG_NUMBER:
        exact = seconds.limit_denominator(MAX_PNG_NUMBER // ceil(seconds))
    return float(exact * 1000)
