"""What is published of an alias: its live revision."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..imaging import documents
from ..imaging.errors import BadDocument
from ..imaging.recipe import Recipe
from ..names import wrong_with_key

#: Seconds for which CDNs keep an alias's answers where nobody could tell them of a change.
UNPURGED = 300


class Caching(Struct, frozen=True):
    """How long answers are kept, in seconds: by browsers, by CDNs (None: as long as by browsers), and by either while
    a newer one is fetched."""

    max_age: documents.Seconds = 60
    shared_max_age: documents.Seconds | None = 31_536_000
    stale_while_revalidate: documents.Seconds = 60

    def unpurged(self) -> "Caching":
        """The same where nothing tells CDNs what to forget: they may miss a change for UNPURGED seconds, and once more
        for as long while they fetch it."""
        shared = self.max_age if self.shared_max_age is None else self.shared_max_age
        return replace(
            self,
            shared_max_age=min(shared, UNPURGED),
            stale_while_revalidate=min(self.stale_while_revalidate, UNPURGED),
        )


class Alias(Struct, frozen=True):
    """A live revision of an alias."""

    #: The catalogue lists aliases by it.
    name: str
    #: The revision's number, 1 for an alias's first.
    revision: documents.Serial
    #: The bucket's public name.
    bucket: str
    recipe: Recipe = Recipe()
    #: What stands before the key of every original, exactly as in the bucket: `profile_images/`.
    prefix: str = ""
    caching: Caching = Caching()
    #: Device-pixel ratios that URLs may ask for beside 1, as in `ios@2x`.
    dprs: tuple[documents.Ratio, ...] = ()
    #: Key, in the same bucket and without the prefix, of the picture that stands in for a missing original.
    fallback: str = ""


def read_alias(name: str, data: object) -> Alias:
    """What the catalogue says of the alias of that name. Raises BadDocument."""
    said = updated(documents.read(data, dict[str, Any]))
    alias = documents.read({**said, "name": name}, Alias)
    # With any name behind it, since a prefix may end with a /; a fallback may be none.
    if wrong := wrong_with_key(f"{alias.prefix}x") or wrong_with_key(alias.fallback or "x"):
        raise BadDocument(f"The prefix or the fallback can be no part of a key. {wrong}")
    return alias


def updated(data: dict[str, Any]) -> dict[str, Any]:
    """The document of an alias as this version writes it: in earlier ones a smart crop was a mere `true` or `false`."""
    match data:
        case {"recipe": {"geometry": {"smart": bool(smart)} as geometry} as recipe}:
            return {**data, "recipe": {**recipe, "geometry": {**geometry, "smart": {} if smart else None}}}
    return data
