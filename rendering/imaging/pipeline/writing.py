"""Encoding finished pictures into a file. The encoders' options are in `encoding.py` and `animation/frames.py`."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image

from ..animation.avif import with_plays, with_rounded_colours
from ..animation.frames import Timing, animation_options
from ..animation.gif import encode_gif
from ..encoding import Encoding, Format, better_options, options, quality, with_quality
from ..errors import TooLarge
from ..filters.canvas import background_color
from ..reading.credits import Credits
from ..reading.files.webp import webp_with_alpha
from ..reading.limits import Limits

#: Nanoseconds of a processor for each pixel that is encoded, of noise, which takes longest.
ENCODING = {"jpeg": 20, "webp": 110, "avif": 55}

#: Hardly a picture fits into a byte for so many pixels, at whatever quality.
UNLIKELY = 100


def encode(
    stills: list[Image.Image],
    timing: Timing | None,
    chosen: Format,
    encoding: Encoding,
    owners: Credits | None = None,
    *,
    photographic: bool = False,
    seconds: float = Limits().seconds,  # a value: it never changes
) -> tuple[bytes, str]:
    """Encode a still, or the frames of an animation. Returns the file and, if it exceeds `max_bytes`, a note on that.

    `photographic` is as for `encoding.options`. The file has only pixels and, if given, `owners`: no EXIF, XMP, comment
    or profile of the original. If no quality fits into `encoding.max_bytes`, raises TooLarge, or with
    `encoding.smallest` returns the smallest file. The search for one takes about `seconds` of a processor at most.
    """
    settings: dict[str, Any] = {"exif": owners.exif() if owners else b"", "xmp": b"", "icc_profile": None}
    if not chosen.alpha:
        stills = [background_color(still, encoding.background_rgb) for still in stills]
    if timing and chosen.name == "avif":
        stills = [with_rounded_colours(still) for still in stills]
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

    if not encoding.max_bytes:
        return encode_once(encoding), ""
    pixels = sum(still.width * still.height for still in stills)
    tries = int(seconds * 1e9 / (pixels * ENCODING.get(chosen.name, 1)))
    content = best_within(
        lambda value: encode_once(with_quality(encoding, value) if value else encoding),
        encoding.max_bytes,
        min(99, quality(chosen, encoding) - 1),
        tries,
        doubtful=encoding.max_bytes * UNLIKELY < pixels,
    )
    if len(content) <= encoding.max_bytes:
        return content, ""
    sentence = unfitting(stills[0], chosen, len(content), encoding.max_bytes)
    if not encoding.smallest:
        raise TooLarge(sentence)
    return content, sentence


def best_within(encode_at: Callable[[int], bytes], most: int, highest: int, tries: int, *, doubtful: bool) -> bytes:
    """The file of at most `most` bytes that has the best quality; the smallest one, where none is that small.

    `encode_at` encodes with a quality from 1 to `highest`, or with the one that was asked for, which is 0 here. Of a
    picture that can hardly fit, the lowest quality is tried first. At most nine encodings, or about
    `tries`, if that is less.
    """
    made: dict[int, bytes] = {}

    def tried(value: int) -> bytes:
        if value not in made:
            made[value] = encode_at(value)
        return made[value]

    if doubtful and highest >= 1 and len(tried(1)) > most:
        return tried(1)
    if len(tried(0)) <= most or highest < 1:
        return tried(0)
    fitting = tried(1)
    if len(fitting) > most:
        return min(tried(0), fitting, key=len)
    low, high = 1, highest
    while low <= high and len(made) < tries:
        middle = (low + high) // 2
        if len(tried(middle)) <= most:
            fitting, low = tried(middle), middle + 1
        else:
            high = middle - 1
    return fitting


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
