"""The list of live aliases, at /-/aliases.json: what a page needs to know before it writes their URLs."""

import logging
import threading
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from ... import conf
from ...catalogue.alias import Alias, read_alias
from ...catalogue.catalogue import READER, Catalogue, UnknownAlias
from ...imaging.recipe import Recipe
from ..conditional import not_modified
from ..headers import picture_headers, set_tags

logger = logging.getLogger(__name__)

#: Of the response: a CDN purges it with whatever changes an alias.
TAG = "aliases"
#: Seconds for browsers, and for a CDN that is purged.
AGE, PURGED_AGE = 60, 86_400


class Listed(msgspec.Struct, frozen=True):
    """An alias in the list."""

    revision: int
    #: The width and height that are asked for, in pixels, at ratio 1. None: it follows from the original.
    width: int | None
    height: int | None
    fit: str
    #: Whether every picture has just that width and height.
    exact: bool
    #: The device-pixel ratios that URLs may request.
    ratios: tuple[float, ...]
    #: The widths in pixels that URLs may request, in order, the alias's own among them if it has one.
    widths: tuple[int, ...]
    #: A format, “original” (as the original's) or “auto” (by the browser's `Accept`), which may choose the `offers`.
    format: str
    offers: tuple[str, ...]


class Made(msgspec.Struct, frozen=True):
    """The document for a catalogue of that serial, with an ETag."""

    serial: int
    content: bytes
    etag: str


class AliasList:
    """Keeps the document until another catalogue is read. One thread makes it, while the others have the one before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Forget the document, as in a new process. For tests."""
        self._made: Made | None = None

    def of(self, catalogue: Catalogue) -> Made:
        """Raises UnreadCatalogue."""
        made = self._made
        if made and made.serial == catalogue.serial:
            return made
        if not self._lock.acquire(blocking=made is None):
            assert made
            return made
        try:
            if not self._made or self._made.serial < catalogue.serial:
                self._made = make(catalogue)
            return self._made
        finally:
            self._lock.release()


ALIASES = AliasList()


def respond(request: HttpRequest) -> HttpResponse:
    """Respond with the list: 200, or 304 if the client has it. Raises UnknownAlias where it is not to be public."""
    if not conf.lists_aliases():
        raise UnknownAlias("This service does not list its aliases; LIST_ALIASES=on makes it do so")
    catalogue = READER.current()
    made = ALIASES.of(catalogue)
    response = HttpResponse(made.content, content_type="application/json", headers=picture_headers())
    response["ETag"] = made.etag
    shared = PURGED_AGE if catalogue.purged and not READER.may_be_behind() else AGE
    response["Cache-Control"] = f"public, max-age={AGE}, s-maxage={shared}, stale-while-revalidate={AGE}"
    set_tags(response, [TAG])
    sent = [one.removeprefix("W/") for one in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))]
    return not_modified(response) if made.etag in sent else response


def make(catalogue: Catalogue) -> Made:
    listed: dict[str, Any] = {}
    for name, data in catalogue.aliases.items():
        try:
            listed[name] = describe(read_alias(name, data))
        except (ValueError, RecursionError) as error:
            logger.error("alias %s is not listed: %s: %s", name, type(error).__name__, error)
    content = msgspec.json.encode({"serial": catalogue.serial, "aliases": dict(sorted(listed.items()))})
    return Made(catalogue.serial, content, f'"aliases.{catalogue.serial}"')


def describe(alias: Alias) -> Listed:
    recipe = alias.recipe.settled("any", conf.defaults())
    width, height = (
        side if isinstance(side, int) else None for side in (recipe.geometry.width, recipe.geometry.height)
    )
    encoding = recipe.encoding
    return Listed(
        revision=alias.revision,
        width=width,
        height=height,
        fit=recipe.geometry.fit,
        exact=is_exact(recipe),
        ratios=(1, *alias.dprs),
        widths=alias.all_widths,
        format=encoding.format,
        offers=encoding.offers if encoding.negotiated else (),
    )


def is_exact(recipe: Recipe) -> bool:
    """Whether every picture of a settled recipe has the size that is asked for."""
    changed = any(call.filter.cost and call.filter.cost.makes for call in recipe.filters)
    return recipe.geometry.sure_size is not None and not changed
