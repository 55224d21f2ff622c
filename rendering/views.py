"""A URL becomes a target; the rest is delivery's. And whether the service is well."""

import logging
import time
from functools import lru_cache
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from . import conf
from .catalogue.catalogue import (
    READER,
    Bucket,
    Caching,
    NoKey,
    UnknownAlias,
    UnknownBucket,
    UnknownRatio,
    UnreadableRevision,
)
from .dialects import thumbor
from .dialects.raw_path import check_key, decoded, raw_path, raw_query
from .dialects.signing import SIGNATURE, UNPADDED, Expired, UnsafeNotAllowed, WrongSignature, verifies
from .dialects.target import Target
from .http import by_key, delivery, health
from .http.delivery import Answer, answers
from .http.error_responses import RETRY_AFTER
from .http.headers import CORS
from .imaging.filters.grammar.lifetime import Lifetime
from .names import RESERVED

logger = logging.getLogger(__name__)
ROBOTS = "User-agent: *\nDisallow: /admin\nDisallow: /-/info/\n"
BUCKETS_HINT = "IMAGE_HANDLER_BUCKETS names it, and no bucket is called so: correct the name, or add the bucket"


@answers
def picture(request: HttpRequest) -> HttpResponse:
    target = target_of(raw_path(request), raw_query(request))
    answer = described(target) if target.meta or target.debug else delivery.picture
    return delivery.serve(request, target, answer)


def described(target: Target) -> Answer:
    """What tells of a picture instead of showing it. Imported for who asks: it opens files, which few pictures need."""
    from .http import info

    return info.meta if target.meta else info.outlined


@answers
def info(request: HttpRequest) -> HttpResponse:
    from .http import info as descriptions

    target = target_of(raw_path(request).removeprefix("-/info/"), raw_query(request))
    return delivery.serve(request, target, descriptions.info)


@answers
def kept(request: HttpRequest) -> HttpResponse:
    return by_key.kept(request, raw_path(request).removeprefix("-/d/"))


@answers
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may ask for: pictures, not the pages of staff nor what is told of pictures."""
    return HttpResponse(ROBOTS, content_type="text/plain", headers={**CORS, "Cache-Control": "public, max-age=86400"})


@answers
def elsewhere(request: HttpRequest) -> HttpResponse:
    raise UnknownAlias("Pictures are not answered here: this process has the admin alone (PLANE=admin)")


def target_of(raw: str, query: str = "") -> Target:
    """What a raw path stands for: a Thumbor URL, by its first segment, or `alias/key`; where neither, a URL of AWS's
    image handler, if such are read, whose query counts."""
    check_reserved(raw.partition("/")[0])
    try:
        return ours(raw)
    except (UnknownRatio, NoKey):  # of an alias, and so of nobody else
        raise
    except (UnknownAlias, WrongSignature) as error:
        # Base64 may be as long as a signature; what stands behind a wrong one is not for anybody.
        if target := handled(raw, query, whole=isinstance(error, WrongSignature)):
            return target
        raise


def check_reserved(first: str) -> None:
    """Raise UnknownAlias for a first segment that the service keeps for itself, before anything else is looked for by
    its name. What it is kept for, where it is for anything here, has been answered by then."""
    if first != "unsafe" and (word := unquote(first, errors="replace")) in RESERVED:
        raise UnknownAlias(f"“{word}” is no alias, nor anything else here: the service keeps that word for itself")


def ours(raw: str) -> Target:
    first, _, rest = raw.partition("/")
    if first == "unsafe":
        return dynamic(rest, signed=False)
    if SIGNATURE.fullmatch(first):
        return signed(first, rest)
    try:
        return named(raw)
    except NoKey:
        raise
    except UnknownAlias:
        if UNPADDED.fullmatch(first):
            return signed(f"{first}=", rest)
        raise


def named(raw: str) -> Target:
    """The target of an alias's URL, its name the longest there is."""
    catalogue = READER.current()
    found = catalogue.find(decoded(raw))
    check_key(found.key)
    try:
        bucket = catalogue.bucket(found.alias.bucket)
    except UnknownBucket as error:  # which whoever asked has not named
        raise UnreadableRevision(f"The live revision of “{found.alias.name}” is of a bucket that is gone") from error
    caching = found.alias.caching
    if not (catalogue.purged or conf.purges()):
        caching = caching.unpurged()
    return Target(bucket, found.key, found.recipe, caching, found.alias)


