"""HTTP: what a picture, an unchanged picture and an error look like on the wire.

`picture` is a whole request in one function; the others say how each response is written.
"""

import logging
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.encoding import iri_to_uri

from .. import conf, trace
from ..dialects.target import Target
from ..imaging.encoding import MEDIA_TYPES, SVG, accept_class
from ..imaging.recipe import Recipe
from ..pictures import derivatives, drawings, last_stored, originals
from ..pictures.derivatives import TooLargeToCarry, UnknownDerivative, Wanted
from ..pictures.originals import LostOverlay, MissingOriginal, MissingOverlay
from ..pictures.payload import Payload
from ..storage.errors import Changed, StorageError
from ..workers.errors import Busy
from .caching import set_cache_headers, set_error_cache_headers
from .causes import CAUSES, ORIGINAL, cause_of
from .conditional import FORMAT_OF_TYPE, cached_format, etag, hash_for_etag
from .error_responses import error_response
from .headers import BUCKET_AWAY, named_headers, picture_headers, set_note_headers, set_target_headers

logger = logging.getLogger(__name__)

#: What responds to a request for a target: with its picture, or with a description of it.
Responder = Callable[[HttpRequest, Target], HttpResponse]


def picture(request: HttpRequest, target: Target) -> HttpResponse:
    """Respond with a target's picture: 200; 304 if the client has it; 302 if it is too large for the gateway."""
    recipe = settle(request, target)
    try:
        wanted = derivatives.want(target.bucket, target.key, recipe)
        last_stored.remember(wanted)
        return newest(request, target, wanted)
    except last_stored.AWAY as error:
        if (last := last_stored.find(target.bucket, target.key, recipe, error)) is None:
            raise
        return stale(request, target, last, error)


def newest(request: HttpRequest, target: Target, wanted: Wanted) -> HttpResponse:
    """Respond with a derivative of the original as it is now."""
    etag_hash = hash_for_etag(wanted.key)
    format_name = cached_format(request, etag_hash)
    # A bucket may have stopped passing drawings on since the client got its copy.
    if format_name and (format_name != SVG or target.bucket.svg_allowed):
        return unchanged(format_name, etag_hash, target)
    try:
        derivative = passed_on_or_rendered(wanted, keep=target.keep)
    except TooLargeToCarry:
        return redirect(wanted.key, target)
    return complete(derivative, etag_hash, target)


def passed_on_or_rendered(wanted: Wanted, *, keep: bool = True) -> Payload:
    """A drawing as it is, where its bucket allows that; else the derivative. Raises as finding either does."""
    return drawings.find(wanted.original) or derivatives.find_or_render(wanted, keep=keep, most=conf.largest_picture())


def stale(request: HttpRequest, target: Target, last: Wanted, error: StorageError) -> HttpResponse:
    """Respond with the derivative that was stored last, for a minute, since the bucket of the original is away."""
    etag_hash = hash_for_etag(last.key)
    if format_name := cached_format(request, etag_hash):
        response = unchanged(format_name, etag_hash, target, lasting=False)
    else:
        try:
            response = complete(
                derivatives.find(last.key, most=conf.largest_picture()), etag_hash, target, lasting=False
            )
        except TooLargeToCarry:
            response = redirect(last.key, target)
        except (UnknownDerivative, StorageError):
            raise error from None
    response[BUCKET_AWAY] = "The bucket does not respond; this is the picture that was stored last"
    trace.note(stale=error.code, derivative=last.key)
    return response


def serve(request: HttpRequest, target: Target, respond: Responder) -> HttpResponse:
    """Respond to a request for a target, or with the error that fits. If the original is overwritten meanwhile, start
    again, once."""
    alias = target.alias
    trace.note(
        alias=alias.name if alias else None,
        revision=alias.revision if alias else None,
        bucket=target.bucket.name,
        key=sha256(target.key.encode()).hexdigest()[:16],
    )
    try:
        try:
            return respond(request, target)
        except Changed:
            return respond(request, target)
    except MissingOriginal as error:
        last_stored.mark_gone(target.bucket, target.key, error)
        if alias and alias.fallback and respond is picture:
            return fallback(request, target, error)
        return error_response(error, target)
    except MissingOverlay as error:
        # A client that asks for an alias did not choose what is laid over its pictures.
        return error_response(LostOverlay(str(error)) if alias else error, target)
    except tuple(CAUSES) as error:
        response = error_response(error, target)
        if cause_of(error).whose == ORIGINAL and originals.is_being_written(target.bucket, target.key):
            response["Cache-Control"] = "public, max-age=1"  # it will be whole in a moment
        return response


