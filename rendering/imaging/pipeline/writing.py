"""Encoding finished pictures into a file. The encoders' options are in `encoding.py` and `animation/frames.py`."""

from io import BytesIO
from typing import Any

from PIL import Image

from ..animation.avif import with_plays
from ..animation.frames import Timing, animation_options
from ..animation.gif import encode_gif
from ..encoding import Encoding, Format, better_options, options, quality, with_quality
from ..errors import TooLarge
from ..filters.canvas import background_color
from ..reading.credits import Credits
from ..reading.files.webp import webp_with_alpha


def encode(
    stills: list[Image.Image],
    timing: Timing | None,
    chosen: Format,
    encoding: Encoding,
    owners: Credits | None = None,
    *,
    photographic: bool = False,
) -> tuple[bytes, str]:
    """Encode a still, or the frames of an animation. Returns the file and, if it exceeds `max_bytes`, a note on that.

    `photographic` is as for `encoding.options`. The file has only pixels and, if given, `owners`: no EXIF, XMP, comment
    or profile of the original. If no quality fits into `encoding.max_bytes`, raises TooLarge, or with
    `encoding.smallest` returns the smallest file.
    """
    settings: dict[str, Any] = {"exif": owners.exif() if owners else b"", "xmp": b"", "icc_profile": None}
    if not chosen.alpha:
        stills = [background_color(still, encoding.background_rgb) for still in stills]
    if timing:
        settings |= {"save_all": True, "append_images": stills[1:], **animation_options(chosen.name, timing)}
    for still in stills:
        # Pillow keeps an original's metadata with the pixels, and some of its encoders write it.
        still.info = {}

    def save(chosen_options: dict[str, Any]) -> bytes:
        file = BytesIO()
        stills[0].save(file, chosen.pillow, **settings, **chosen_options)
        return file.getvalue()

    def encode_once(encoding: Encoding) -> bytes:
        if chosen.name == "gif":
            return encode_gif(stills, timing)
        pixels = stills[0].width * stills[0].height
        first = options(chosen, encoding, pixels, timing is not None, photographic=photographic)
        content = save(first)
        if again := better_options(chosen, first, pixels, len(content)):
            content = save(again)
        if timing and chosen.name == "avif":
            return with_plays(content, timing.plays)
        return webp_with_alpha(content) if timing and has_alpha(stills[0]) else content

    content = encode_once(encoding)
    if encoding.max_bytes and len(content) > encoding.max_bytes:
        fitting, smallest = None, content
        # The highest quality that fits, by bisection: at most seven encodings.
        low, high = 1, min(99, quality(chosen, encoding) - 1)
        while low <= high:
            middle = (low + high) // 2
            tried = encode_once(with_quality(encoding, middle))
            smallest = min(smallest, tried, key=len)
            if len(tried) <= encoding.max_bytes:
                fitting, low = tried, middle + 1
            else:
                high = middle - 1
        if fitting:
            return fitting, ""
        sentence = unfitting(stills[0], chosen, len(smallest), encoding.max_bytes)
        if not encoding.smallest:
            raise TooLarge(sentence)
        return smallest, sentence
    return content, ""


def unfitting(still: Image.Image, chosen: Format, least: int, most: int) -> str:
    """The sentence on a picture that takes `least` bytes at the lowest quality, where `most` are allowed."""
    name = "WebP" if chosen.name == "webp" else chosen.name.upper()
    what = f"The picture of {still.width} x {still.height} pixels takes {least:,} bytes as {name}"
    if chosen.lossy:
        return f"{what} with the lowest quality, and max_bytes allows {most:,}: ask for a smaller picture"
    return f"{what}, which has no quality to lower, and max_bytes allows {most:,}: ask for JPEG, WebP or AVIF"


def has_alpha(still: Image.Image) -> bool:
    """Whether a finished picture has an alpha band."""
    return still.mode in ("LA", "RGBA")
