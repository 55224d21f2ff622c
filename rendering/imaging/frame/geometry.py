"""The frame: which part of an original is kept, and at what size. Pure arithmetic, done before a pixel is read.

`Geometry` is what a recipe asks for, and `plan` turns it into a `Frame` for one original. The rules and the rounding
are Thumbor's, so that a recipe and the equivalent Thumbor URL give the same picture.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from .. import documents
from ..box import Area, Box, Pixels
from ..errors import TooLarge
from ..focus import placement
from ..focus.faces import Focus
from ..focus.smart import Smart
from ..reading.limits import Limits, megapixels
from .sizes import (
    centre_of_mass,
    contained_size,
    covering_box,
    covering_size,
    limited_size,
    proportional_size,
    size_within,
)
from .trim import Trim

__all__ = ["Area", "Box", "Fit", "Frame", "Geometry", "Halign", "Pixels", "Side", "Trim", "Valign", "plan"]


class Fit(StrEnum):
    """How a picture meets a size."""

    COVER = "cover"  # fills the size; the rest is cut off
    CONTAIN = "contain"  # all of it inside the size, not enlarged; Thumbor's fit-in
    OUTSIDE = "outside"  # all of it, covering the size; Thumbor's full-fit-in
    STRETCH = "stretch"  # exactly the size, distorted if need be


class Halign(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Valign(StrEnum):
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


#: A side of a size: pixels, "orig" (as the original's) or None (in proportion to the other side).
Side = documents.Length | Literal["orig"] | None


class Geometry(Struct, frozen=True):
    """What a recipe asks of the frame. `focal` takes precedence over `smart`, which does over the alignment."""

    width: Side = None
    height: Side = None
    fit: Fit = Fit.COVER
    #: Swap width and height if one is a portrait and the original a landscape, or vice versa; Thumbor's adaptive-.
    adaptive: bool = False
    #: True: enlarge a small original; False: never; None: as is usual for the fit.
    enlarge: bool | None = None
    #: Trimming comes first, but `crop` is given in pixels of the untrimmed original.
    trim: Trim | None = None
    crop: Box | None = None
    halign: Halign = Halign.CENTER
    valign: Valign = Valign.MIDDLE
    smart: Smart | None = None
    focal: tuple[Box, ...] = ()
    flip_horizontally: bool = False
    flip_vertically: bool = False
    #: Whether the EXIF orientation is applied.
    upright: bool = True
    #: Degrees counter-clockwise (0, 90, 180, 270) by which the original is rotated before anything else.
    turn: documents.Turn = 0
    #: Whether the size is reduced in proportion where the original is smaller, unless it may be enlarged.
    within: bool | UnsetType = UNSET

    def scaled(self, ratio: float) -> "Geometry":
        """The geometry for a screen of that device-pixel ratio."""

        def side(value: Side) -> Side:
            return round(value * ratio) if isinstance(value, int) else value

        return replace(self, width=side(self.width), height=side(self.height))

    @property
    def own_width(self) -> int | None:
        """The width that is asked for, in pixels; None if it follows from the original."""
        return self.width or None if isinstance(self.width, int) else None

    def at_width(self, width: int) -> "Geometry":
        """The geometry with that width in pixels, the height in proportion, and nothing beyond the original's size.
        Where no width is asked for, nothing is cut off, so that the height follows from the original."""
        own, height = self.own_width, self.height
        if width == own:
            return self
        if not own:
            return replace(self, width=width, height=None, within=True)
        if isinstance(height, int) and height:
            height = max(1, round(height * width / own))
        return replace(self, width=width, height=height, within=True)

    @property
    def sure_size(self) -> tuple[int, int] | None:
        """The size of the picture in pixels, if every original gives the same; None if it depends on the original."""
        if self.fit not in (Fit.COVER, Fit.STRETCH) or self.enlarge is False or self.adaptive or self.within:
            return None
        if isinstance(self.width, int) and isinstance(self.height, int):
            return self.width, self.height
        return None


class Frame(Struct, frozen=True):
    """The plan for one original: crop it to `box`, resample that to `size` (pixels), flip it."""

    #: Left, top, right and bottom, in pixels of the upright original.
    box: tuple[float, float, float, float]
    size: tuple[int, int]
    flip_horizontally: bool = False
    flip_vertically: bool = False
    #: The size that was asked for, which the picture may not fill; the filter `fill` does. 0 for a side that was not
    #: asked for, and so is the picture's, whatever filters make of it.
    canvas: tuple[int, int] = (0, 0)
    #: What a manual crop and trimming leave, in the same pixels, unless that is all: nothing from beyond may show, not
    #: even at the edges, as if the original had been cut before anything else.
    cut: Pixels | None = None


def plan(
    geometry: Geometry,
    width: int,
    height: int,
    limits: Limits,
    trimmed: Pixels | None = None,
    focus: Focus | None = None,
) -> Frame:
    """Plan the frame for an upright original of that size, in pixels.

    `trimmed` is the box that trimming left of it. `focus` is what was found in it, and is used if `needs_focus`.

    Raises TooLarge if the size that was asked for exceeds the limits. A size that follows from a large original (no
    side or only one was given, or the fit is `OUTSIDE`) is reduced in proportion instead.
    """
    check_asked(geometry, limits)
    trimmed = trimmed or (0, 0, width, height)
    smart = None if geometry.focal else geometry.smart
    left, top, right, bottom = crop = crop_box(geometry, width, height, trimmed)
    kept = crop if crop != (0, 0, width, height) else None
    if smart and focus and smart.zoom:
        left, top, right, bottom = crop = zoomed_box(geometry, smart, focus, width, height, crop)
    source = right - left, bottom - top
    asked, wanted = wanted_size(geometry, *source)
    box: tuple[float, float, float, float] = (0, 0, *source)
    match geometry.fit:
        case Fit.COVER:
            size = wanted
            if all(asked):  # a side that follows from the other cuts nothing off
                cut = covering_size(*source, *wanted)
                middle: tuple[float, float] = centre(geometry, focal_points(geometry.focal, width, height), crop)
                if smart and focus and cut != source:
                    middle = placement.crop_centre(smart, focus, width, height, crop, cut, middle)
                box = covering_box(*source, *cut, middle)
        case Fit.STRETCH:
            size = wanted
        case Fit.CONTAIN:
            size = contained_size(*source, *wanted, enlarge=bool(geometry.enlarge and all(asked)))
        case Fit.OUTSIDE:
            size = proportional_size(*source, *wanted, by_width=source[0] / wanted[0] <= source[1] / wanted[1])
    # As in Thumbor, a picture that was scaled to fit has both sides of the canvas.
    scaled = geometry.fit is Fit.OUTSIDE or (geometry.fit is Fit.CONTAIN and size != source)
    size = limited_size(*size, limits)
    return Frame(
        box=(box[0] + left, box[1] + top, box[2] + left, box[3] + top),
        size=size,
        flip_horizontally=geometry.flip_horizontally,
        flip_vertically=geometry.flip_vertically,
        canvas=(max(asked[0], size[0]), max(asked[1], size[1])) if scaled else asked,
        cut=kept,
    )


def needs_focus(geometry: Geometry, width: int, height: int) -> bool:
    """Whether the frame of an upright original of that size, in pixels, depends on its focus: the crop is smart and may
    cut something off."""
    if not geometry.smart or geometry.focal:
        return False
    if geometry.smart.zoom or geometry.fit is not Fit.COVER:
        return geometry.smart.zoom
    left, top, right, bottom = crop_box(geometry, width, height, (0, 0, width, height))
    source = right - left, bottom - top
    asked, wanted = wanted_size(geometry, *source)
    # What trimming leaves is not known before the picture is decoded.
    return all(asked) and (geometry.trim is not None or covering_size(*source, *wanted) != source)


def check_asked(geometry: Geometry, limits: Limits) -> None:
    """Raise TooLarge if the sides that the recipe itself gives exceed the limits, whatever the original."""
    width, height = geometry.width, geometry.height
    for name, side, most in (("width", width, limits.width), ("height", height, limits.height)):
        if isinstance(side, int) and side > most:
            raise TooLarge(f"A {name} of {side} pixels was asked for, {most} are allowed")
    # The other fits give a size that depends on the original, and `plan` keeps that within the limits.
    if not (isinstance(width, int) and isinstance(height, int)) or geometry.fit in (Fit.CONTAIN, Fit.OUTSIDE):
        return
    if width * height > limits.output_pixels:
        count, allowed = megapixels(width * height, limits.output_pixels)
        raise TooLarge(f"{width} x {height} = {count} megapixels were asked for, {allowed} are allowed")


def crop_box(geometry: Geometry, width: int, height: int, trimmed: Pixels) -> Pixels:
    """The manual crop within what trimming left; all of that if there is no crop or the two do not overlap."""
    if geometry.crop:
        box = geometry.crop.within(width, height)
        left, top = max(round(box.left), trimmed[0]), max(round(box.top), trimmed[1])
        right, bottom = min(round(box.right), trimmed[2]), min(round(box.bottom), trimmed[3])
        if left < right and top < bottom:
            return left, top, right, bottom
    return trimmed


def wanted_size(geometry: Geometry, width: int, height: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The sides that were asked for of a picture of that size, 0 for none, and the complete size. All in pixels."""
    across = width if geometry.width == "orig" else int(geometry.width or 0)
    down = height if geometry.height == "orig" else int(geometry.height or 0)
    if geometry.enlarge is False and not geometry.within:
        across, down = min(across, width), min(down, height)
    if geometry.adaptive and across and down and (width - height) * (across - down) < 0:
        across, down = down, across
    if geometry.within and not geometry.enlarge:
        across, down = size_within(width, height, across, down, all_of_it=geometry.fit is Fit.CONTAIN)
    if not across and not down:
        completed = width, height
    else:
        completed = across or round(down * width / height), down or round(across * height / width)
    return (across, down), (max(1, completed[0]), max(1, completed[1]))


