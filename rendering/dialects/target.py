"""What a URL stands for, whoever read it: an alias's URL or a Thumbor URL."""

from dataclasses import dataclass

from ..catalogue.catalogue import Alias, Bucket, Caching
from ..imaging.recipe import Defaults, Recipe

DEFAULTS = Defaults()


@dataclass(frozen=True, slots=True)
class Target:
    """What a URL stands for."""

    bucket: Bucket
    key: str
    recipe: Recipe
    caching: Caching
    #: None for a URL that spells its recipe out.
    alias: Alias | None = None
    #: Whether derivatives of this URL may be kept.
    keep: bool = True
    #: Whether Thumbor's description is asked for, instead of the picture.
    meta: bool = False
    #: Whether the original is asked for, with what the crop keeps in sight outlined.
    debug: bool = False
    #: Filters of the URL that were passed over.
    skipped: tuple[str, ...] = ()

    @property
    def negotiated(self) -> bool:
        """Whether the format was still open after all filters."""
        # Whatever the defaults are: they fill in qualities, no format.
        return self.recipe.settled("any", DEFAULTS).encoding.negotiated
