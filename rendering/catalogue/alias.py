"""A live revision of an alias, as the catalogue holds it."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..imaging import documents
from ..imaging.errors import BadDocument
from ..imaging.recipe import Recipe
from ..names import wrong_with_key
from .descriptor import Descriptor

#: Seconds for which CDNs keep an alias's responses where nothing invalidates them after a change.
UNPURGED = 300


class Caching(Struct, frozen=True):
    """How long responses are cached, in seconds.

    `max_age` is for browsers, `shared_max_age` for CDNs (None: as for browsers), and `stale_while_revalidate` for both,
    while they fetch a newer response.
    """

    max_age: documents.Seconds = 60
    shared_max_age: documents.Seconds | None = 31_536_000
    stale_while_revalidate: documents.Seconds = 60

    def unpurged(self) -> "Caching":
        """The same where nothing invalidates CDNs: they serve a stale response for UNPURGED seconds, and for as long
        again while they fetch a newer one."""
        shared = self.max_age if self.shared_max_age is None else self.shared_max_age
        return replace(
            self,
            shared_max_age=min(shared, UNPURGED),
            stale_while_revalidate=min(self.stale_while_revalidate, UNPURGED),
        )


class Alias(Struct, frozen=True):
    """A live revision of an alias."""

    #: The alias's name. The catalogue lists aliases by it.
    name: str
    #: The revision's number, from 1.
    revision: documents.Serial
    #: The bucket's public name.
    bucket: str
    recipe: Recipe = Recipe()
    #: Put before each key to find the original in the bucket, such as `profile_images/`.
    prefix: str = ""
    caching: Caching = Caching()
    #: Device-pixel ratios other than 1 that URLs may request, as in `ios@2x`.
    dprs: tuple[documents.Ratio, ...] = ()
    #: The key, in the same bucket and without the prefix, of the picture to serve for a missing original.
    fallback: str = ""
    #: Widths in pixels that URLs may request, as in `hero@640w`.
    widths: tuple[documents.Width, ...] = ()

    @property
    def all_widths(self) -> tuple[int, ...]:
        """The widths that URLs may request, in order, with the alias's own if it has one. Empty if it allows none."""
        own = self.recipe.geometry.own_width
        return tuple(sorted({*self.widths, *([own] if own and self.widths else [])}))

    @property
    def descriptors(self) -> tuple[Descriptor, ...]:
        """What URLs may ask of the alias, its own size first."""
        ratios = (Descriptor(ratio=ratio) for ratio in (1, *self.dprs))
        return (*ratios, *(Descriptor(width=width) for width in self.all_widths))

    def descriptor(self, text: str) -> Descriptor | None:
        """What a text such as `2x` or `640w` asks for. None if it is nothing that the alias allows."""
        asked = Descriptor.read(text)
        return asked if asked in self.descriptors else None


def read_alias(name: str, data: object) -> Alias:
    """Read the alias of that name from its part of the catalogue. Raises BadDocument."""
    said = updated(documents.read(data, dict[str, Any]))
    alias = documents.read({**said, "name": name}, Alias)
    # The x completes a prefix that ends with a /, and stands for a fallback that is empty.
    if wrong := wrong_with_key(f"{alias.prefix}x") or wrong_with_key(alias.fallback or "x"):
        raise BadDocument(f"The prefix or the fallback cannot be part of a key. {wrong}")
    return alias


def updated(data: dict[str, Any]) -> dict[str, Any]:
    """The document of an alias in the current form: earlier versions wrote a smart crop as `true` or `false`."""
    match data:
        case {"recipe": {"geometry": {"smart": bool(smart)} as geometry} as recipe}:
            return {**data, "recipe": {**recipe, "geometry": {**geometry, "smart": {} if smart else None}}}
    return data
