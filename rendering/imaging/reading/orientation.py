"""EXIF orientation. Frames are planned on upright pictures; pixels are turned last, when there are few of them."""

from collections.abc import Mapping
from typing import Any

from PIL import ExifTags, Image

from ..box import Box
from ..focus.edges import Edges
from ..focus.faces import Face, Focus

#: How to make a stored picture upright, by its EXIF orientation. 1, and anything that is no orientation, needs nothing.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: The orientations that each follow from the one before by a quarter turn counter-clockwise: as stored, and mirrored.
QUARTERS = ((1, 8, 3, 6), (2, 5, 4, 7))

#: Left, top, right and bottom of a part of a picture, in its pixels.
Region = tuple[float, float, float, float]


def orientation(exif: Mapping[int, Any]) -> int:
    """The orientation, 1 to 8, that EXIF gives by the numbers of its tags; 1 where it gives none that there is."""
    value = exif.get(ExifTags.Base.Orientation)
    return int(value) if value in TURNS else 1


def add_turn(turn: int, degrees: int) -> int:
    """The orientation that makes a picture upright and then turns it by 0, 90, 180 or 270 degrees counter-clockwise."""
    cycle = next(cycle for cycle in QUARTERS if turn in cycle)
    return cycle[(cycle.index(turn) + degrees // 90) % 4]


def sideways(turn: int) -> bool:
    """Whether a picture of this orientation is stored with its sides swapped."""
    return turn >= 5


def swap_sides(size: tuple[int, int], turn: int) -> tuple[int, int]:
    """A size of the upright picture as one of the stored picture, or the other way round."""
    return (size[1], size[0]) if sideways(turn) else size


def stored_box(box: Region, turn: int, size: tuple[int, int]) -> Region:
    """Where a box of the upright picture lies in the stored picture, whose `size` is given."""
    left, top, right, bottom = box
    width, height = size
    if sideways(turn):
        left, top, right, bottom = top, left, bottom, right
    if turn in (2, 3, 7, 8):
        left, right = width - right, width - left
    if turn in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return left, top, right, bottom


def upright_box(box: Region, turn: int, size: tuple[int, int]) -> Region:
    """Where a box of the stored picture, whose `size` is given, lies in the upright picture."""
    return stored_box(box, inverse(turn), swap_sides(size, turn))


def inverse(turn: int) -> int:
    """The orientation that undoes another. All but the quarter turns undo themselves."""
    return {6: 8, 8: 6}.get(turn, turn)


def make_upright(image: Image.Image, turn: int) -> Image.Image:
    return image.transpose(TURNS[turn]) if turn in TURNS else image


def turn_focus(focus: Focus, turn: int, wanted: int) -> Focus:
    """The focus of a picture that was turned upright from `turn`, for the same picture turned from `wanted`."""
    if turn == wanted:
        return focus
    faces = []
    for face in focus.faces:
        box = face.box.left, face.box.top, face.box.right, face.box.bottom
        left, top, right, bottom = upright_box(stored_box(box, turn, (1, 1)), wanted, (1, 1))
        faces.append(Face(Box(left, top, right, bottom, fractions=True), face.confidence))
    edges = focus.edges and Edges.from_image(make_upright(make_upright(focus.edges.to_image(), inverse(turn)), wanted))
    return Focus(focus.detector, tuple(faces), edges)
