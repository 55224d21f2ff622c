"""Reads URLs of imagor, without their signature or `unsafe`.

    fit-in/300x200/10x10:10x40/filters:fill(yellow):rotate(90)/photos/people/one.jpg

What is Thumbor's is read as Thumbor's: the same slots, and more. `+` is a space, as in queries.
"""

import re

from msgspec.structs import replace

from rendering.imaging.errors import BadRecipe
from rendering.imaging.frame.geometry import Box, Fit, Geometry
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe

from .. import image_path, thumbor
from ..raw_path import cut
from ..thumbor import ThumborUrl
from . import filters, slots

PLAIN = Recipe()
#: Longer URLs are not read, in characters.
LONGEST = 8192
#: The slots of which Thumbor's reader makes a geometry.
THUMBORS = ("trim", "fit", "size", "halign", "valign", "smart")


def read(raw: str, limits: Limits, base: Recipe = PLAIN, *, strict: bool = False) -> ThumborUrl:
    """Read what follows `unsafe/` or the signature in a raw path, as `thumbor.read` does.

    A picture that is drawn (`color:red`) has no original, and so none is found. Raises BadRecipe.
    """
    if len(raw) > LONGEST:
        raise BadRecipe(f"This URL has {len(raw)} characters; at most {LONGEST} are read")
    found, rest = slots.read_slots(raw)
    asked = geometry(found, limits, base.geometry)
    read = filters.read(slots.split_filters(found.get("filters", "")), asked, padding(found.get("padding", "")))
    if strict and read.skipped:
        raise read.skipped[0].why
    return ThumborUrl(
        Recipe(read.geometry, base.encoding, read.calls),
        slots.decode(rest),
        meta="meta" in found,
        skipped=tuple(each.name for each in read.skipped),
    )


def geometry(found: dict[str, str], limits: Limits, base: Geometry) -> Geometry:
    """The geometry that the slots ask for, on top of `base`."""
    asked = thumbor.read_geometry({name: found[name] for name in THUMBORS if name in found}, limits, base)
    if "stretch" in found and asked.fit is Fit.COVER:
        asked = replace(asked, fit=Fit.STRETCH)
    if asked.fit is Fit.OUTSIDE:
        asked = replace(asked, enlarge=True)
    return replace(asked, crop=crop(found.get("crop", "")))


def crop(text: str) -> Box | None:
    """The box of a manual crop: of fractions if all four may be some, and to the far edge where a number is 0."""
    if not text:
        return None
    left, top, right, bottom = (float(number) for number in re.split("[x:]", text.removesuffix("/")))
    fractions = left < 1 and top < 1 and right <= 1 and bottom <= 1 and (right > 0 or bottom > 0)
    far = 1 if fractions else thumbor.LARGEST
    right, bottom = (min(side, far) or far for side in (right, bottom))
    return Box(left, top, right, bottom, fractions) if left < right and top < bottom else None


def padding(text: str) -> filters.Padding:
    """Left, top, right and bottom, in pixels."""
    if not text:
        return (0, 0, 0, 0)
    numbers = [thumbor.integer(number) for number in re.split("[x:]", text.removesuffix("/"))]
    left, top, right, bottom = numbers if len(numbers) == 4 else numbers * 2
    return left, top, right, bottom


def parts(raw: str, buckets: image_path.Buckets) -> list[tuple[str, str]]:
    """The parts of a raw path as they stand in it, each with its name, as `thumbor.parts` gives them. Together they are
    the path."""
    begin = len(raw) - len(raw.lstrip("/"))
    found, rest = slots.read_slots(raw)
    pieces = list(found.items())
    if pieces:
        pieces[0] = pieces[0][0], raw[:begin] + pieces[0][1]
    else:
        rest = raw
    text = slots.decode(rest)
    said = image_path.locate(text, buckets)
    if said.by is not image_path.By.NAME or not said.key or rest.startswith(slots.BASE64) or "+" in rest:
        return [*pieces, ("key", rest)]
    head, key = cut(rest, text[: len(text) - len(said.key)])
    return [*pieces, ("bucket", head), ("key", key)]
