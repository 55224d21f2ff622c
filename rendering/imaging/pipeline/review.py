"""Reviewing a recipe on one original: what its derivative loses or adds, by the values that rendering itself uses.

Whoever decides on a recipe is told of it: pixels that are enlarged, faces that are cut, transparency that is filled, an
animation that stands still, a crop that shows nothing but background.
"""

from collections.abc import Sequence

from PIL import Image

from ..encoding import UNCHANGED
from ..focus.faces import Face, Focus
from ..frame.geometry import Frame
from ..reading.opened import Opened
from ..reading.orientation import swap_sides
from ..recipe import Recipe
from ..reviewed import Review, Sides
from .render import Derivative, Fetch, finish, format_of, render, turn_of, write
from .sight import faces, reduce
from .writing import has_alpha

#: Parts of a face that may be beyond the edge before it counts as cut: boxes of detectors are wider than faces.
BEYOND = 0.15
#: Parts of a face below which nothing of it is recognised.
LEAST = 0.1
#: Values of a channel, of 255, between the darkest and the brightest pixel of what counts as one colour.
ONE_COLOUR = 6


def review(
    original: Opened, recipe: Recipe, overlay: Fetch | None = None, focus: Focus | None = None
) -> tuple[Derivative, Review]:
    """Render the derivative of a settled recipe and review it. `focus` is the original's, also if only its faces are
    asked about. Raises as `render` does."""
    made = finish(original, recipe, overlay, focus)
    same = recipe.encoding.format == UNCHANGED
    derivative = render(original, recipe) if same else write(made, recipe, original.limits)
    found = faces(original, recipe.geometry, focus) if focus else None
    source = swap_sides(original.header.size, turn_of(original.header, recipe.geometry))
    return derivative, Review(
        enlarged=enlargement(made.frame),
        filled=not same and has_alpha(made.stills[0]) and not format_of(made, recipe).alpha,
        stopped=original.header.frames > 1 and derivative.frames == 1,
        empty=is_one_colour(made.stills) and not is_one_colour([reduce(original)]),
        faces=None if found is None else len(found),
        cut=cut_faces(found or (), made.frame, source),
    )


def enlargement(frame: Frame) -> float:
    left, top, right, bottom = frame.box
    return round(max(frame.size[0] / (right - left), frame.size[1] / (bottom - top)), 3)


def is_one_colour(stills: Sequence[Image.Image]) -> bool:
    """Whether no pixel that can be seen differs from the others. Of an animation, in no frame."""
    return all(flat(still) for still in stills)


def flat(still: Image.Image) -> bool:
    channels = still.getextrema()
    assert isinstance(channels, tuple)
    if still.mode in ("LA", "RGBA") and channels[-1][1] == 0:  # type: ignore[index]  # of many channels
        return True
    ranges = channels if isinstance(channels[0], tuple) else (channels,)
    return all(high - low <= ONE_COLOUR for low, high in ranges)


def cut_faces(found: Sequence[Face], frame: Frame, source: tuple[int, int]) -> tuple[Sides, ...]:
    """The faces that a frame cuts, or all if it leaves none in sight, in fractions of its sides."""
    placed = [within(face, frame, source) for face in found]
    shares = [visible(sides) for sides in placed]
    if placed and max(shares) < LEAST:
        return tuple(placed)
    return tuple(sides for sides, share in zip(placed, shares, strict=True) if LEAST <= share < 1 - BEYOND)


def within(face: Face, frame: Frame, source: tuple[int, int]) -> Sides:
    """Where a face is in a frame, in fractions of its sides."""
    left, top, right, bottom = frame.box
    across, down = right - left, bottom - top
    x0, x1 = ((side * source[0] - left) / across for side in (face.box.left, face.box.right))
    y0, y1 = ((side * source[1] - top) / down for side in (face.box.top, face.box.bottom))
    if frame.flip_horizontally:
        x0, x1 = 1 - x1, 1 - x0
    if frame.flip_vertically:
        y0, y1 = 1 - y1, 1 - y0
    return round(x0, 4), round(y0, 4), round(x1, 4), round(y1, 4)


def visible(sides: Sides) -> float:
    """The part of a face's area that is in sight, 0 to 1."""
    left, top, right, bottom = sides
    across = max(0.0, min(right, 1) - max(left, 0))
    down = max(0.0, min(bottom, 1) - max(top, 0))
    return across * down / ((right - left) * (bottom - top))
