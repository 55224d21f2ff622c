"""A portrait to find a face in: the only picture of the tests that is not drawn."""

from pathlib import Path

from PIL import Image

SAMPLES = Path(__file__).parents[4] / "samples"

#: Left, top, right, bottom of the face, in parts of the sides: measured by hand.
FACE = (0.35, 0.12, 0.52, 0.34)


def portrait():
    """An astronaut, 512 x 512 pixels, with one face in the left upper half."""
    return Image.open(SAMPLES / "people/astronaut.jpg").convert("RGB")


def sides(face):
    return face.box.left, face.box.top, face.box.right, face.box.bottom


def near(face, box, tolerance=0.03):
    """Whether a face is in that box, given in parts of the sides."""
    return all(abs(one - other) < tolerance for one, other in zip(sides(face), box, strict=True))