def fallback(request: HttpRequest, target: Target, error: MissingOriginal) -> HttpResponse:
    """The alias's fallback picture in place of a missing original, as a 404: browsers show it, caches drop it soon."""
    assert target.alias is not None
    try:
        wanted = derivatives.want(target.bucket, target.alias.fallback, settle(request, target))
        derivative = passed_on_or_rendered(wanted)
    except tuple(CAUSES) as trouble:
        level = logging.WARNING if isinstance(trouble, Busy) else logging.ERROR  # visitors can make it busy
        logger.log(level, "fallback not served", extra={"facts": {"alias": target.alias.name, "error": str(trouble)}})
        return error_response(error, target)
    # No ETag: a 304 would tell the client that the fallback is the picture.
    headers = named_headers(target.alias.fallback, FORMAT_OF_TYPE[derivative.type])
    response = HttpResponse(derivative.content, status=404, content_type=derivative.type, headers=headers)
    set_error_cache_headers(response, target)
    set_target_headers(response, target)
    return response


def settle(request: HttpRequest, target: Target) -> Recipe:
    """The target's recipe with its format negotiated and the deployment's defaults filled in."""
    accept = cached_accept_class(request.META.get("HTTP_ACCEPT"), target.recipe.encoding.offers)
    return target.recipe.settled(accept, conf.defaults())


#: Bounded: browsers send few different Accept headers, but anybody may send others, of a few kilobytes each.
cached_accept_class = lru_cache(maxsize=256)(accept_class)


def complete(derivative: Payload, etag_hash: str, target: Target, *, lasting: bool = True) -> HttpResponse:
    """A 200 with the picture. If it is not `lasting`, for a minute."""
    format_name = FORMAT_OF_TYPE[derivative.type]
    headers = named_headers(target.key, format_name)
    response = HttpResponse(derivative.content, content_type=derivative.type, headers=headers)
    if not derivative.stand_in:  # a 304 would tell the client later that the stand-in's picture is the right one
        response["ETag"] = etag(etag_hash, format_name)
    set_note_headers(response, derivative.notes)
    set_cache_headers(response, target, lasting=lasting and derivative.lasting)
    set_target_headers(response, target)
    return response


def unchanged(format_name: str, etag_hash: str, target: Target, *, lasting: bool = True) -> HttpResponse:
    """A 304: the client has the picture, in that format."""
    response = HttpResponseNotModified(headers=named_headers(target.key, format_name))
    response["Content-Type"] = MEDIA_TYPES[format_name]
    response["ETag"] = etag(etag_hash, format_name)
    set_cache_headers(response, target, lasting=lasting)
    set_target_headers(response, target)
    return response


def moved(request: HttpRequest, target: Target, *, under: str = "") -> HttpResponse:
    """A 301 to the one spelling of an alias's URL, below the path `under`. Cached and purged as the picture is."""
    query = iri_to_uri(request.META.get("QUERY_STRING", ""))
    location = f"{under}{target.moved}{'?' if query else ''}{query}"
    response = HttpResponse(status=301, content_type="text/plain", headers={**picture_headers(), "Location": location})
    set_cache_headers(response, target, lasting=True)
    set_target_headers(response, target)
    return response


def redirect(key: str, target: Target) -> HttpResponse:
    """A 302 to the stored derivative, which is too large for the gateway."""
    response = HttpResponse(
        status=302, content_type="text/plain", headers={**picture_headers(), "Location": f"/-/d/{key}"}
    )
    # The derivative never changes; which one to redirect to does, with the original or the alias.
    response["Cache-Control"] = "no-store"
    set_target_headers(response, target)
    return response
