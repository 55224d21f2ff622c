"""Filters of the encoding: format, quality, size of the file, metadata."""

from typing import Annotated

from msgspec.structs import replace

from ..encoding import FORMATS, Encoding, with_quality
from ..parameters import Boolean, Integer, Quality, Word


def format_(encoding: Encoding, name: Annotated[str, Word((*FORMATS, "jpg")), "format"]) -> Encoding:
    """Write the picture in this format, whatever the original's format."""
    return replace(encoding, format="jpeg" if name == "jpg" else name)


def quality(encoding: Encoding, percent: Annotated[Quality, "quality"]) -> Encoding:
    """Write JPEG, WebP and AVIF with this quality: lower means smaller files. PNG and GIF have no quality.

    At 100, WebP is lossless.
    """
    return with_quality(encoding, percent)


def max_bytes(encoding: Encoding, count: Annotated[int, Integer(0, 100_000_000), "bytes at most"]) -> Encoding:
    """Write at most this many bytes, with the best quality that fits. 0 means no limit.

    A picture may not fit even at the lowest quality, or its format (PNG, GIF) may have no quality. An alias then
    refuses it. A Thumbor URL serves the smallest file possible, with the header `X-Over-Max-Bytes`.
    """
    return replace(encoding, max_bytes=count or None)


def autojpg(encoding: Encoding, on: Annotated[Boolean, "opaque PNGs become JPEG"] = True) -> Encoding:
    """Write a PNG without transparency as a JPEG, unless another format is requested."""
    return replace(encoding, png_to_jpeg=on)


def cover(encoding: Encoding) -> Encoding:
    """Show only the first frame of an animation."""
    return replace(encoding, still=True)


def keep_animation(encoding: Encoding) -> Encoding:
    """Refuse an animation over the service's limits instead of showing its first frame."""
    return replace(encoding, keep_animation=True)


def keep_copyright(encoding: Encoding) -> Encoding:
    """Keep the creator and copyright from the EXIF, IPTC or XMP metadata.

    All other metadata is removed: place, time, camera, thumbnails, comments. GIF cannot hold any.
    """
    return replace(encoding, keep_copyright=True)


def strip_exif(encoding: Encoding) -> Encoding:
    """Remove EXIF metadata. This is always done; the filter exists for Thumbor's URLs."""
    return encoding


def strip_icc(encoding: Encoding) -> Encoding:
    """Convert to sRGB and remove the profile. This is always done; the filter exists for Thumbor's URLs."""
    return encoding
