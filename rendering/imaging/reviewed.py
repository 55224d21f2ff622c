"""What a review of a recipe on one original found, as a value."""

from msgspec import Struct

#: Left, top, right and bottom.
Sides = tuple[float, float, float, float]


class Review(Struct, frozen=True):
    """What a derivative does to its original.

    `enlarged` is how many times its pixels are enlarged along the side that is enlarged most, 1 or less where none is.
    `filled` says that transparent parts get the background's colour, `stopped` that an animation stands still, `empty`
    that one colour is all that is left of an original with more. `cut` are the faces that are cut by its edges or, if
    no face is left in sight, all of them; each in fractions of its sides, below 0 or above 1 where it is beyond them.
    """

    enlarged: float
    filled: bool
    stopped: bool
    empty: bool
    #: Faces of the original; None if none were looked for.
    faces: int | None
    cut: tuple[Sides, ...]
