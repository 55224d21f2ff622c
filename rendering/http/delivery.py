"""HTTP: what a picture, an unchanged picture and an error look like on the wire.

`picture` is the whole of a request, in one function to be read aloud; the others say how each answer is written.
"""

import logging
import time
from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags

from .. import conf, trace
from ..catalogue.catalogue import READER
from ..dialects.target import Target
from ..imaging.encoding import FORMATS, accept_class
from ..imaging.recipe import Recipe
from ..pictures import derivatives, overruled
from ..pictures.derivatives import Kept, TooLargeToCarry
from ..pictures.originals import LostOverlay, MissingOriginal, MissingOverlay
from ..pictures.slots import Busy
from ..storage.errors import Changed
from .causes import CAUSES, MethodNotAllowed, Unexpected
from .error_responses import refusal, refused
from .headers import ALLOWED, HEADERS, named, note, preflight

logger = logging.getLogger(__name__)

#: Seconds for a picture that could not be kept, or not made as it should be: the next request shall try again.
SHORT_AGE = 60
FOREVER = 10 * 365 * 86_400

#: What answers a request for a target: a picture, or what is told of one.
Answer = Callable[[HttpRequest, Target], HttpResponse]
FORMAT_OF_TYPE = {one.type: one.name for one in FORMATS.values()}


def picture(request: HttpRequest, target: Target) -> HttpResponse:
    """The picture that a target stands for: 200, or 304 when the client's copy is it, or 302 when it is too large."""
    wanted = derivatives.want(target.bucket, target.key, settled(request, target))
    etag = etag_of(wanted.key)
    if held := held_by(request, etag):
        return unchanged(held, etag, target)
    try:
        derivative = derivatives.find_or_render(wanted, keep=target.keep, most=conf.largest_picture())
    except TooLargeToCarry:
        return elsewhere(wanted.key, target)
    return whole(derivative, etag, target)


def serve(request: HttpRequest, target: Target, answer: Answer) -> HttpResponse:
    """An answer of `picture` or of `info.py`, or the refusal that fits. An original that is overwritten under our hands
    makes the answer start again, once."""
    alias = target.alias
    trace.note(
        alias=alias.name if alias else None,
        revision=alias.revision if alias else None,
        bucket=target.bucket.name,
        key=sha256(target.key.encode()).hexdigest()[:16],
    )
    try:
        try:
            return answer(request, target)
        except Changed:
            return answer(request, target)
    except MissingOriginal as error:
        if alias and alias.fallback and answer is picture:
            return fallback(request, target, error)
        return refusal(error, target)
    except MissingOverlay as error:
        # Whoever asks for an alias did not choose what is laid over its pictures.
        return refusal(LostOverlay(str(error)) if alias else error, target)
    except tuple(CAUSES) as error:
        return refusal(error, target)


def fallback(request: HttpRequest, target: Target, error: MissingOriginal) -> HttpResponse:
    """The alias's stand-in for a missing original, as a 404: pages show it, caches forget it."""
    assert target.alias is not None
    try:
        wanted = derivatives.want(target.bucket, target.alias.fallback, settled(request, target))
        derivative = derivatives.find_or_render(wanted, most=conf.largest_picture())
    except tuple(CAUSES) as trouble:
        level = logging.WARNING if isinstance(trouble, Busy) else logging.ERROR  # visitors can make it busy
        logger.log(level, "fallback not served", extra={"facts": {"alias": target.alias.name, "error": str(trouble)}})
        return refusal(error, target)
    response = HttpResponse(derivative.content, status=404, content_type=derivative.type, headers=HEADERS)
    # No ETag: a 304 would tell the client that the stand-in is the picture.
    return refused(response, target)


def settled(request: HttpRequest, target: Target) -> Recipe:
    accept = accepted(request.META.get("HTTP_ACCEPT"), target.recipe.encoding.offers)
    return target.recipe.settled(accept, conf.defaults())


#: Browsers send few different headers; strangers any, of which each may be a few kilobytes.
accepted = lru_cache(maxsize=256)(accept_class)


def etag_of(key: str) -> str:
    """The opaque part of a derivative's ETags: short, and known before the derivative is made."""
    return sha256(key.encode()).hexdigest()[:20]


