"""From the raw path of a request to a target: which dialect the URL is in, and what it asks for."""

import logging
import time
from functools import lru_cache
from types import ModuleType
from urllib.parse import unquote

from . import conf
from .catalogue.catalogue import (
    READER,
    Bucket,
    Caching,
    NoKey,
    UnknownAlias,
    UnknownBucket,
    UnknownDescriptor,
    UnreadableRevision,
)
from .dialects import thumbor
from .dialects.image_path import Buckets
from .dialects.raw_path import check_key, decode, path_of
from .dialects.signing import Expired, Signer, UnsafeNotAllowed, WrongSignature, verifies
from .dialects.target import Target
from .imaging.errors import BadRecipe
from .imaging.filters.grammar.lifetime import Lifetime
from .imaging.parameters import PathText, excerpt
from .imaging.recipe import Recipe
from .names import RESERVED

logger = logging.getLogger(__name__)
#: The first segment of a Thumbor URL without a signature.
UNSIGNED = "unsafe"
BUCKETS_HINT = "IMAGE_HANDLER_BUCKETS names a bucket that does not exist: correct the name, or add the bucket"


def target_of(raw: str, query: str = "") -> Target:
    """What a raw path asks for. The first segment decides: a signature or `unsafe` begins a Thumbor URL, anything else
    an alias. A path that is neither may be a URL of AWS's image handler, if those are turned on; only they use the
    query.
    """
    check_reserved(raw.partition("/")[0])
    try:
        return own_target(raw)
    except (UnknownDescriptor, NoKey):  # the alias exists, so this is no other dialect's URL
        raise
    except (UnknownAlias, WrongSignature) as error:
        # Base64 can be as long as a signature. What follows a wrong signature must not be read in any other way.
        base64_only = isinstance(error, WrongSignature)
        if target := image_handler_target(raw, query, base64_only=base64_only):
            return target
        raise


def check_reserved(first: str) -> None:
    """Raise UnknownAlias for a first segment that the service reserves. Whatever it does serve there has its own
    view."""
    if first != UNSIGNED and (word := unquote(first, errors="replace")) in RESERVED:
        raise UnknownAlias(f"“{word}” is not an alias: the service keeps that word for itself")


def own_target(raw: str) -> Target:
    """The target of a Thumbor URL or of an alias's URL."""
    first, _, rest = raw.partition("/")
    if first == UNSIGNED:
        return thumbor_target(rest, signed=False)
    if signer().certain(first):
        return signed_target(first, rest)
    try:
        return alias_target(raw)
    except NoKey:
        raise
    except UnknownAlias:
        if signer().possible(first):
            return signed_target(f"{first}{signer().padding}", rest)
        raise


def begins_thumbor(first: str) -> bool:
    """Whether a first segment begins a Thumbor URL, unless an alias has its name."""
    return first == UNSIGNED or signer().certain(first) or signer().possible(first)


def signer() -> Signer:
    """How the deployment's URLs are signed."""
    return Signer(conf.signature_algorithm(), conf.signature_length(), exact=conf.reads_imagor())


def dialect() -> ModuleType:
    """What reads signed and unsigned URLs, and names their parts: Thumbor's dialect, or imagor's."""
    if not conf.reads_imagor():
        return thumbor
    from .dialects.imagor import url as imagor  # few deployments read its URLs

    return imagor


def alias_target(raw: str) -> Target:
    """The target of an alias's URL. Where several aliases fit, the one with the longest name."""
    catalogue = READER.current()
    found = catalogue.find(decode(raw))
    check_key(found.key)
    try:
        bucket = catalogue.bucket(found.alias.bucket)
    except UnknownBucket as error:  # not the client's fault: the alias names the bucket
        raise UnreadableRevision(f"The bucket of “{found.alias.name}” does not exist any more") from error
    caching = found.alias.caching
    if not (catalogue.purged or conf.purges()):
        caching = caching.unpurged()
    own_key = found.key.removeprefix(found.alias.prefix)
    moved = "" if found.canonical else path_of(found.alias.name, own_key, found.descriptor)
    return Target(bucket, found.key, found.recipe, caching, found.alias, moved=moved)


def signed_target(signature: str, rest: str) -> Target:
    if not verifies(signature, rest, conf.security_keys(), signer()):
        raise WrongSignature("The signature does not match. Sign everything after it, exactly as sent.")
    return thumbor_target(rest, signed=True)