def signed(signature: str, rest: str) -> Target:
    if not verifies(signature, rest, conf.security_keys()):
        raise WrongSignature("The signature does not match. Sign everything after it, exactly as sent.")
    return dynamic(rest, signed=True)


def dynamic(raw: str, *, signed: bool) -> Target:
    """The target of a Thumbor URL. Unsigned ones are answered where both deployment and bucket allow it, and never
    kept: anybody could fill the storage."""
    if not signed:
        check_unsigned()
    said = thumbor.read(raw, conf.limits(), conf.dynamic_recipe())
    caching = caching_of(said.recipe.lifetime(), time.time())
    name, _, key = said.image.lstrip("/").partition("/")
    bucket = READER.current().bucket(name)
    check_key(key)
    if not signed:
        check_unsigned(bucket)
    return Target(
        bucket,
        key,
        said.recipe,
        caching,
        keep=signed,
        meta=said.meta,
        debug=said.debug,
        skipped=said.skipped,
    )


def check_unsigned(bucket: Bucket | None = None) -> None:
    """Raise UnsafeNotAllowed where the deployment, or the bucket, takes no unsigned URLs."""
    if not conf.allow_unsafe_url():
        raise UnsafeNotAllowed("Unsigned URLs are not answered here; sign the path, or use an alias")
    if bucket and not bucket.unsafe_allowed:
        raise UnsafeNotAllowed(f"The bucket “{bucket.name}” takes no unsigned URLs; sign the path, or use an alias")


def handled(raw: str, query: str, *, whole: bool) -> Target | None:
    """The target of a URL of AWS's image handler; with `whole`, of its base64 kind alone. None where none is read, or
    it is none. They are unsigned, and treated as such."""
    names = conf.image_handler_buckets()
    if not names:
        return None
    from .dialects.image_handler import url as image_handler  # few deployments read its URLs

    catalogue = READER.current()
    # One that is not there keeps its rank: what is meant for the first is not another's.
    buckets = [catalogue.buckets.get(name) or absent(name) for name in names]
    said = image_handler.read(raw, query, buckets, conf.limits(), conf.dynamic_recipe(), base64_only=whole)
    if said is None or said.bucket.name not in {*catalogue.buckets, *catalogue.unreadable}:
        return None
    check_unsigned(catalogue.bucket(said.bucket.name))
    check_key(said.key)
    caching = caching_of(said.recipe.lifetime(), time.time())
    return Target(said.bucket, said.key, said.recipe, caching, keep=False, skipped=said.skipped)


@lru_cache(maxsize=256)
def absent(name: str) -> Bucket:
    """A bucket that a setting names and the catalogue does not have: told once, since each request meets it."""
    logger.warning("unknown bucket", extra={"facts": {"bucket": name, "hint": BUCKETS_HINT}})
    return Bucket(name, None)


def caching_of(lifetime: Lifetime, now: float) -> Caching:
    """How long the answer to a Thumbor URL may be kept: never beyond the moment at which the URL expires."""
    age = conf.max_age() if lifetime.max_age is None else lifetime.max_age
    if lifetime.expires is not None:
        if lifetime.expires <= now:
            raise Expired("This URL was made for a time that is over")
        age = min(age, int(lifetime.expires - now))
    return Caching(age, shared_max_age=None, stale_while_revalidate=0)


@answers
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Asks nobody, so that a load balancer does not restart it for others' faults."""
    return JsonResponse({"status": "ok"}, headers={**CORS, "Cache-Control": "no-store"})


@answers
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the catalogue is read and every storage answers; if not, which one and why."""
    report = health.report()
    ready = all(state == "ok" for state in report.values())
    return JsonResponse(
        {"status": "ok" if ready else "not ready", "plane": settings.PLANE, "checks": report},
        status=200 if ready else 503,
        headers={**CORS, "Cache-Control": "no-store", **({} if ready else {"Retry-After": RETRY_AFTER})},
    )
