"""EXIF orientation. Frames are planned for the upright picture; pixels are transposed last, when there are few."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace
from PIL import ExifTags, Image

from ..box import Box
from ..focus.edges import Edges
from ..focus.faces import Face, Focus

#: The transposition that makes a stored picture upright, by its EXIF orientation; 1 needs none.
TRANSPOSES = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: Orientations in cycles, each a quarter turn counter-clockwise from the one before: not mirrored, and mirrored.
QUARTER_TURNS = ((1, 8, 3, 6), (2, 5, 4, 7))

#: Left, top, right and bottom of a part of a picture, in pixels.
Region = tuple[float, float, float, float]


def orientation_of(exif: Mapping[int, Any]) -> int:
    """The orientation, 1 to 8, in EXIF values by tag number; 1 if it is missing or invalid."""
    value = exif.get(ExifTags.Base.Orientation)
    return int(value) if value in TRANSPOSES else 1


def add_turn(turn: int, degrees: int) -> int:
    """The orientation that makes upright and then rotates by 0, 90, 180 or 270 degrees counter-clockwise."""
    cycle = next(cycle for cycle in QUARTER_TURNS if turn in cycle)
    return cycle[(cycle.index(turn) + degrees // 90) % 4]


def swaps_sides(turn: int) -> bool:
    """Whether a picture of this orientation is stored with width and height swapped."""
    return turn >= 5


def swap_sides(size: tuple[int, int], turn: int) -> tuple[int, int]:
    """Convert a size of the upright picture to one of the stored picture, or vice versa."""
    return (size[1], size[0]) if swaps_sides(turn) else size


def stored_box(box: Region, turn: int, size: tuple[int, int]) -> Region:
    """Convert a box of the upright picture to one of the stored picture, which has that `size`."""
    left, top, right, bottom = box
    width, height = size
    if swaps_sides(turn):
        left, top, right, bottom = top, left, bottom, right
    if turn in (2, 3, 7, 8):
        left, right = width - right, width - left
    if turn in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return left, top, right, bottom


def upright_box(box: Region, turn: int, size: tuple[int, int]) -> Region:
    """Convert a box of the stored picture, which has that `size`, to one of the upright picture."""
    return stored_box(box, inverse(turn), swap_sides(size, turn))


def inverse(turn: int) -> int:
    """The orientation that undoes another. All but the two quarter turns undo themselves."""
    return {6: 8, 8: 6}.get(turn, turn)


def make_upright(image: Image.Image, turn: int) -> Image.Image:
    """Transpose a stored picture of that orientation so that it is upright."""
    return image.transpose(TRANSPOSES[turn]) if turn in TRANSPOSES else image


def turn_focus(focus: Focus, turn: int, wanted: int) -> Focus:
    """Convert the focus of a picture shown in orientation `turn` to that of the same picture shown in `wanted`."""
    if turn == wanted:
        return focus
    faces = []
    for face in focus.faces:
        box = face.box.left, face.box.top, face.box.right, face.box.bottom
        left, top, right, bottom = upright_box(stored_box(box, turn, (1, 1)), wanted, (1, 1))
        faces.append(Face(Box(left, top, right, bottom, fractions=True), face.confidence))
    edges = focus.edges and Edges.from_image(make_upright(make_upright(focus.edges.to_image(), inverse(turn)), wanted))
    return replace(focus, faces=tuple(faces), edges=edges)
