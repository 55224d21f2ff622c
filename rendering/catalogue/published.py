"""What is published of a bucket and of an alias: values, and how they stand in the catalogue's JSON.

`to_json` and `from_json` of each are here, once, for both planes. `stored.py` says how the shape is checked.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Required, Self, TypedDict

from ..imaging import stored
from ..imaging.errors import BadDocument
from ..imaging.recipe import Recipe
from ..names import wrong_with_key
from ..storage.place import Place


class StoredBucket(TypedDict, total=False):
    """What `Bucket.to_json` writes."""

    place: dict[str, Any] | None
    immutable: bool
    unsafe_allowed: bool
    overlays_from: list[str]
    focus: stored.Serial


@dataclass(frozen=True, slots=True)
class Bucket:
    """A named place that originals come from. `place` is None where this environment has none for it."""

    name: str
    place: Place | None
    #: Originals in it never change under their key, so their version need not be asked for.
    immutable: bool = False
    #: Whether unsigned Thumbor URLs may read from it, where the deployment allows any.
    unsafe_allowed: bool = False
    #: Names of the buckets, beside itself, that overlays may come from.
    overlays_from: tuple[str, ...] = ()
    #: The serial of its document of overruled focus (`overruled.py`); 0: there is none to be read.
    focus: int = 0

    def to_json(self) -> dict[str, Any]:
        return {
            "place": self.place.to_json() if self.place else None,
            "immutable": self.immutable,
            "unsafe_allowed": self.unsafe_allowed,
            "overlays_from": list(self.overlays_from),
            "focus": self.focus,
        }

    @classmethod
    def from_json(cls, name: str, data: object) -> Self:
        """Read what `to_json` wrote. Raises BadDocument."""
        said = stored.read(data, StoredBucket)
        place = said.get("place")
        return cls(
            name,
            None if place is None else Place.from_json(place),
            said.get("immutable", False),
            said.get("unsafe_allowed", False),
            tuple(said.get("overlays_from", ())),
            said.get("focus", 0),
        )


#: Seconds for which CDNs keep an alias's answers where nobody could tell them of a change.
UNPURGED = 300


@dataclass(frozen=True, slots=True)
class Caching:
    """How long answers are kept, in seconds: by browsers, by CDNs (None: as long as by browsers), and by either while
    a newer one is fetched."""

    max_age: stored.Seconds = 60
    shared_max_age: stored.Seconds | None = 31_536_000
    stale_while_revalidate: stored.Seconds = 60

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read what `to_json` wrote. Raises BadDocument."""
        return stored.read(data, cls)

    def unpurged(self) -> "Caching":
        """The same where nothing tells CDNs what to forget: they may miss a change for UNPURGED seconds, and once more
        for as long while they fetch it."""
        shared = self.max_age if self.shared_max_age is None else self.shared_max_age
        return replace(
            self,
            shared_max_age=min(shared, UNPURGED),
            stale_while_revalidate=min(self.stale_while_revalidate, UNPURGED),
        )


class StoredAlias(TypedDict, total=False):
    """What `Alias.to_json` writes."""

    revision: Required[stored.Serial]
    bucket: Required[str]
    prefix: str
    recipe: dict[str, Any]
    caching: dict[str, Any]
    dprs: list[stored.Ratio]
    fallback: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A live revision of an alias."""

    name: str
    #: The revision's number, 1 for an alias's first.
    revision: int
    #: The bucket's public name.
    bucket: str
    recipe: Recipe
    #: What stands before the key of every original, exactly as in the bucket: `profile_images/`.
    prefix: str = ""
    caching: Caching = Caching()
    #: Device-pixel ratios that URLs may ask for beside 1, as in `ios@2x`.
    dprs: tuple[float, ...] = ()
    #: Key, in the same bucket and without the prefix, of the picture that stands in for a missing original.
    fallback: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "revision": self.revision,
            "bucket": self.bucket,
            "prefix": self.prefix,
            "recipe": self.recipe.to_json(),
            "caching": self.caching.to_json(),
            "dprs": list(self.dprs),
            "fallback": self.fallback,
        }

    @classmethod
    def from_json(cls, name: str, data: object) -> Self:
        """Read what `to_json` wrote. Raises BadRecipe."""
        said = stored.read(data, StoredAlias)
        prefix, fallback = said.get("prefix", ""), said.get("fallback", "")
        # With any name behind it, since a prefix may end with a /; a fallback may be none.
        if wrong := wrong_with_key(f"{prefix}x") or wrong_with_key(fallback or "x"):
            raise BadDocument(f"The prefix or the fallback can be no part of a key. {wrong}")
        return cls(
            name,
            said["revision"],
            said["bucket"],
            Recipe.from_json(said.get("recipe", {})),
            prefix,
            Caching.from_json(said.get("caching", {})),
            tuple(said.get("dprs", ())),
            fallback,
        )
