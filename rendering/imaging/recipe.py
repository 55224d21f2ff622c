"""The recipe: what to do to an original, as an immutable value.

>>> recipe = Recipe(Geometry(width=90, height=90, smart=Smart()), Encoding(format="png"))
>>> recipe.settled("any", Defaults()).fingerprint(1, Limits())
'...'
"""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Defaults:
    """The qualities of recipes that name none (1 to 100), and who looks for the faces of their smart crops."""

    jpeg_quality: int = 80
    webp_quality: int = 80
    avif_quality: int = 60
    #: A detector's name; empty: nobody looks, and a smart crop is as the alignment.
    detector: str = yunet.NAME


class Recipe(Struct, frozen=True, cache_hash=True):
    """Geometry first, planned whole; then the filters, in order; then the encoding."""

    geometry: Geometry = Geometry()
    encoding: Encoding = Encoding()
    filters: Annotated[tuple[Call, ...], Meta(max_length=MOST_FILTERS)] = ()

    def scaled(self, ratio: float) -> Self:
        """The same for a screen of that device-pixel ratio."""
        return replace(self, geometry=self.geometry.scaled(ratio))

    def settled(self, accept: Accept, defaults: Defaults) -> "Recipe":
        """The same with nothing left open.

        Filters of geometry and encoding are carried out, qualities filled in, and the Accept class is taken in where
        the format is negotiated. Filters of lifetime are left out: they change no picture. Recipes that give the same
        picture are equal once settled.
        """
        return _settled(self, accept, defaults)

    def overruled(self, focus: Focus) -> Self:
        """The same, settled, with what a person set in place of what a detector would find. Only a smart crop heeds it.

        The focus is then part of the recipe, and so of the fingerprint: nobody has to look, and a focus that is set
        anew gives other derivatives.
        """
        if not self.geometry.smart:
            return self
        smart = replace(self.geometry.smart, detector="", focus=focus)
        return replace(self, geometry=replace(self.geometry, smart=smart))

    def lifetime(self) -> Lifetime:
        """How long the answer may be kept, as far as the recipe itself says so. Asked before `settled`."""
        lifetime = Lifetime()
        for call in self.filters:
            if call.filter.stage is Lifetime:
                lifetime = call(lifetime)
        return lifetime

    @property
    def overlays(self) -> tuple[str, ...]:
        """The paths of the pictures that the filters lay over this one, each once: the bucket's name, a /, the key."""
        paths = [
            value
            for call in self.filters
            for argument, value in zip(call.filter.arguments, call.values, strict=True)
            if isinstance(argument.parameter, PathText)
        ]
        return tuple(dict.fromkeys(paths))

    def fingerprint(self, renderer: int, limits: Limits, overlays: Mapping[str, str] = MappingProxyType({})) -> str:
        """16 hexadecimal digits that are equal for equal recipes, the same renderer, limits that shape pictures alike,
        and the same overlays, which are given as versions by path."""
        versions = tuple((path, overlays.get(path)) for path in self.overlays)
        return _fingerprint(self, renderer, limits.shaping, versions)


#: Recipes whose settled form, or fingerprint, a process remembers. Both are pure functions of values, so what is
#: remembered is never stale; bounded, since Thumbor URLs bring recipes that nobody asks for a second time.
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
    recipe: Recipe, renderer: int, limits: tuple[int, ...], overlays: tuple[tuple[str, str | None], ...]
) -> str:
    facts = {"renderer": renderer, "limits": limits, **asdict(recipe)}
    if overlays:
        facts["overlays"] = dict(overlays)
    return sha256(documents.encoded(facts, sort_keys=True)).hexdigest()[:16]
