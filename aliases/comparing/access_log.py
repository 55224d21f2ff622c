"""Access logs: which paths clients asked for, whichever server wrote them.

Read are the common and the combined format (nginx, Apache, Varnish), CloudFront's standard logs, and lists of paths or
URLs, one a line; also compressed by gzip, as CloudFront writes them.
"""

import gzip
import heapq
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from msgspec import Struct

#: Characters of a line that are read. What is longer is no request for a picture.
LONGEST = 20_000
#: A request as the common and the combined format write it, and the status after it.
REQUEST = re.compile(r'"(?P<method>[A-Z]+) (?P<path>[^" ]+)(?: HTTP/[0-9.]+)?" (?P<status>[0-9]{3})\b')
#: What CloudFront's standard logs hold, unless their own line of fields says otherwise.
FIELDS = [
    *("date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status"),
    *("cs(Referer)", "cs(User-Agent)", "cs-uri-query"),
]
#: A byte that nginx has escaped.
ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})")


class Entry(Struct, frozen=True):
    """A line: the path with its query, and the status that was answered; 0 where the line does not say."""

    path: str
    status: int = 0

    @property
    def worked(self) -> bool:
        """Whether a picture was answered, or may have been."""
        return self.status in (0, 200, 206, 304)


def entries(lines: Iterable[str]) -> Iterator[Entry]:
    """What a log's lines ask for by GET. Lines that are of no known format are passed over."""
    fields = FIELDS
    for line in lines:
        if line.startswith("#"):
            fields = line.removeprefix("#Fields:").split() if line.startswith("#Fields:") else fields
        elif found := entry(line.rstrip("\r\n"), fields):
            yield found


def entry(line: str, fields: list[str]) -> Entry | None:
    """What a line asks for; None if it asks for no picture or cannot be read."""
    if "\t" in line:
        values = dict(zip(fields, line.split("\t"), strict=False))
        if values.get("cs-method") != "GET" or not values.get("cs-uri-stem", "").startswith("/"):
            return None
        query = values.get("cs-uri-query", "-")
        return Entry(values["cs-uri-stem"] + ("" if query == "-" else f"?{query}"), status(values.get("sc-status", "")))
    if found := REQUEST.search(line):
        path = path_of(ESCAPED.sub(r"%\1", found["path"]))
        return Entry(path, status(found["status"])) if found["method"] == "GET" and path else None
    path = path_of(line.strip())
    return Entry(path) if path and " " not in path else None


def path_of(text: str) -> str:
    """The path and query of a path or a URL; empty if it is neither."""
    if text.startswith("/"):
        return text
    if not text.startswith(("http://", "https://")):
        return ""
    try:
        address = urlsplit(text)
    except ValueError:
        return ""
    return f"{address.path}?{address.query}" if address.query else address.path


def status(text: str) -> int:
    return int(text) if re.fullmatch("[0-9]{3}", text) else 0


def sample(found: Iterable[Entry], most: int) -> list[str]:
    """At most so many different paths of those that worked, evenly of all: those whose checksum is the smallest.

    The same log gives the same paths, and memory is taken for those alone, however long the log is.
    """
    kept: dict[str, int] = {}
    heap: list[tuple[int, str]] = []  # the largest hash first, negated
    for one in found:
        if not one.worked or one.path in kept:
            continue
        rank = zlib.crc32(one.path.encode(errors="surrogateescape"))
        if len(heap) < most:
            heapq.heappush(heap, (-rank, one.path))
        elif rank < -heap[0][0]:
            del kept[heapq.heapreplace(heap, (-rank, one.path))[1]]
        else:
            continue
        kept[one.path] = rank
    return sorted(kept)


def lines(path: Path) -> Iterator[str]:
    """The lines of a log, of a file or of one compressed by gzip. Raises OSError, also where gzip's data is broken."""
    with path.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    with opened(path, compressed) as text:
        try:
            while line := text.readline(LONGEST):
                yield line
        except EOFError as error:
            raise OSError("it ends in the middle, as gzip's data") from error
        except zlib.error as error:
            raise OSError("it is damaged, as gzip's data") from error


def opened(path: Path, compressed: bool) -> TextIO:
    """The text of a log, whose bytes that are no UTF-8 stay what they are."""
    if compressed:
        return gzip.open(path, "rt", encoding="utf-8", errors="surrogateescape")
    return path.open(encoding="utf-8", errors="surrogateescape")
