"""Filters of the frame: they rewrite what is asked of it before a pixel is read."""

from dataclasses import replace
from typing import Annotated

from ..focus.smart import PADDING, Smart
from ..frame.geometry import Area, Fit, Geometry
from ..parameters import Boolean, Number, Turn, Word


def stretch(geometry: Geometry) -> Geometry:
    """Make the picture exactly the size asked for, out of proportion if need be, instead of cutting it."""
    return replace(geometry, fit=Fit.STRETCH) if geometry.fit is Fit.COVER else geometry


def no_upscale(geometry: Geometry) -> Geometry:
    """Never make the picture larger than it is."""
    return replace(geometry, enlarge=False)


def upscale(geometry: Geometry) -> Geometry:
    """Make a picture that is smaller than the size it is to fit in as large as that."""
    return replace(geometry, enlarge=True)


def focal(geometry: Geometry, area: Area) -> Geometry:
    """Keep this part of the picture in sight where something has to be cut off.

    `area` is `left x top : right x bottom`, in pixels of the original (10x20:300x400) or in parts of its sides
    (0.1x0.2:0.9x0.8). Several are weighed by their size.
    """
    return replace(geometry, focal=(*geometry.focal, area))


def face(
    geometry: Geometry,
    padding: Annotated[float, Number(0, 5)] = PADDING,
    which: Annotated[str, Word(("all", "largest"))] = "all",
    zoom: Boolean = False,
) -> Geometry:
    """Keep faces in sight where something has to be cut off, as `smart` does, and say which and how.

    `padding` is what is kept around each face where there is room, in parts of its sides. With `zoom` the picture is
    first cut to the faces, as close as the padding says: a head-shot.
    """
    smart = geometry.smart or Smart()
    return replace(geometry, smart=replace(smart, padding=padding, largest=which == "largest", zoom=zoom))


def orientation(geometry: Geometry, degrees: Turn) -> Geometry:
    """Turn the original counter-clockwise by a multiple of 90 degrees, before anything else is done to it."""
    return replace(geometry, turn=(geometry.turn + degrees) % 360)


def dpr(geometry: Geometry, ratio: Annotated[float, Number(0, 5)]) -> Geometry:
    """Make the picture for a screen of this device-pixel ratio: with 2, the sides are twice as long. 0 is as 1."""
    return geometry.scaled(ratio or 1)