def thumbor_target(raw: str, *, signed: bool) -> Target:
    """The target of a Thumbor URL, without its signature or `unsafe`.

    Unsigned URLs work if the deployment and the bucket both allow them. Their derivatives are not stored: anybody could
    fill the storage.
    """
    if not signed:
        check_unsigned()
    url = read_thumbor(raw, named_buckets(), strict=conf.strict_filters())
    caching = caching_of(url.recipe.lifetime(), time.time())
    name, _, key = url.image.lstrip("/").partition("/")
    bucket = READER.current().bucket(name)
    check_key(key)
    if not signed:
        check_unsigned_reads(bucket, url.recipe)
    return Target(
        bucket,
        key,
        url.recipe,
        caching,
        keep=signed,
        meta=url.meta,
        debug=url.debug,
        skipped=url.skipped,
        by=url.by,
    )


def read_thumbor(raw: str, buckets: Buckets, *, strict: bool = False) -> thumbor.ThumborUrl:
    """Read a Thumbor URL, without its signature or `unsafe`. Its image path and those of its overlays then begin with
    a bucket's name, if it is one of `buckets`, however that was said. Raises BadRecipe."""
    read = dialect().read(raw, conf.limits(), conf.dynamic_recipe(), strict=strict)
    url = thumbor.with_bucket(read, buckets)
    for path in url.recipe.overlays:
        if "/" not in path:  # the filter's reader takes a key alone
            raise BadRecipe(f"{excerpt(path)} is not {PathText().explain()}")
    return url


def named_buckets() -> Buckets:
    """What image paths of Thumbor URLs may name."""
    catalogue, otherwise = READER.current(), conf.thumbor_bucket()
    names = {*catalogue.buckets, *catalogue.unreadable} if otherwise else ()
    return Buckets(names, catalogue.addresses, otherwise if otherwise in names else "")


def check_unsigned() -> None:
    """Raise UnsafeNotAllowed if the deployment does not allow unsigned URLs."""
    if not conf.allow_unsafe_url():
        raise UnsafeNotAllowed("Unsigned URLs are not allowed here; sign the path, or use an alias")


def check_unsigned_reads(bucket: Bucket, recipe: Recipe) -> None:
    """Raise UnsafeNotAllowed if a bucket that an unsigned URL reads does not allow such URLs: the original's, or that
    of an overlay."""
    buckets = READER.current().buckets
    overlaid = {path.partition("/")[0] for path in recipe.overlays}
    # Overlays from buckets that `overlays_from` does not list are refused when they are looked for.
    for read in (bucket, *(buckets[name] for name in bucket.overlays_from if name in overlaid & buckets.keys())):
        if not read.unsafe_allowed:
            raise UnsafeNotAllowed(f"The bucket “{read.name}” allows no unsigned URLs; sign the path, or use an alias")


def image_handler_target(raw: str, query: str, *, base64_only: bool) -> Target | None:
    """The target of a URL of AWS's image handler, or None. Those without a signature are treated like unsigned Thumbor
    URLs."""
    names = conf.image_handler_buckets()
    if not names:
        return None
    from .dialects.image_handler import signature  # few deployments read its URLs
    from .dialects.image_handler import url as image_handler

    catalogue = READER.current()
    # A missing bucket keeps its place in the list, so that the second never takes over URLs that mean the first.
    buckets = [catalogue.buckets.get(name) or missing_bucket(name) for name in names]
    url = image_handler.read(raw, query, buckets, conf.limits(), conf.dynamic_recipe(), base64_only=base64_only)
    if url is None or url.bucket.name not in {*catalogue.buckets, *catalogue.unreadable}:
        return None
    skipped, keys = url.skipped, conf.security_keys()
    if signed := bool(signature.signature_of(query)):
        if not keys:  # as AWS ignores one where signatures are off
            signed, skipped = False, ("signature", *skipped)
        elif not signature.verifies(raw, query, keys):
            raise WrongSignature(
                "The signature does not match. Sign the path with its leading /, and the sorted query."
            )
    if not signed:
        check_unsigned()
        check_unsigned_reads(catalogue.bucket(url.bucket.name), url.recipe)
    check_key(url.key)
    caching = caching_of(url.recipe.lifetime(), time.time())
    return Target(url.bucket, url.key, url.recipe, caching, keep=signed, skipped=skipped)


@lru_cache(maxsize=256)
def missing_bucket(name: str) -> Bucket:
    """Stands in for a bucket that IMAGE_HANDLER_BUCKETS names and the catalogue does not have. Logged once a process,
    since every request would."""
    logger.warning("unknown bucket", extra={"facts": {"bucket": name, "hint": BUCKETS_HINT}})
    return Bucket(name, None)


def caching_of(lifetime: Lifetime, now: float) -> Caching:
    """How long the response to a Thumbor URL may be cached: never past the moment at which the URL expires.

    `now` is in seconds since the epoch. Raises Expired.
    """
    age = conf.max_age() if lifetime.max_age is None else lifetime.max_age
    if lifetime.expires is not None:
        if lifetime.expires <= now:
            raise Expired("This URL has expired")
        age = min(age, int(lifetime.expires - now))
    return Caching(age, shared_max_age=None, stale_while_revalidate=0)
