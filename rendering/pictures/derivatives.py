"""Derivatives: the key that names each before it is made, and the keeping of them.

A key is a pure function of everything that decides the pixels, so what is kept is never stale and never overwritten
with something else. Two processes that make the same derivative at once write the same bytes.
"""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from .. import conf, trace
from ..catalogue.catalogue import Bucket
from ..imaging import renderer
from ..imaging.encoding import FORMATS, Accept, sniff
from ..imaging.errors import TooLarge
from ..imaging.focus.faces import Focus
from ..imaging.notes import Notes
from ..imaging.recipe import Recipe
from ..names import SEGMENT
from ..storage.errors import StorageError, TooLate
from ..storage.factory import configured
from . import derivative_store, focus, originals, overruled
from .originals import Original, hash_of
from .slots import Busy, NoSlot, slot

if TYPE_CHECKING:
    # What opens, decodes and encodes is imported by who makes a picture: a process that has just started, and finds the
    # derivative kept, needs none of it.
    from ..imaging.pipeline.render import Derivative, Fetch
    from ..imaging.reading.opened import Opened

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: What makes something of an original, by a settled recipe, with what fetches overlays, and the focus.
Work = Callable[["Opened", Recipe, "Fetch", Focus | None], T]

#: The media types of derivatives.
TYPES = {one.type for one in FORMATS.values()}

#: What is said of a kept derivative to whoever serves it without us: its key names all that decides its bytes.
IMMUTABLE = "public, max-age=31536000, immutable"
#: What a derivative's key looks like: see Wanted.key.
KEY = re.compile(rf"{SEGMENT}/[0-9a-f]{{32}}/[0-9a-f]{{16}}\.[0-9a-f]{{16}}")


class UnknownDerivative(Exception):
    """No derivative is kept under that key. The message is public."""

    code = "unknown_derivative"


class TooLargeToCarry(Exception):
    """The derivative is kept, but the gateway carries no answer of its size. The message is public."""

    code = "too_large_to_carry"


class GivenUp(Exception):
    """Whoever was making a derivative ran out of time: told to those who wait for it, who may have some left."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A derivative's bytes as they are served, and what is said of them."""

    content: bytes
    type: str
    #: Whether the next request will have the same: it is kept, or it is not and was not to be.
    lasting: bool
    notes: Notes = Notes()
    #: A detector failed and another stood in for it: the picture is not the one that its key means.
    stand_in: bool = False


@dataclass(frozen=True)
class Wanted:
    """A derivative before it is found or made: an original, a settled recipe, the overlays that it names, by path."""

    original: Original
    recipe: Recipe
    overlays: Mapping[str, Original] = field(default_factory=dict)

    @cached_property  # asked for by whoever answers and by whoever finds
    def key(self) -> str:
        """`bucket/hash of the original/version.fingerprint`: a pure function of all that decides the pixels."""
        original = self.original
        versions = {path: overlay.version for path, overlay in self.overlays.items()}
        fingerprint = self.recipe.fingerprint(renderer.RENDERER, conf.limits(), versions)
        return f"{folder(original.bucket, original.key)}/{original.version}.{fingerprint}"


def want(bucket: Bucket, key: str, recipe: Recipe) -> Wanted:
    """Find what a settled recipe needs of a bucket: a HEAD each, none where originals never change.

    The focus that a person set for the original takes the place of `smart`, unless the recipe brings its own.
    """
    original = originals.find(bucket, key)
    smart = recipe.geometry.smart
    if smart and not smart.focus and (set_focus := overruled.of(bucket, key)):
        recipe = recipe.overruled(set_focus)
    return Wanted(original, recipe, {path: originals.overlay(bucket, path) for path in recipe.overlays})


def tag(bucket: Bucket, key: str) -> str:
    """The cache tag of everything that is made from one original."""
    return f"image:{hash_of(bucket, key)}"


def folder(bucket: Bucket, key: str) -> str:
    """Where everything is kept that is made from one original."""
    return f"{bucket.name}/{hash_of(bucket, key)}"


#: What is being found or made in this process, by all that decides what comes of it: the key, the bytes that can be
#: carried, and whether it is kept. A hundred requests for one missing picture are one render.
_underway: dict[tuple[str, int | None, bool], "Future[Kept]"] = {}
_lock = threading.Lock()


def find_or_render(
    wanted: Wanted, *, keep: bool = True, most: int | None = None, opened: "Opened | None" = None
) -> Kept:
    """The derivative: the kept one, else a new one, kept unless told otherwise. `opened` is the original, where it has
    been read already.

    Raises TooLargeToCarry when it has more bytes than `most`. It is kept then in any case, since its key is the only
    way to it.
    """
    name = wanted.key
    trace.note(derivative=name)
    while True:
        with _lock:
            # Who may not keep it can join those who do, and not the other way round: nothing would be kept.
            future = _underway.get((name, most, True)) or _underway.get((name, most, keep))
            if future is None:
                _underway[name, most, keep] = Future()
                break
        try:
            with trace.stage("wait"):
                return future.result(timeout=max(trace.remaining(), 0.001))
        except GivenUp:  # by a request that came before, and so ran out of time before
            continue
        except FutureTimeoutError:
            raise Busy("This picture is being made and takes long; ask again in a moment") from None
    try:
        kept = _find(name, most) or _make(name, wanted, opened, keep=keep, most=most)
    except BaseException as error:
        ended(name, most, keep).set_exception(GivenUp() if ran_out(error) else error)
        raise
    ended(name, most, keep).set_result(kept)
    return kept


