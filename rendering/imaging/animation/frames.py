"""Animations: their timing, their frames one by one, and the encoders' options for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from PIL import Image

from ..pillow.gifs import skip_pixels
from ..pillow.readers import load, seek
from . import avif, gif_blocks

#: Browsers show a GIF's frame whose delay is at most MIN_GIF_DELAY for DEFAULT_GIF_DELAY instead (milliseconds).
MIN_GIF_DELAY, DEFAULT_GIF_DELAY = 10, 100

#: What the files have room for: a frame's duration in milliseconds, and the number of plays.
MAX_WEBP_DURATION, MAX_GIF_DURATION = 0xFFFFFF, 655_350
MAX_PLAYS, MAX_PLAYS_PNG = 0xFFFF, 0x7FFFFFFF

#: Disposal methods of GIF89a: what happens to a frame before the next one is drawn.
DO_NOT_DISPOSE, RESTORE_TO_BACKGROUND = 1, 2


@dataclass(frozen=True, slots=True)
class Timing:
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
    if image.format in ("PNG", "WEBP", "AVIF") and getattr(image, "is_animated", False):
        return int(getattr(image, "n_frames", 1)) - first_frame(image), *image.size
    return 1, *image.size


def first_frame(image: Image.Image) -> int:
    """The index of an animation's first frame. An animated PNG may begin with a still, for programs that cannot play
    it."""
    return int(bool(getattr(image, "default_image", False)))


def play(image: Image.Image, count: int) -> Iterator[tuple[Image.Image, float]]:
    """Decode `count` frames of an opened picture. Yields each as it is composed with those before it, and its duration
    in milliseconds.

    The next frame is drawn into the same image: copy those that are kept. Raises BrokenPicture, TooLarge.
    """
    start = first_frame(image)
    for number in range(start, start + count):
        skip_pixels(image, gif_blocks.blocks_end)
        seek(image, number)
        load(image, at_once=False)
        duration = float(image.info.get("duration", 0))
        yield image, DEFAULT_GIF_DELAY if image.format == "GIF" and duration <= MIN_GIF_DELAY else duration


def plays(image: Image.Image, content: bytes) -> int:
    """How often an animation plays; 0: for ever."""
    if image.format == "AVIF":
        return avif.plays(content)
    if image.format == "GIF":
        # GIF counts repetitions, the others count plays.
        loop = image.info.get("loop")
        return 1 if loop is None else int(loop) + 1 if loop else 0
    return int(image.info.get("loop", 0))


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
            options["duration"] = [min(round(duration), MAX_WEBP_DURATION) for duration in timing.durations]
            options["loop"] = min(timing.plays, MAX_PLAYS)
        case "png":
            options["loop"] = min(timing.plays, MAX_PLAYS_PNG)
        case "avif":
            options["duration"] = [round(duration) for duration in timing.durations]
    return options


def gif_durations(durations: tuple[float, ...]) -> list[int]:
    """Durations in milliseconds, rounded to hundredths of a second so that rounding errors do not add up."""
    ends = [round(end / 10) * 10 for end in accumulate(durations, initial=0.0)]
    return [min(end - begin, MAX_GIF_DURATION) for begin, end in pairwise(ends)]
