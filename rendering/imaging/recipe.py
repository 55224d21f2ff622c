"""The recipe: what to do to an original, as an immutable value.

>>> recipe = Recipe(Geometry(width=90, height=90, smart=Smart()), Encoding(format="png"))
>>> recipe.settled("any", Defaults()).fingerprint(1, Limits())
'...'
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Annotated, Self

from msgspec import UNSET, Meta, Struct
from msgspec.structs import asdict, replace

from . import documents
from .encoding import Accept, Encoding
from .filters import Call
from .filters.grammar.lifetime import Lifetime
from .filters.grammar.registry import MOST_FILTERS
from .focus import yunet
from .focus.faces import Focus
from .frame.geometry import Geometry
from .parameters import PathText
from .reading.limits import Limits


class Defaults(Struct, frozen=True):
    """The service's qualities (1 to 100) and detector of faces, for recipes that do not choose their own."""

    jpeg_quality: int = 80
    webp_quality: int = 80
    avif_quality: int = 60
    #: A detector's name. If it is empty, nothing is detected and a smart crop follows the alignment.
    detector: str = yunet.NAME


class Recipe(Struct, frozen=True, cache_hash=True):
    """What is done to an original: first the geometry, then the filters in order, then the encoding."""

    geometry: Geometry = Geometry()
    encoding: Encoding = Encoding()
    filters: Annotated[tuple[Call, ...], Meta(max_length=MOST_FILTERS)] = ()

    def scaled(self, ratio: float) -> Self:
        """The recipe for a screen of that device-pixel ratio."""
        return replace(self, geometry=self.geometry.scaled(ratio))

    def at_width(self, width: int) -> Self:
        """The recipe for a picture of that width, in pixels; its height is in proportion."""
        return replace(self, geometry=self.geometry.at_width(width))

    def settled(self, accept: Accept, defaults: Defaults) -> "Recipe":
        """The recipe with nothing left open. Recipes that give the same picture are equal once settled.

        Filters of geometry and encoding are applied to those. Filters of lifetime are left out, since they change no
        picture. Qualities and the detector are filled in from the defaults, and the Accept class where the format is
        negotiated.
        """
        return _settled(self, accept, defaults)

    def overruled(self, focus: Focus) -> Self:
        """The recipe, settled, with a focus that a person set in place of a detector. Only a smart crop changes.
        The focus becomes part of the recipe and so of its fingerprint: nothing has to be detected, and another focus
        gives other derivatives.
        """
        if not self.geometry.smart:
            return self
        smart = replace(self.geometry.smart, detector="", focus=focus)
        return replace(self, geometry=replace(self.geometry, smart=smart))

    def lifetime(self) -> Lifetime:
        """How long the response may be cached, as far as filters say. `settled` recipes have lost those filters."""
        lifetime = Lifetime()
        for call in self.filters:
            if call.filter.stage is Lifetime:
                lifetime = call(lifetime)
        return lifetime

    @property
    def overlays(self) -> tuple[str, ...]:
        """The paths of the overlays that filters use, each once. A path is a bucket's name, a / and a key."""
        paths = [
            value
            for call in self.filters
            for argument, value in zip(call.filter.arguments, call.values, strict=True)
            if isinstance(argument.parameter, PathText)
        ]
        return tuple(dict.fromkeys(paths))

    def with_overlays(self, at: Callable[[str], str]) -> Self:
        """The recipe with the path of each overlay replaced by what `at` returns for it."""
        if not self.overlays:
            return self
        calls = (
            Call(
                call.filter,
                tuple(
                    at(value) if isinstance(argument.parameter, PathText) else value
                    for argument, value in zip(call.filter.arguments, call.values, strict=True)
                ),
            )
            for call in self.filters
        )
        return replace(self, filters=tuple(calls))

    def fingerprint(self, renderer: int, limits: Limits, overlays: Mapping[str, str] = MappingProxyType({})) -> str:
        """16 hexadecimal digits that are equal when the pictures are.

        They are a hash of the recipe, of `renderer`, which is RENDERER, of the limits that shape a picture, and of the
        versions of the overlays, by path, and of the packages that filters are from.
        """
        versions = tuple((path, overlays.get(path)) for path in self.overlays)
        packages = tuple(call.filter.package for call in self.filters if call.filter.package)
        return _fingerprint(self, renderer, limits.shaping, versions, packages)


#: The number of settled recipes, and of fingerprints, that a process caches. Both are pure functions, so the cache is
#: never stale. It is bounded, because Thumbor URLs bring any number of recipes that occur once.
REMEMBERED = 2048


@lru_cache(maxsize=REMEMBERED)
def _settled(recipe: Recipe, accept: Accept, defaults: Defaults) -> Recipe:
    geometry, encoding, pixels = recipe.geometry, recipe.encoding, []
    for call in recipe.filters:
        if call.filter.stage is Geometry:
            geometry = call(geometry)
        elif call.filter.stage is Encoding:
            encoding = call(encoding)
        elif call.filter.stage is not Lifetime:
            pixels.append(call)
    encoding = replace(
        encoding,
        jpeg_quality=encoding.jpeg_quality or defaults.jpeg_quality,
        webp_quality=encoding.webp_quality or defaults.webp_quality,
        avif_quality=encoding.avif_quality or defaults.avif_quality,
        accept=accept if encoding.negotiated else "any",
        smallest=bool(encoding.smallest and encoding.max_bytes) or UNSET,
    )
    if (smart := geometry.smart) and not smart.focus:
        smart = replace(smart, detector=smart.detector or defaults.detector)
        geometry = replace(geometry, smart=smart if smart.detector else None)
    return replace(recipe, geometry=geometry, encoding=encoding, filters=tuple(pixels))


@lru_cache(maxsize=REMEMBERED)
def _fingerprint(
    recipe: Recipe,
    renderer: int,
    limits: tuple[int, ...],
    overlays: tuple[tuple[str, str | None], ...],
    packages: tuple[str, ...],
) -> str:
    facts = {"renderer": renderer, "limits": limits, **asdict(recipe)}
    if overlays:
        facts["overlays"] = dict(overlays)
    if packages:
        facts["packages"] = packages
    return sha256(documents.encode(facts, sort_keys=True)).hexdigest()[:16]
