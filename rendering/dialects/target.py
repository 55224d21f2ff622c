"""What a URL asks for, in whichever dialect."""

from msgspec import Struct

from ..catalogue.alias import Alias, Caching
from ..catalogue.bucket import Bucket
from ..imaging.recipe import Defaults, Recipe
from .image_path import By

DEFAULTS = Defaults()


class Target(Struct, frozen=True):
    """What a URL asks for: an original, and what to make of it."""

    bucket: Bucket
    key: str
    recipe: Recipe
    caching: Caching
    #: None for a URL that spells its recipe out.
    alias: Alias | None = None
    #: Whether derivatives of this URL may be stored.
    keep: bool = True
    #: Whether the URL asks for Thumbor's description of the picture instead (meta/).
    meta: bool = False
    #: Whether the URL asks for the original with its focus outlined instead (debug/).
    debug: bool = False
    #: Names of the URL's filters that were ignored.
    skipped: tuple[str, ...] = ()
    #: What says which bucket a Thumbor URL is of.
    by: By = By.NAME
    #: The path to redirect to, if the URL spells an alias's ratio or width in another way. Else empty.
    moved: str = ""

    @property
    def negotiated(self) -> bool:
        """Whether the format is negotiated by Accept, after all filters."""
        # Any defaults will do: they fill in qualities, not the format.
        return self.recipe.settled("any", DEFAULTS).encoding.negotiated
