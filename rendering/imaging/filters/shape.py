"""Filters of the geometry: they change how the picture is cropped and scaled, before a pixel is read."""

from typing import Annotated

from msgspec.structs import replace

from ..focus.smart import PADDING, Smart
from ..frame.geometry import Area, Fit, Geometry
from ..parameters import Boolean, Number, Turn, Word


def stretch(geometry: Geometry) -> Geometry:
    """Make the picture exactly the requested size by stretching it instead of cropping it."""
    return replace(geometry, fit=Fit.STRETCH) if geometry.fit is Fit.COVER else geometry


def no_upscale(geometry: Geometry) -> Geometry:
    """Never enlarge the picture."""
    return replace(geometry, enlarge=False)


def upscale(geometry: Geometry) -> Geometry:
    """Enlarge a picture that is smaller than the size it is fitted into, unless `no_upscale` forbids it."""
    return replace(geometry, enlarge=True) if geometry.enlarge is None else geometry


def focal(geometry: Geometry, area: Annotated[Area, "box"]) -> Geometry:
    """Keep this part of the picture in sight when it is cropped.

    `area` is `left x top : right x bottom`, in pixels of the original (10x20:300x400) or in fractions of its sides
    (0.1x0.2:0.9x0.8). Several areas are weighted by their size.
    """
    return replace(geometry, focal=(*geometry.focal, area))


def face(
    geometry: Geometry,
    padding: Annotated[float, Number(0, 5), "room around a face, as parts of its sides"] = PADDING,
    which: Annotated[str, Word(("all", "largest")), "which faces"] = "all",
    zoom: Annotated[Boolean, "cut closely: a head-shot"] = False,
) -> Geometry:
    """Keep faces in sight when the picture is cropped, as `smart` does, and choose which and how.

    `padding` is kept around each face where there is room, in fractions of the face's sides. `zoom` crops to the faces
    first, as close as the padding allows: a head-shot.
    """
    smart = geometry.smart or Smart()
    return replace(geometry, smart=replace(smart, padding=padding, largest=which == "largest", zoom=zoom))


def orientation(geometry: Geometry, degrees: Annotated[Turn, "degrees, counter-clockwise"]) -> Geometry:
    """Rotate the original counter-clockwise by a multiple of 90 degrees, before everything else."""
    return replace(geometry, turn=(geometry.turn + degrees) % 360)


def dpr(geometry: Geometry, ratio: Annotated[float, Number(0, 5), "pixels to the point"]) -> Geometry:
    """Render for a screen with this device-pixel ratio: 2 doubles the sides. 0 means 1."""
    return geometry.scaled(ratio or 1)
