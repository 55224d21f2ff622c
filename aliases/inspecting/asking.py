"""Asking the data plane for a URL as a client does, in this process, and timing what it does."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern

from rendering import trace
from rendering.imaging.encoding import Accept
from rendering.urls import health, pictures

from .address import Address

#: What browsers of each class send, for their pictures; and who they are.
CLIENTS: dict[Accept, tuple[str, str]] = {
    "avif": ("image/avif,image/webp,image/*,*/*;q=0.8", "Browsers with AVIF: Chrome, Firefox, Safari 16"),
    "webp": ("image/webp,image/*,*/*;q=0.8", "Browsers with WebP, but without AVIF"),
    "any": ("image/*,*/*;q=0.8", "All others"),
}
EVERYBODY = "Every browser"
#: The data plane's table of URLs, whatever this process serves itself.
RESOLVER = URLResolver(RegexPattern(r"^/"), [*health, *pictures])
#: The headers that are shown before all others.
FIRST = ("Content-Type", "Content-Length", "ETag", "Cache-Control", "Location", "Vary")
#: Seconds of the page's time below which nothing more is asked.
LEAST = 1.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What one kind of client gets."""

    client: str
    accept: str
    status: int
    reason: str
    #: The most telling ones first.
    headers: dict[str, str]
    body: bytes
    #: Milliseconds by stage, and in all.
    stages: dict[str, float]
    milliseconds: float
    #: What the log would say: whether the picture was kept, the derivative's key, an error's code.
    facts: dict[str, Any]

    @property
    def type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def is_picture(self) -> bool:
        return self.type.startswith("image/")

    @property
    def kept(self) -> bool | None:
        """Whether the picture was there already; None where there is none."""
        found: bool | None = self.facts.get("kept")
        return found

    @property
    def varies(self) -> bool:
        """Whether others may get something else."""
        return "Accept" in self.headers.get("Vary", "")


def ask_all(address: Address) -> list[Answer]:
    """What every kind of client gets: one answer where the format does not depend on the client. Once there is no time
    left, the rest are not asked."""
    first, *others = CLIENTS.values()
    answer = ask(address, *first)
    if not answer.varies or (answer.status >= 400 and not answer.is_picture):
        return [replace(answer, client=EVERYBODY)]
    return [answer, *(ask(address, *other) for other in others if trace.remaining() > LEAST)]


def ask(address: Address, accept: str, client: str = "") -> Answer:
    """What a client gets that sends this Accept header."""
    request = request_for(address, accept)
    view, args, kwargs = RESOLVER.resolve(request.path_info)
    gone = trace.elapsed()
    with trace.tracing(queued=gone) as traced:
        response: HttpResponse = view(request, *args, **kwargs)
        milliseconds = traced.milliseconds
    sent = dict(response.items())
    headers = {name: sent[name] for name in (*(name for name in FIRST if name in sent), *sent)}
    return Answer(
        client=client or "A client that sends this Accept header",
        accept=accept,
        status=response.status_code,
        reason=response.reason_phrase,
        headers=headers,
        body=bytes(response.content),
        stages=dict(traced.stages),
        milliseconds=milliseconds,
        facts=dict(traced.facts),
    )


def request_for(address: Address, accept: str) -> HttpRequest:
    """A request as a server would hand it on: decoded, and raw beside it."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = f"/{unquote(address.raw, errors='replace')}"
    request.META = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": address.path,
        "QUERY_STRING": address.query,
        "HTTP_ACCEPT": accept,
    }
    return request
