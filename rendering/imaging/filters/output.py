"""Filters that say how the picture is written."""

from dataclasses import replace
from typing import Annotated

from ..encoding import FORMATS, Encoding, with_quality
from ..parameters import Boolean, Quality, Whole, Word


def format_(encoding: Encoding, name: Annotated[str, Word((*FORMATS, "jpg"), others_ignored=True)]) -> Encoding:
    """Write the picture in this format, whatever the original's is."""
    return replace(encoding, format="jpeg" if name == "jpg" else name)


def quality(encoding: Encoding, percent: Quality) -> Encoding:
    """Write JPEG, WebP and AVIF with this quality: less means smaller files. PNG and GIF have none.

    At 100 WebP loses nothing at all.
    """
    return with_quality(encoding, percent)


def max_bytes(encoding: Encoding, count: Annotated[int, Whole(0, 100_000_000)]) -> Encoding:
    """Write the picture in at most this many bytes, with the best quality that fits. 0 means no limit.

    What does not fit with the lowest quality, or is in a format without one (PNG, GIF), is refused by an alias. A
    Thumbor URL gives it as small as it can be, and says so in the header `X-Over-Max-Bytes`.
    """
    return replace(encoding, max_bytes=count or None)


def autojpg(encoding: Encoding, on: Boolean = True) -> Encoding:
    """Write a PNG without transparency as a JPEG, where the format is to be the original's."""
    return replace(encoding, png_to_jpeg=on)


def cover(encoding: Encoding) -> Encoding:
    """Show the first frame of an animation, as a still."""
    return replace(encoding, still=True)


def keep_animation(encoding: Encoding) -> Encoding:
    """Refuse an animation that is over the service's limits, instead of showing its first frame."""
    return replace(encoding, keep_animation=True)


def keep_copyright(encoding: Encoding) -> Encoding:
    """Keep the creator and copyright of the picture, as its EXIF, IPTC or XMP has them.

    Everything else that the file says of itself is left out: place, time, camera, thumbnails, comments. GIF has no
    room for it.
    """
    return replace(encoding, keep_copyright=True)


def strip_exif(encoding: Encoding) -> Encoding:
    """Leave out what the camera noted. This is always done; the filter is there for Thumbor's URLs."""
    return encoding


def strip_icc(encoding: Encoding) -> Encoding:
    """Convert to sRGB and leave out the profile. This is always done; the filter is there for Thumbor's URLs."""
    return encoding
