"""Derivatives: the key that names each before it is made, and the keeping of them.

A key is a pure function of everything that decides the pixels, so what is kept is never stale and never overwritten
with something else. Two processes that make the same derivative at once write the same bytes.
"""

import logging
import re
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from functools import lru_cache

from . import conf, originals, trace
from .catalogue import Bucket
from .imaging import render as imaging
from .imaging.encoding import FORMATS, Accept, sniff
from .imaging.errors import TooLarge
from .imaging.recipe import Recipe
from .names import SEGMENT
from .originals import Original, hash_of
from .storages import configured
from .stores import Missing, StorageError

logger = logging.getLogger(__name__)

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


class Busy(Exception):
    """All renders that may run at once do, and none ended in time. The message is public."""

    code = "busy"


@dataclass(frozen=True, slots=True)
class Kept:
    """A derivative's bytes as they are served. `stored` is False when it could not be, or may not be, kept."""

    content: bytes
    type: str
    stored: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A derivative before it is found or made: an original, a settled recipe, the overlays that it names, by path."""

    original: Original
    recipe: Recipe
    overlays: Mapping[str, Original] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """`bucket/hash of the original/version.fingerprint`: a pure function of all that decides the pixels."""
        original = self.original
        versions = {path: overlay.version for path, overlay in self.overlays.items()}
        fingerprint = self.recipe.fingerprint(imaging.RENDERER, versions)
        return f"{folder(original.bucket, original.key)}/{original.version}.{fingerprint}"


def want(bucket: Bucket, key: str, recipe: Recipe) -> Wanted:
    """Find what a settled recipe needs of a bucket: a HEAD each, none where originals never change."""
    original = originals.find(bucket, key)
    return Wanted(original, recipe, {path: originals.overlay(bucket, path) for path in recipe.overlays})


def tag(bucket: Bucket, key: str) -> str:
    """The cache tag of everything that is made from one original."""
    return f"image:{hash_of(bucket, key)}"


def folder(bucket: Bucket, key: str) -> str:
    """Where everything is kept that is made from one original."""
    return f"{bucket.name}/{hash_of(bucket, key)}"


#: What is being found or made in this process, by key: a hundred requests for one missing picture are one render.
_underway: dict[tuple[str, int | None], "Future[Kept]"] = {}
_lock = threading.Lock()


def find_or_render(wanted: Wanted, *, keep: bool = True, most: int | None = None) -> Kept:
    """The derivative: the kept one, else a new one, kept unless told otherwise.

    Raises TooLargeToCarry when it has more bytes than `most`. It is kept then in any case, since its key is the only
    way to it.
    """
    name = wanted.key
    trace.note(derivative=name)
    with _lock:
        future = _underway.get((name, most))
        mine = future is None
        if future is None:
            future = _underway[name, most] = Future()
    if not mine:
        try:
            with trace.stage("wait"):
                return future.result(timeout=max(trace.remaining(), 0.001))
        except FutureTimeoutError:
            raise Busy("This picture is being made and takes long; ask again in a moment") from None
    try:
        kept = _find(name, most) or _make(name, wanted, keep=keep, most=most)
        future.set_result(kept)
        return kept
    except BaseException as error:
        future.set_exception(error)
        raise
    finally:
        with _lock:
            del _underway[name, most]


def find(key: str, *, most: int | None = None) -> Kept:
    """The derivative that is kept under a key. Raises UnknownDerivative, and TooLargeToCarry as above."""
    if found := _find(key, most):
        return found
    raise UnknownDerivative("No picture is kept under this key; ask for the picture by its alias")


def remove(folder: str) -> int:
    """Remove everything that is kept in a `folder` of one original. Returns how many there were."""
    return configured("derivatives").remove(f"{folder}/")


def render(bucket: Bucket, key: str, recipe: Recipe, accept: Accept = "any") -> imaging.Derivative:
    """A derivative that is never kept: for previews. The recipe need not be settled."""
    return _render(want(bucket, key, recipe.settled(accept, conf.defaults())))


def _find(name: str, most: int | None) -> Kept | None:
    with trace.stage("kept"):
        try:
            stored = configured("derivatives").read(name, most=most)
        except Missing:
            return None
        except TooLarge:
            trace.note(kept=True)
            raise too_large_to_carry() from None
    media_type = sniff(stored.content) if stored else ""
    if not stored or media_type not in TYPES:
        # Nothing writes such an object here; whoever did, it is no picture and a new one takes its place.
        logger.error("derivative is no picture", extra={"facts": {"derivative": name}})
        return None
    trace.note(kept=True)
    return Kept(stored.content, media_type, stored=True)


def _make(name: str, wanted: Wanted, *, keep: bool, most: int | None) -> Kept:
    derivative = _render(wanted)
    trace.note(kept=False)
    large = most is not None and len(derivative.content) > most
    if not keep and not large:
        return Kept(derivative.content, derivative.type, stored=False)
    try:
        with trace.stage("keep"):
            configured("derivatives").write(
                name,
                derivative.content,
                derivative.type,
                cache_control=IMMUTABLE,
                tag=tag(wanted.original.bucket, wanted.original.key),
            )
    except StorageError as error:
        logger.error("derivative not kept", extra={"facts": {"derivative": name, "error": str(error)}})
        if large:
            raise
        # The picture is there; that it could not be kept is our trouble, not the viewer's.
        return Kept(derivative.content, derivative.type, stored=False)
    if large:
        raise too_large_to_carry()
    return Kept(derivative.content, derivative.type, stored=True)


def too_large_to_carry() -> TooLargeToCarry:
    return TooLargeToCarry("This picture is kept, but larger than this server's gateway carries")


@lru_cache(maxsize=1)
def _renders(at_once: int) -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(at_once)


def _render(wanted: Wanted) -> imaging.Derivative:
    """Render, with no more renders side by side than memory and processors are there for."""
    content = originals.read(wanted.original)
    overlays = {path: originals.read(overlay) for path, overlay in wanted.overlays.items()}
    semaphore = _renders(conf.renders_at_once())
    with trace.stage("queue"):
        if not semaphore.acquire(timeout=max(trace.remaining() / 2, 0.001)):
            raise Busy("Too many pictures are being made at once; ask again in a moment")
    try:
        with trace.stage("render"):
            return imaging.render(content, wanted.recipe, conf.limits(), overlays.__getitem__)
    finally:
        semaphore.release()
