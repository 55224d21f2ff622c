"""Building Thumbor URLs: from the fields of a draft to a path, and from any URL to the fields of a draft."""

from dataclasses import dataclass
from typing import Any

from rendering import conf, routing
from rendering.catalogue.catalogue import Alias as LiveAlias
from rendering.dialects import thumbor
from rendering.http.causes import CAUSES
from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import BadRecipe
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe

from ..models import Alias, Bucket
from ..pictures.preview import Shot, locate, render_at
from . import address as addresses
from . import recipes
from .parts import INFO, named_buckets


@dataclass(frozen=True, slots=True)
class Built:
    """A Thumbor URL: its path, without a signature and a leading /, and what that path asks for."""

    path: str
    recipe: Recipe

    @property
    def unsigned(self) -> str:
        return f"/{routing.UNSIGNED}/{self.path}"


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields of a draft that does what a URL does; the bucket by its name, the key as the sample."""

    fields: dict[str, Any]
    #: What the URL asks for.
    recipe: Recipe

    @property
    def whole(self) -> bool:
        """Whether the draft does all of it. A Thumbor URL can say what no alias can, such as a manual crop."""
        return recipes.alike(recipe_of(self.fields), self.recipe)


def build(draft: Alias) -> Built:
    """The Thumbor URL of a draft's recipe and its sample. Raises BadRecipe."""
    if conf.reads_imagor():
        raise BadRecipe("The URLs here are imagor's (DIALECT), and only Thumbor's can be put together")
    path = thumbor.write(draft.frozen(0).recipe, f"{draft.bucket.name}/{draft.sample}")
    return Built(path, thumbor.read(path, conf.limits(), conf.dynamic_recipe(), strict=True).recipe)


def picture(built: Built, bucket: Bucket, key: str, accept: Any) -> Shot:
    """The picture of a URL that is being built, as viewers would get it. It is not kept. Raises NoPicture."""
    return render_at(LiveAlias("", 0, bucket.name, built.recipe), *locate(bucket, "", key), accept)


def drafts_of(text: str) -> list[Draft]:
    """The drafts that do what a URL does, whether or not the URL is signed, or works: first the one with fewer filters.
    None for what is no picture's URL."""
    address = addresses.read(text)
    if address is None:
        return []
    raw = address.raw.removeprefix(INFO)
    first, _, rest = raw.partition("/")
    try:
        if routing.begins_thumbor(first):
            url = routing.read_thumbor(rest, named_buckets())
            recipe, (bucket, _, key) = url.recipe, url.image.lstrip("/").partition("/")
        else:
            target = routing.target_of(raw, address.query)
            recipe, bucket, key = target.recipe, target.bucket.name, target.key
        both = dict.fromkeys((folded(recipe), recipe))
        return [Draft({**recipes.fields_of(bucket, one), "sample": key}, recipe) for one in both]
    except tuple(CAUSES):
        return []


def draft_of(text: str) -> Draft | None:
    """Of these drafts, the first that does all that the URL does; else the last."""
    drafts = drafts_of(text)
    return next((draft for draft in drafts if draft.whole), drafts[-1] if drafts else None)


def folded(recipe: Recipe) -> Recipe:
    """The recipe with what its filters say of geometry and format said by its own members, as an alias's fields do."""
    geometry, encoding, others = recipe.geometry, recipe.encoding, []
    for call in recipe.filters:
        if call.filter.stage is Geometry:
            geometry = call(geometry)
        elif call.filter.stage is Encoding:
            encoding = call(encoding)
        else:
            others.append(call)
    return Recipe(geometry, encoding, tuple(others))


def recipe_of(fields: dict[str, Any]) -> Recipe:
    """What a draft with these fields does; whatever its bucket is, for which any stands in."""
    values = {name: value for name, value in fields.items() if name != "bucket"}
    try:
        return Alias(**values, bucket=Bucket(name="any")).frozen(0).recipe
    except BadRecipe:
        return Recipe()
