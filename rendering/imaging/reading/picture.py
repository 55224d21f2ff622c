"""What there is to know of a picture without decoding a pixel, as a value."""

from msgspec import Struct


class Picture(Struct, frozen=True):
    """The facts of an original: its format (as in `Header.name`), media type, width and height in pixels of the upright
    picture, number of frames, and whether it has alpha."""

    format: str
    type: str
    width: int
    height: int
    frames: int
    alpha: bool
