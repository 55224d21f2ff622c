"""The service's list of aliases, kept in memory. A page that is being rendered never waits for it.

Whoever needs it first starts a thread that reads it, and has no sizes yet; a list that has become old is used while
another is read. A list that cannot be read leaves the one before.
"""

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from .conf import Conf, conf

logger = logging.getLogger(__name__)

#: The most bytes that are read of a list.
MOST = 50_000_000
#: What a list that cannot be had, or is none, raises.
WRONG = (OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Alias:
    """What the list says of an alias: see `docs/urls.md` of the service."""

    name: str
    width: int | None = None
    height: int | None = None
    exact: bool = False
    ratios: tuple[float, ...] = (1,)
    #: In order, with the alias's own; empty if it allows none beside it.
    widths: tuple[int, ...] = ()
    format: str = "original"

    @classmethod
    def read(cls, name: str, said: Mapping[str, Any]) -> "Alias":
        """Read a member of the list; what is newer than this client is ignored. Raises ValueError, TypeError."""
        ratios = tuple(sorted(float(ratio) for ratio in said.get("ratios", [1])))
        sides = [None if said.get(side) is None else int(said[side]) for side in ("width", "height")]
        widths = tuple(sorted(int(width) for width in said.get("widths", [])))
        exact = said.get("exact") is True and None not in sides
        return cls(name, sides[0], sides[1], exact, ratios, widths, str(said.get("format", "original")))


class Listing:
    """The aliases of one list."""

    def __init__(self, said: Conf) -> None:
        self.conf = said
        #: None: no list could be read yet.
        self.aliases: Mapping[str, Alias] | None = None
        self._etag = ""
        self._read_at = float("-inf")
        self._reading = threading.Lock()

    def get(self, name: str) -> Alias | None:
        """What the list says of an alias; None if nothing, also as long as no list was read."""
        if time.monotonic() - self._read_at >= self.conf.max_age and self._reading.acquire(blocking=False):
            threading.Thread(target=self._read_and_release, name="imageservice aliases", daemon=True).start()
        return (self.aliases or {}).get(name)

    def load(self) -> bool:
        """Read the list now, in this thread. Whether it could be read."""
        with self._reading:
            return self._read()

    def _read_and_release(self) -> None:
        try:
            self._read()
        finally:
            self._reading.release()

    def _read(self) -> bool:
        try:
            content = self._fetch(self.conf.list_url)
            if content is not None:
                listed = json.loads(content)["aliases"]
                self.aliases = {name: Alias.read(name, said) for name, said in listed.items()}
            return True
        except WRONG as error:
            logger.warning(
                "The list of aliases at %s cannot be read: %s. %s",
                self.conf.list_url,
                error,
                "The one before goes on." if self.aliases is not None else "Pictures have no width and height.",
            )
            return False
        finally:
            self._read_at = time.monotonic()

    def _fetch(self, place: str) -> bytes | None:
        """The list; None if it is as it was."""
        if urlsplit(place).scheme not in ("http", "https"):
            return Path(place).read_bytes()
        headers = {"Accept": "application/json", **({"If-None-Match": self._etag} if self._etag else {})}
        try:
            request = Request(place, headers=headers)  # noqa: S310 - http or https, as is looked at above
            with urlopen(request, timeout=self.conf.timeout) as response:  # noqa: S310
                content: bytes = response.read(MOST + 1)
                if len(content) > MOST:
                    raise ValueError(f"it has more than {MOST:,} bytes")
                self._etag = response.headers.get("ETag", "")
                return content
        except HTTPError as error:
            if error.code == 304:
                return None
            raise


_listing: Listing | None = None


def listing() -> Listing:
    """The list of the present settings."""
    global _listing
    said = conf()
    if _listing is None or _listing.conf != said:
        _listing = Listing(said)
    return _listing


def load() -> bool:
    """Read the list now, such as in wsgi.py, so that the first page has sizes. Whether it could be read; if not, the
    log says why and it is tried again later."""
    return listing().load()
