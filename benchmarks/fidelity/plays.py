"""How often an animation plays, read from its file."""

from math import ceil
from struct import unpack_from

from PIL import Image


def repetitions(image: Image.Image, content: bytes) -> int | None:
    """How often an animation plays; 0 means for ever."""
    if image.format == "AVIF":
        return avif_plays(content)
    loop = image.info.get("loop")
    if image.format == "GIF":
        return 1 if loop is None else loop + 1 if loop else 0
    return int(loop or 0)


def avif_plays(content: bytes) -> int | None:
    """From the edit list of an image sequence (ISO 14496-12, 8.6.6): repeated while the track lasts longer."""
    edits, track = content.find(b"elst"), content.find(b"tkhd")
    if edits < 0 or track < 0:
        return None
    if not content[edits + 7] & 1:
        return 1
    # Both boxes have times of 8 bytes in version 1, of 4 in version 0.
    (segment,) = (
        unpack_from(">Q", content, edits + 12) if content[edits + 4] else unpack_from(">I", content, edits + 12)
    )
    (lasts,) = unpack_from(">Q", content, track + 32) if content[track + 4] else unpack_from(">I", content, track + 24)
    endless = lasts == (2**64 - 1 if content[track + 4] else 2**32 - 1)
    return 0 if endless else ceil(lasts / segment) if segment else None