def zoomed_box(geometry: Geometry, smart: Smart, focus: Focus, width: int, height: int, crop: Pixels) -> Pixels:
    """The box of a head-shot within the manual crop of an original of that size; all of the crop if it has no face."""
    faces = placement.faces_in(smart, focus, width, height, crop)
    if not faces:
        return crop
    sides = crop[2] - crop[0], crop[3] - crop[1]
    asked, _ = wanted_size(geometry, *sides)
    region = placement.head_shot(faces, sides, asked, enlarge=bool(geometry.enlarge))
    left, top, right, bottom = (round(side) for side in region)
    return crop[0] + left, crop[1] + top, crop[0] + max(right, left + 1), crop[1] + max(bottom, top + 1)


def focal_points(focal: Sequence[Box], width: int, height: int) -> list[tuple[float, float, float]]:
    """The centres of focal boxes as x, y (pixels of an original of that size) and weight (the area of the box).

    A box may lie outside: the crop then goes to the nearest edge.
    """
    points = []
    for area in focal:
        box = area.scaled(width, height)
        across, down = box.right - box.left, box.bottom - box.top
        points.append((box.left + across // 2, box.top + down // 2, across * down))
    return points


def centre(geometry: Geometry, points: Sequence[tuple[float, float, float]], crop: Pixels) -> tuple[int, int]:
    """The point, in pixels of the cropped picture, to stay near to: the centre of mass of the focal points that a
    manual crop leaves, else the alignment's."""
    left, top, right, bottom = crop
    kept = [
        (x - left, y - top, weight)
        for x, y, weight in points
        if not geometry.crop or (left <= x <= right and top <= y <= bottom)
    ]
    if any(weight > 0 for _, _, weight in kept):
        return centre_of_mass(kept)
    horizontal = {Halign.LEFT: 0, Halign.CENTER: 0.5, Halign.RIGHT: 1}[geometry.halign]
    vertical = {Valign.TOP: 0, Valign.MIDDLE: 0.5, Valign.BOTTOM: 1}[geometry.valign]
    return int((right - left) * horizontal), int((bottom - top) * vertical)
