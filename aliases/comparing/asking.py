"""Asking a service for a path, exactly as the path stands in a log, within limits of time and bytes."""

import http.client
import time
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from msgspec import Struct

#: Seconds to connect and between two pieces of an answer; and for an answer in all.
PATIENCE, LONGEST = 10.0, 60.0
#: Bytes that are read at once.
PIECE = 64 * 1024
#: Redirects that are followed: pictures too large for a gateway are answered with one.
REDIRECTS = 3
MOVED = (301, 302, 303, 307, 308)
#: What a path may hold unescaped. A signature may be of any spelling, so escapes stay as they are.
AS_IT_STANDS = "%/:?#[]@!$&'()*+,;=~-._|\\^`{}\"<>"


class BadAddress(ValueError):
    """An address at which no service can be asked. The message is a sentence."""


class Answer(Struct, frozen=True):
    """What a service answered: status, media type without its parameters, content; or why it did not answer."""

    status: int = 0
    type: str = ""
    content: bytes = b""
    failure: str = ""

    @property
    def picture(self) -> bool:
        return self.status == 200 and self.type.startswith("image/")


def base(text: str) -> SplitResult:
    """The address of a service, such as https://thumbor.example.com. Raises BadAddress."""
    try:
        address = urlsplit(text)
        fits = address.scheme in ("http", "https") and address.hostname and (address.port or 1)
    except ValueError:
        fits = False
    if not fits or address.query or address.fragment or not text.isprintable():
        raise BadAddress(f"{text!r} is not the address of a service, such as https://thumbor.example.com")
    return address


def ask(service: SplitResult, path: str, accept: str, most: int) -> Answer:
    """Ask for a path, as a client that sends this Accept header. Of an answer of more than `most` bytes only the
    status and the type are told."""
    prefix, end = service.path.rstrip("/"), time.monotonic() + LONGEST
    address, raw = service, escaped(f"{prefix}{path}")
    try:
        for _ in range(REDIRECTS + 1):
            answer, location = get(address, raw, accept, most, end)
            if not location:
                return answer
            moved = urljoin(f"{address.scheme}://{address.netloc}{raw}", location)
            address = base(urlsplit(moved)._replace(query="", fragment="").geturl())
            raw = escaped(moved.partition(address.netloc)[2] or "/")
    except (OSError, http.client.HTTPException, ValueError) as error:  # the last of a redirect to what is no address
        return Answer(failure=f"{type(error).__name__}: {error}".rstrip(": "))
    return Answer(failure=f"it redirects more than {REDIRECTS} times")


def escaped(path: str) -> str:
    """The path as a request may hold it: what no request line can hold is escaped, and nothing else is touched."""
    return quote(path, safe=AS_IT_STANDS, errors="surrogateescape")


def get(address: SplitResult, raw: str, accept: str, most: int, end: float) -> tuple[Answer, str]:
    """One request: the answer, and where it says that the picture is instead."""
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(str(address.hostname), address.port, timeout=PATIENCE)
    try:
        connection.request("GET", raw, headers={"Accept": accept, "User-Agent": "imageservice-compare"})
        response = connection.getresponse()
        location = response.headers.get("Location", "") if response.status in MOVED else ""
        type_ = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return Answer(response.status, type_, b"" if location else content(response, most, end)), location
    finally:
        connection.close()


def content(response: http.client.HTTPResponse, most: int, end: float) -> bytes:
    """The content of an answer; nothing if that is more than `most` bytes. Raises TimeoutError when time is up."""
    pieces, length = [], 0
    while piece := response.read1(PIECE):
        length += len(piece)
        if length > most:
            return b""
        if time.monotonic() > end:
            raise TimeoutError(f"the answer was not complete after {LONGEST:g} seconds")
        pieces.append(piece)
    return b"".join(pieces)