def held_by(request: HttpRequest, etag: str) -> str:
    """The format of the client's copy, when its ETag says that it is this derivative; else empty.

    The ETag carries the format, because a 304 needs a Content-Type (gateways invent one otherwise, and caches believe
    it) and we have not read the picture.
    """
    for held in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        opaque, _, name = held.removeprefix("W/").strip('"').partition(".")
        if opaque == etag and name in FORMATS:
            return name
    return ""


def holds_any(request: HttpRequest) -> bool:
    """Whether the client says that its copy is the answer, if there is one (`If-None-Match: *`, RFC 9110, 13.1.2)."""
    return bool(request.META.get("HTTP_IF_NONE_MATCH", "").strip() == "*")


def there(response: HttpResponse) -> HttpResponse:
    """A 304 with the headers of an answer that the client has a copy of, whichever."""
    unmodified = HttpResponseNotModified()
    for name, value in response.items():  # also its Content-Type, which Django takes from what it is given first
        unmodified[name] = value
    return unmodified


def whole(derivative: Kept, etag: str, target: Target) -> HttpResponse:
    response = HttpResponse(derivative.content, content_type=derivative.type, headers=HEADERS)
    if not derivative.stand_in:  # a 304 would tell the client later that the stand-in is the picture
        response["ETag"] = f'"{etag}.{FORMAT_OF_TYPE[derivative.type]}"'
    note(response, derivative.notes)
    return cached(response, target, lasting=derivative.lasting)


def elsewhere(key: str, target: Target) -> HttpResponse:
    """The way to a derivative that the gateway does not carry."""
    response = HttpResponse(status=302, content_type="text/plain", headers={**HEADERS, "Location": f"/-/d/{key}"})
    # The picture is for ever, the way to it only until the original or the alias is another.
    response["Cache-Control"] = "no-store"
    return named(response, target)


def unchanged(held: str, etag: str, target: Target) -> HttpResponse:
    response = HttpResponseNotModified(headers=HEADERS)
    response["Content-Type"] = FORMATS[held].type
    response["ETag"] = f'"{etag}.{held}"'
    return cached(response, target, lasting=True)


def cached(response: HttpResponse, target: Target, *, lasting: bool) -> HttpResponse:
    """Say how long the answer may be kept, and under which names it can be purged."""
    caching = target.caching
    longest = FOREVER if lasting else SHORT_AGE
    if READER.stale or overruled.stale(target.bucket):  # an edit may be waiting that this process cannot see
        longest = min(longest, int(conf.catalogue_max_age()))
    age = min(caching.max_age, longest)
    said = ["public", f"max-age={age}"]
    if caching.shared_max_age is not None:
        said.append(f"s-maxage={min(caching.shared_max_age, longest)}")
    if caching.stale_while_revalidate:
        said.append(f"stale-while-revalidate={caching.stale_while_revalidate}")
    response["Cache-Control"] = ", ".join(said)
    if target.alias is None:
        response["Expires"] = http_date(time.time() + age)  # as Thumbor says it
    return named(response, target)


def answers(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Make a function of a request a view of the data plane: its methods, its errors, its HEAD."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            if request.method == "OPTIONS":
                wanted = request.META.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
                return HttpResponse(status=204, headers=preflight(wanted))
            if request.method not in ("GET", "HEAD"):
                response = refusal(MethodNotAllowed("Nothing can be written here: use GET or HEAD"))
                response["Allow"] = ALLOWED["Allow"]
            else:
                response = view(request)
                if response.status_code == 200 and holds_any(request):
                    response = there(response)
        except tuple(CAUSES) as error:
            response = refusal(error)
        except Exception:  # the last resort: a sentence and an id instead of a traceback
            logger.exception("unexpected")
            response = refusal(Unexpected("Something went wrong here; the log has it under this request_id"))
        if response.status_code != 304:
            response["Content-Length"] = str(len(response.content))
            if request.method == "HEAD":
                response.content = b""
        return response

    # Where the admin runs in the same process, its check of forms would answer a POST before the 405 does.
    answer.csrf_exempt = True  # type: ignore[attr-defined]  # what Django's own decorator sets
    return answer
