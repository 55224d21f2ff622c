"""Filters that say how the picture is written."""

from dataclasses import replace
from typing import Annotated

from ..encoding import FORMATS, Encoding
from ..parameters import Boolean, Quality, Whole, Word


def format_(encoding: Encoding, name: Annotated[str, Word((*FORMATS, "jpg"), others_ignored=True)]) -> Encoding:
    """Write the picture in this format, whatever the original's is."""
    return replace(encoding, format="jpeg" if name == "jpg" else name)


def quality(encoding: Encoding, percent: Quality) -> Encoding:
    """Write JPEG, WebP and AVIF with this quality: less means smaller files. PNG and GIF have none.

    At 100 WebP loses nothing at all.
    """
    return replace(encoding, jpeg_quality=percent, webp_quality=percent, avif_quality=percent)


def max_bytes(encoding: Encoding, count: Annotated[int, Whole(1, 100_000_000)]) -> Encoding:
    """Lower the quality of JPEG, WebP and AVIF until the file has at most so many bytes, as far as that goes."""
    return replace(encoding, max_bytes=count)


def autojpg(encoding: Encoding, on: Boolean = True) -> Encoding:
    """Write a PNG without transparency as a JPEG, where the format is to be the original's."""
    return replace(encoding, png_to_jpeg=on)


def cover(encoding: Encoding) -> Encoding:
    """Show the first frame of an animation, as a still."""
    return replace(encoding, still=True)


def strip_exif(encoding: Encoding) -> Encoding:
    """Leave out what the camera noted. This is always done; the filter is there for Thumbor's URLs."""
    return encoding


def strip_icc(encoding: Encoding) -> Encoding:
    """Leave out the colour profile. This is always done, and the colours are converted; for Thumbor's URLs."""
    return encoding
