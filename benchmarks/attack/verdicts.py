"""What of an answer, or of the service meanwhile, is a flag."""

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from .asking import Answer
from .shots import Kind, Shot, Wanted
from .watching import Seen

#: CPU seconds of a request, bytes above idle, seconds to a health check or a stored picture, seconds to an answer
#: (DEADLINE is 20, and a busy machine is late).
MOST_PROCESSOR, MOST_MEMORY, SLOWEST_HEALTH, LATEST = 10.0, 900_000_000, 1.0, 25.0
#: As many renders as two workers work on at once, each with two quick seats and a slow one: a crowd may take the memory
#: of so many requests.
AT_ONCE = 6
#: Bytes by which memory that earlier requests left behind changes by itself.
UNSTEADY = 50_000_000
#: Statuses that tell a client to ask again later.
LATER = {503, 504}
#: What a server answers to a request whose method or version it does not have.
NO_HTTP = {501, 505}
TRACEBACK = re.compile(
    rb"Traceback \(most recent call last\)|File \"/[^\"]+\.py\", line|Exception Type:|Request Method:"
)
#: Media types of what must run as nothing.
ACTIVE = {"text/html", "application/xhtml+xml", "text/xml", "application/xml", "image/svg+xml", "text/javascript", ""}
TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF", "image/avif": "AVIF"}
#: More than any derivative may have; Pillow's own limit would only warn.
MOST_PIXELS = 80_000_000


@dataclass(frozen=True)
class Measured:
    """What a shot cost, and what was seen beside it."""

    #: CPU seconds a request.
    processor: float
    #: Bytes above idle: when the shot began, and at the peak.
    before: int
    memory: int
    health: Seen
    #: Requests to a server that nobody should ask.
    canary_hits: int
    deaths: int
    logged: str
    #: What no answer may contain.
    secrets: Sequence[bytes]


def flags(shot: Shot, answers: Sequence[Answer], measured: Measured) -> dict[str, str]:
    """The hard flags of a shot by their names, each with what was seen."""
    found: dict[str, str] = {}
    for answer in answers:
        for name, seen in [*of_connection(shot, answer), *of_content(shot, answer, measured.secrets)]:
            found.setdefault(name, seen)
    found |= dict(of_service(shot, measured))
    return found


def of_connection(shot: Shot, answer: Answer) -> Iterator[tuple[str, str]]:
    status = answer.status
    if answer.fault == "timeout":
        yield "no answer", f"in {answer.seconds:.0f} s"
    elif answer.fault and not shot.malformed:
        yield "cut connection", answer.fault
    elif answer.seconds > LATEST:
        yield "late", f"{answer.seconds:.1f} s"
    if status is None or status < 500 or (shot.malformed and status in NO_HTTP):
        return
    if status not in LATER or "retry-after" not in answer.headers:
        yield "5xx", f"{status}{' without Retry-After' if status in LATER else ''}: {excerpt(answer.body)}"


def of_content(shot: Shot, answer: Answer, secrets: Sequence[bytes]) -> Iterator[tuple[str, str]]:
    status = answer.status or 0
    text = answer.everything
    if status >= 300 and (seen := TRACEBACK.search(text)):
        yield "traceback", seen[0].decode(errors="replace")
    for secret in secrets:
        if secret in text:
            yield "told", secret.decode()
    for forbidden in shot.forbidden:
        if forbidden.encode() in text and not harmless(forbidden, answer):
            yield "told", forbidden
    if status == 200 and not shot.headless and (wrong := wrong_body(shot, answer)):
        yield "wrong body", wrong
    if shot.wanted is Wanted.PICTURE and status != 200:
        yield "not served", f"{answer.status or answer.fault}: {excerpt(answer.body)}"
    if shot.wanted is Wanted.REFUSAL and 200 <= status < 400 and not clamped(shot, answer):
        yield "not refused", f"{status} {answer.content_type}"


def of_service(shot: Shot, measured: Measured) -> Iterator[tuple[str, str]]:
    if measured.processor > MOST_PROCESSOR:
        yield "CPU", f"{measured.processor:.1f} s"
    most = MOST_MEMORY * (1 if len(shot.requests) == 1 else AT_ONCE)
    # What an earlier request took and the process kept is that request's flag.
    if measured.memory > most and (measured.before <= most or measured.memory > measured.before + UNSTEADY):
        yield "memory", f"{measured.memory / 1e6:.0f} MB"
    if measured.health.slowest > SLOWEST_HEALTH:
        yield "health", f"{measured.health.slowest:.1f} s"
    if measured.health.wrong:
        yield "health", measured.health.wrong
    if measured.canary_hits:
        yield "asked elsewhere", f"{measured.canary_hits} requests"
    if measured.deaths:
        yield "dead worker", f"{measured.deaths}"
    if seen := TRACEBACK.search(logged := measured.logged.encode()):
        yield (
            "traceback",
            f"in the log: …{logged[max(0, seen.start() - 200) : seen.end() + 200].decode(errors='replace')}…",
        )


def harmless(forbidden: str, answer: Answer) -> bool:
    """Whether a forbidden text is only repeated as data: a tag in JSON, a header's name in a body."""
    if forbidden.startswith("<script"):
        return answer.content_type not in ACTIVE
    if forbidden in ("X-Injected", "Set-Cookie: pwn"):
        name, _, value = forbidden.lower().partition(": ")
        return value not in answer.headers.get(name, "\0")
    return False


def clamped(shot: Shot, answer: Answer) -> bool:
    """Whether the answer is a picture that is not as large as was asked for."""
    if shot.largest is None or answer.content_type not in TYPES:
        return False
    with Image.open(io.BytesIO(answer.body)) as image:
        return max(image.size) <= shot.largest


def wrong_body(shot: Shot, answer: Answer) -> str:
    """What is wrong with the body of a 200; empty if nothing is."""
    kind = answer.content_type
    if kind not in TYPES:
        return f"{kind or 'no Content-Type'} in place of a picture" if is_picture(shot) or not kind else ""
    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(answer.body), formats=(TYPES[kind],)) as image:
            warnings.simplefilter("ignore")
            if image.width * image.height > MOST_PIXELS:
                return f"{image.width} x {image.height} pixels"
            image.load()
            if shot.largest is not None and shot.wanted is not Wanted.REFUSAL and max(image.size) > shot.largest:
                return f"{image.width} x {image.height} pixels, more than {shot.largest}"
    except Exception as error:  # noqa: BLE001 - whatever Pillow raises: it is no picture of that kind
        return f"{kind} that cannot be decoded: {error}"
    return ""


def is_picture(shot: Shot) -> bool:
    return shot.wanted is Wanted.PICTURE or shot.kind in (Kind.FILE, Kind.KEY)


def excerpt(body: bytes) -> str:
    return body[:160].decode(errors="replace")
