"""Descriptors: what a URL asks of an alias after an @, in the words of `srcset`: a device-pixel ratio (`2x`) or a width
(`640w`)."""

import re
from typing import Self

from msgspec import Struct

from ..imaging.recipe import Recipe

#: A device-pixel ratio, in whatever spelling.
RATIO = re.compile(r"([0-9]+(?:\.[0-9]+)?)x")
#: A width, in whatever spelling. No format allows pictures of six digits.
WIDTH = re.compile(r"0*([1-9][0-9]{0,4})w")


class Descriptor(Struct, frozen=True):
    """Another size of an alias's picture: its sides times `ratio`; or, if `width` is not 0, so many pixels wide, in
    proportion, and no larger than the original."""

    ratio: float = 1
    width: int = 0

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read `2x` or `640w`, in whatever spelling. None if it is neither."""
        if found := RATIO.fullmatch(text):
            return cls(ratio=float(found[1]))
        if found := WIDTH.fullmatch(text):
            return cls(width=int(found[1]))
        return None

    def __str__(self) -> str:
        return f"{self.width}w" if self.width else f"{self.ratio:g}x"

    @property
    def suffix(self) -> str:
        """What stands after the alias's name in a URL: `@2x`, `@640w`, or nothing for its own size."""
        return "" if self == OWN else f"@{self}"

    def applied(self, recipe: Recipe) -> Recipe:
        """The recipe at this size."""
        if self.width:
            return recipe.at_width(self.width)
        return recipe if self.ratio == 1 else recipe.scaled(self.ratio)


#: The alias's own size.
OWN = Descriptor()
