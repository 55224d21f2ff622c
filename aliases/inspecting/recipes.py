"""What a URL does to an original: in words, as the draft of an alias, and as a Thumbor URL that does the same."""

from dataclasses import dataclass
from typing import Any

from rendering import conf, routing
from rendering.catalogue.catalogue import Alias as LiveAlias
from rendering.dialects import signing, thumbor
from rendering.dialects.target import Target
from rendering.imaging import documents
from rendering.imaging.encoding import Accept
from rendering.imaging.errors import BadRecipe
from rendering.imaging.recipe import Recipe

from ..drafts import content, words
from ..drafts.field_lists import AGES
from ..models import Alias

#: The most live aliases that are compared with a recipe.
MOST_COMPARED = 500
CLASSES: tuple[Accept, ...] = ("avif", "webp", "any")


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A Thumbor URL for a picture. `path` has a signature where there is a key to sign with."""

    path: str
    #: Whether it gives the very same picture to every kind of browser.
    same: bool


def content_of(bucket: str, recipe: Recipe) -> dict[str, Any]:
    """The content of a revision that does what a recipe does to originals of that bucket."""
    found = documents.to_builtins_unnamed(LiveAlias("", 0, bucket, recipe))
    del found["revision"]
    return found


def in_words(target: Target) -> str:
    """“Cut to 480 x 180 pixels around faces; WebP”."""
    said = words.in_words(content_of(target.bucket.name, target.recipe))
    return said[0].upper() + said[1:]


def fields_of(bucket: str, recipe: Recipe) -> dict[str, Any]:
    """The fields of a draft that does what a recipe does, without those of ages. Raises BadRecipe."""
    fields = content.thawed(content_of(bucket, recipe))
    return {name: value for name, value in fields.items() if name not in AGES}


def canonical(target: Target) -> str:
    """The recipe and the image path in the one spelling of Thumbor's URLs, without a signature."""
    return thumbor.write(target.recipe, f"{target.bucket.name}/{target.key}")


def equivalent(target: Target) -> Equivalent | None:
    """The Thumbor URL that gives the picture, signed with the deployment's key. None where there is no key, or URLs
    are imagor's."""
    keys, path = conf.security_keys(), canonical(target)
    if not keys or conf.reads_imagor():
        return None
    try:
        read = thumbor.read(path, conf.limits(), conf.dynamic_recipe()).recipe
    except BadRecipe:
        return None
    return Equivalent(signed(path), alike(read, target.recipe))


def signed(path: str) -> str:
    """The path, without its leading /, with the signature before it, and a leading /. There must be a key."""
    return f"/{signing.sign(conf.security_keys()[0], path, routing.signer())}/{path}"


def alike(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes give the same picture to every kind of browser."""
    return all(fingerprint(one, accept) == fingerprint(other, accept) for accept in CLASSES)


def fingerprint(recipe: Recipe, accept: Accept) -> str:
    return recipe.settled(accept, conf.defaults()).fingerprint(0, conf.limits())


def alias_like(target: Target) -> tuple[Alias, str] | None:
    """The live alias that would do the same as a Thumbor URL, and the key that it needs."""
    live = Alias.objects.filter(enabled=True, live_bucket__name=target.bucket.name).select_related("live")
    for alias in live[:MOST_COMPARED]:
        try:
            assert alias.live
            served = content.served(alias.name, alias.live.content)
        except BadRecipe:
            continue
        if target.key.startswith(served.prefix) and alike(served.recipe, target.recipe):
            return alias, target.key.removeprefix(served.prefix)
    return None