def ended(name: str, most: int | None, keep: bool) -> "Future[Kept]":
    """Take from what is under way, so that nobody joins it any more."""
    with _lock:
        return _underway.pop((name, most, keep))


def ran_out(error: BaseException) -> bool:
    """Whether a request was ended by its own deadline, and not by what others would meet as well."""
    return isinstance(error, NoSlot) or (isinstance(error, TooLate) and trace.remaining() <= 0)


def find(key: str, *, most: int | None = None) -> Kept:
    """The derivative that is kept under a key. Raises UnknownDerivative, and TooLargeToCarry as above."""
    if found := _find(key, most):
        return found
    raise UnknownDerivative("No picture is kept under this key; ask for the picture by its alias")


def remove(folder: str) -> int:
    """Remove everything that is kept in a `folder` of one original. Returns how many there were."""
    return configured("derivatives").remove(f"{folder}/")


def render(
    bucket: Bucket, key: str, recipe: Recipe, accept: Accept = "any", opened: "Opened | None" = None
) -> "Derivative":
    """A derivative that is never kept: for previews. The recipe need not be settled. `opened` is the original, where it
    has been read already."""
    return _render(want(bucket, key, recipe.settled(accept, conf.defaults())), opened)[0]


def sight(wanted: Wanted, opened: "Opened") -> focus.Sight | None:
    """What a crop of an original keeps in sight, which is then kept. None where it is not smart or cuts nothing off:
    then nobody looks, and nothing is read."""
    seen = _look(wanted, opened)
    if seen:
        focus.keep(seen)
    return seen


def _look(wanted: Wanted, opened: "Opened") -> focus.Sight | None:
    smart = wanted.recipe.geometry.smart
    if not smart:
        return None
    from ..imaging.pipeline.sight import looks

    return focus.look(wanted.original, opened, smart) if looks(opened, wanted.recipe) else None


def _find(name: str, most: int | None) -> Kept | None:
    with trace.stage("kept"):
        try:
            stored = derivative_store.read(name, most)
        except TooLarge:
            trace.note(kept=True)
            raise too_large_to_carry() from None
    if stored is None:
        return None
    media_type = sniff(stored.content)
    if media_type not in TYPES:
        # Nothing writes such an object here; whoever did, it is no picture and a new one takes its place.
        logger.error("derivative is no picture", extra={"facts": {"derivative": name}})
        return None
    trace.note(kept=True)
    return Kept(stored.content, media_type, True, Notes.read(stored.note))


def _make(name: str, wanted: Wanted, opened: "Opened | None", *, keep: bool, most: int | None) -> Kept:
    derivative, stand_in = _render(wanted, opened)
    trace.note(kept=False)
    kept = Kept(derivative.content, derivative.type, not stand_in, derivative.notes, stand_in)
    large = most is not None and len(derivative.content) > most
    if stand_in and large:
        raise Busy("The detector of faces did not answer, and this picture cannot be carried unkept; ask again soon")
    if (not keep or stand_in) and not large:
        return kept
    try:
        with trace.stage("keep"):
            derivative_store.write(
                name,
                derivative.content,
                derivative.type,
                cache_control=IMMUTABLE,
                tag=tag(wanted.original.bucket, wanted.original.key),
                note=str(derivative.notes),
            )
    except StorageError as error:
        logger.error("derivative not kept", extra={"facts": {"derivative": name, "error": str(error)}})
        if large:
            raise
        # The picture is there; that it could not be kept is our trouble, not the viewer's.
        return replace(kept, lasting=False)
    if large:
        raise too_large_to_carry()
    return kept


def too_large_to_carry() -> TooLargeToCarry:
    return TooLargeToCarry("This picture is kept, but larger than this server's gateway carries")


def _render(wanted: Wanted, opened: "Opened | None") -> tuple["Derivative", bool]:
    from ..imaging.pipeline import render as imaging

    return _worked(wanted, imaging.render, opened)


def worked(wanted: Wanted, work: Work[T]) -> T:
    """What some work makes of an original, with no more of it side by side than memory and processors are there for."""
    return _worked(wanted, work, None)[0]


def _worked(wanted: Wanted, work: Work[T], opened: "Opened | None") -> tuple[T, bool]:
    """The same, and whether a stand-in looked for the focus."""
    from ..imaging.reading.opened import Opened

    opened = opened or Opened(originals.read(wanted.original), conf.limits())
    overlays = {path: originals.read_overlay(path, overlay) for path, overlay in wanted.overlays.items()}
    with opened:
        seen = _look(wanted, opened)
        try:
            # At once: what looking decoded may be what developing needs.
            with slot(opened.release), trace.stage("render"):
                made = work(opened, wanted.recipe, overlays.__getitem__, seen.focus if seen else None)
        finally:
            if seen:
                focus.keep(seen)
    return made, bool(seen and seen.stand_in)
