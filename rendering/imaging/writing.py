"""From finished pictures to the bytes of a file. What the encoders are told is in encoding.py and frames.py."""

from io import BytesIO
from typing import Any

from PIL import Image

from .encoding import Encoding, Format, lower_qualities, options
from .filters.canvas import background_color
from .frames import TRANSPARENT, Timing, animation_options, with_palette


def encoded(stills: list[Image.Image], timing: Timing | None, chosen: Format, encoding: Encoding) -> bytes:
    """The file. Nothing but pixels goes into it: no EXIF, XMP, comment or profile of the original."""
    settings: dict[str, Any] = {"exif": b"", "xmp": b"", "icc_profile": None}
    if not chosen.alpha:
        stills = [background_color(still, encoding.background) for still in stills]
    if chosen.name == "gif":
        if any(has_alpha(still) for still in stills):
            # Each frame is whole, so the one before it is cleared away, lest it show through.
            settings |= {"transparency": TRANSPARENT, "disposal": 2}
        stills = with_palette(stills)
    if timing:
        settings |= {"save_all": True, "append_images": stills[1:], **animation_options(chosen.name, timing)}
    for still in stills:
        # Pillow hands what a file said along with its pixels, and some of its writers write it.
        still.info = {}

    def written(encoding: Encoding) -> bytes:
        file = BytesIO()
        stills[0].save(file, chosen.pillow, **settings, **options(chosen, encoding, animated=timing is not None))
        return file.getvalue()

    content = written(encoding)
    for lower in lower_qualities(encoding) if chosen.lossy and encoding.max_bytes else ():
        if len(content) <= (encoding.max_bytes or 0):
            break
        content = min(written(lower), content, key=len)
    return content


def has_alpha(still: Image.Image) -> bool:
    return still.mode in ("LA", "RGBA")
