"""Animations: their timing, their frames one after another, and the options of encoders for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from PIL import Image

from ..pillow.gifs import skip_pixels
from ..pillow.readers import load, seek
from . import avif, gif_blocks

#: What browsers show a GIF frame for that asks for hardly any time (milliseconds).
SHORTEST, INSTEAD = 10, 100

#: What there is room for in the files: milliseconds of a frame, and times of playing.
LONGEST_WEBP, LONGEST_GIF = 0xFFFFFF, 655_350
MOST_PLAYS, MOST_PLAYS_PNG = 0xFFFF, 0x7FFFFFFF

#: What becomes of a GIF's frame when the next one comes.
STAYS, CLEARED = 1, 2


@dataclass(frozen=True, slots=True)
class Timing:
    """How an animation runs: milliseconds for each frame, and how often it plays (0: for ever)."""

    durations: tuple[float, ...]
    plays: int


def extent(image: Image.Image, content: bytes, most: int) -> tuple[int, int, int]:
    """How many frames an opened picture has (counting may stop above `most`), and the width and height they need.

    1 for all that does not move: further pages of a TIFF, further pictures of an MPO or an ICO.
    """
    if image.format == "GIF":
        frames, width, height = gif_blocks.extent(content, most)
        return max(1, frames), max(width, image.width), max(height, image.height)
    if image.format in ("PNG", "WEBP", "AVIF") and getattr(image, "is_animated", False):
        return int(getattr(image, "n_frames", 1)) - first_frame(image), *image.size
    return 1, *image.size


def first_frame(image: Image.Image) -> int:
    """Where an animation begins: an animated PNG may have a still before it, for programs that cannot play it."""
    return int(bool(getattr(image, "default_image", False)))


def play(image: Image.Image, count: int) -> Iterator[tuple[Image.Image, float]]:
    """Each frame of an opened picture, laid over the ones before it as the file says, and for how many milliseconds it
    is shown. Copy a frame to keep it: the next one is drawn into the same image. Raises BrokenPicture, TooLarge."""
    start = first_frame(image)
    for number in range(start, start + count):
        skip_pixels(image, gif_blocks.blocks_end)
        seek(image, number)
        load(image, at_once=False)
        duration = float(image.info.get("duration", 0))
        yield image, INSTEAD if image.format == "GIF" and duration <= SHORTEST else duration


def plays(image: Image.Image, content: bytes) -> int:
    """How often an animation plays; 0: for ever."""
    if image.format == "AVIF":
        return avif.plays(content)
    if image.format == "GIF":
        # GIF counts repetitions; the others count how often.
        loop = image.info.get("loop")
        return 1 if loop is None else int(loop) + 1 if loop else 0
    return int(image.info.get("loop", 0))


def together(stills: list[Image.Image]) -> list[Image.Image]:
    """Frames in one mode."""
    if len({still.mode for still in stills}) == 1:
        return stills
    mode = "RGBA" if any(still.mode in ("LA", "RGBA") for still in stills) else "RGB"
    return [still.convert(mode) for still in stills]


def animation_options(name: str, timing: Timing) -> dict[str, Any]:
    """The options of Pillow's encoder of that format (a name in encoding.FORMATS) for an animation."""
    options: dict[str, Any] = {"duration": list(timing.durations)}
    match name:
        case "webp":
            options["duration"] = [min(round(duration), LONGEST_WEBP) for duration in timing.durations]
            options["loop"] = min(timing.plays, MOST_PLAYS)
        case "png":
            options["loop"] = min(timing.plays, MOST_PLAYS_PNG)
        case "avif":
            options["duration"] = [round(duration) for duration in timing.durations]
    return options


def hundredths(durations: tuple[float, ...]) -> list[int]:
    """Milliseconds in whole hundredths of a second, each rounded so that the whole stays as long as it was."""
    ends = [round(end / 10) * 10 for end in accumulate(durations, initial=0.0)]
    return [min(end - begin, LONGEST_GIF) for begin, end in pairwise(ends)]
