"""Inspecting a URL: from what somebody pasted to everything there is to say of it. The page and the command show it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from rendering import routing
from rendering.dialects.target import Target
from rendering.http.causes import CAUSES
from rendering.http.headers import SKIPPED
from rendering.imaging.filters import FILTERS
from rendering.imaging.parameters import excerpt

from ..models import Alias
from . import address as addresses
from . import asking, nearest, originals, recipes, story, suggestions
from .address import Address
from .asking import Answer
from .parts import BY_KEY, INFO, SEVERAL, Part, is_image_handler, our_hosts, parts_of
from .recipes import Equivalent
from .story import Reading, State, Step
from .suggestions import Asker, Suggestion

#: First words of paths that the service keeps for itself, and what is there.
SERVICE = {
    "admin": "a page of the admin",
    "static": "a file of the admin’s pages",
    "healthz": "a check of the service",
    "readyz": "a check of the service",
    "healthcheck": "a check of the service",
    "robots.txt": "a file for crawlers",
    "favicon.ico": "an icon, which the service does not have",
    "-": "a path that the service keeps for itself",
}


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything there is to say of what somebody pasted."""

    text: str
    #: None for words that are no URL.
    address: Address | None
    #: What it is, in a few words: “alias”, “signed Thumbor URL”, “words”.
    kind: str
    #: One sentence, and one more.
    verdict: str
    more: str = ""
    #: What the first kind of client gets; 0 where nothing was asked for.
    status: int = 0
    parts: list[Part] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)
    reading: Reading = Reading(None, None)
    #: The Thumbor URL that gives the same picture, for who may sign.
    equivalent: Equivalent | None = None
    #: The live alias that does the same as a Thumbor URL, and its path.
    alias_like: tuple[Alias, str] | None = None

    @property
    def works(self) -> bool:
        return 0 < self.status < 400

    @property
    def target(self) -> Target | None:
        return self.reading.target

    @property
    def kept(self) -> str:
        """Whether the picture is kept, in a few words; empty where there is none."""
        if not self.works or not self.answers[0].is_picture or self.target is None:
            return ""
        first = self.answers[0]
        if story.is_passed_on(self.answers):
            return "passed on as it is, not kept"
        if first.kept:
            return f"kept, ready in {max(1, round(first.milliseconds))} ms"
        return "rendered just now, kept from now on" if self.target.keep else "rendered each time, not kept"


def inspect(text: str, asker: Asker, hosts: Iterable[str] = (), accept: str = "") -> Inspection:
    """Inspect what somebody pasted. `hosts` are names of this service beside ALLOWED_HOSTS. With `accept`, only the
    client that sends this header is asked for."""
    address = addresses.read(text)
    text = text.strip().encode(errors="replace").decode()  # what is shown; a half of an emoji cannot be
    if address is None:
        return of_words(text, asker)
    known = [*hosts, *our_hosts()]
    first = unquote(address.raw.partition("/")[0], errors="replace")
    if first in SERVICE and not address.raw.startswith((INFO, SEVERAL, BY_KEY)):
        parts = parts_of(address, None, None, known)
        return Inspection(text, address, "service", f"This is {SERVICE[first]}, and no picture.", parts=parts)
    if not address.raw:
        parts = parts_of(address, None, None, known)
        return Inspection(text, address, "service", "This is the start page, and no picture.", parts=parts)
    answers = [asking.ask(address, accept)] if accept else asking.ask_all(address)
    if address.raw.startswith(BY_KEY):
        return by_key(text, address, answers, known)
    if address.raw.startswith(SEVERAL):
        return several(text, address, answers, known)
    return of_picture(text, address, answers, known, asker)


def of_words(text: str, asker: Asker) -> Inspection:
    found = suggestions.of_words(text, asker)
    verdict = f"“{excerpt(text)}” is no URL." if text else "Nothing was pasted."
    more = (
        "Nearest to it:"
        if found
        else "A URL of this service has a /: of an alias, its name, a / and the key of an original."
    )
    return Inspection(text, None, "words", verdict, more, suggestions=found)


def by_key(text: str, address: Address, answers: list[Answer], hosts: list[str]) -> Inspection:
    """A kept picture by its key."""
    first = answers[0]
    parts = parts_of(address, None, None, hosts)
    if first.status < 400:
        verdict, step = (
            "Works. A kept picture, by its key.",
            Step(State.DONE, "It is kept", (), address.raw.removeprefix(BY_KEY)),
        )
        more = "Pictures that are too large for the gateway are led to here. It never changes."
    else:
        said = story.error_of(first)
        verdict, step, more = f"Fails. {said}", Step(State.FAILED, "There is no such picture", (said,)), ""
    return Inspection(text, address, "derivative", verdict, more, first.status, parts, [step], answers)


def several(text: str, address: Address, answers: list[Answer], hosts: list[str]) -> Inspection:
    """Descriptions of several pictures at once."""
    first = answers[0]
    parts = parts_of(address, None, None, hosts)
    if first.status >= 400:
        said = story.error_of(first)
        step = Step(State.FAILED, "The list of pictures cannot be read", (said,))
        return Inspection(text, address, "descriptions", f"Fails. {said}", "", first.status, parts, [step], answers)
    found = json.loads(first.body)
    steps = [
        Step(State.FAILED, path, (f"{one['message']}.",))
        if "error" in one
        else Step(State.DONE, path, (f"{one['width']} × {one['height']} pixels, {one['bytes']:,} bytes.",))
        for path, one in found.items()
    ]
    verdict = f"Works. It describes {len(found)} picture{'s' if len(found) > 1 else ''}, as JSON."
    return Inspection(text, address, "descriptions", verdict, "", first.status, parts, steps, answers)


def of_picture(text: str, address: Address, answers: list[Answer], hosts: list[str], asker: Asker) -> Inspection:
    reading = read(address)
    trouble = None if story.is_passed_on(answers) else reading.trouble
    first, target, error = answers[0], reading.target, reading.error or trouble
    parts = parts_of(address, target, error, hosts)
    proposed = suggestions.suggest(address, parts, target, error, asker) + unskipped(target)
    plain_recipe = target is not None and target.alias is None and not target.meta and not target.debug
    like = recipes.alias_like(target) if plain_recipe and target else None
    return Inspection(
        text,
        address,
        kind_of(address, target),
        verdict(first, target, reading),
        more_of(address, first, reading),
        first.status,
        parts,
        story.tell(reading, answers),
        answers,
        proposed,
        reading,
        recipes.equivalent(target) if target and first.status < 400 and suggestions.may_sign(asker) else None,
        (like[0], addresses.of_alias(like[0].name, like[1]).path) if like else None,
    )


def read(address: Address) -> Reading:
    """What the URL stands for, and the original that it reads."""
    try:
        target = routing.target_of(address.raw.removeprefix(INFO), address.query)
    except tuple(CAUSES) as error:
        return Reading(None, error)
    row = Alias.objects.filter(name=target.alias.name).select_related("live").first() if target.alias else None
    try:
        return Reading(target, None, row, originals.find(target))
    except tuple(CAUSES) as trouble:
        return Reading(target, None, row, trouble=trouble)


def kind_of(address: Address, target: Target | None) -> str:
    if target is None:
        return "unknown"
    if target.alias:
        return "alias"
    if is_image_handler(address, target):
        return "URL of AWS’s image handler"
    return "signed Thumbor URL" if target.keep else "unsigned Thumbor URL"


def verdict(first: Answer, target: Target | None, reading: Reading) -> str:
    if first.status >= 400 or target is None:
        if first.is_picture:
            return "There is no such original, so viewers get the fallback picture."
        return f"Fails. {story.error_of(first)}"
    if first.status == 301:
        return f"Leads to {first.headers.get('Location', '')}, its one spelling."
    if first.status == 302:
        return (
            f"Works, by a detour: the picture is too large for the gateway, so it leads to {first.headers['Location']}"
        )
    if target.alias:
        return f"Works. The alias {target.alias.name}, revision {target.alias.revision}, of {target.key}."
    signed = "A signed" if target.keep else "An unsigned"
    return f"Works. {signed} URL of {target.key} in the bucket {target.bucket.name}."


def more_of(address: Address, first: Answer, reading: Reading) -> str:
    """One more sentence beside the verdict."""
    if address.raw.startswith(INFO) and first.status < 400:
        return "It describes the picture, as JSON."
    if SKIPPED in first.headers:
        return f"Left out, since they cannot be applied: {first.headers[SKIPPED]}."
    if first.status < 400:
        return ""
    if silent := suggestions.silence(address):
        return silent
    fine = "The alias is fine. " if reading.target and reading.target.alias and reading.trouble else ""
    return f"{fine}Everyone gets this answer; {cached(first)}."


def cached(answer: Answer) -> str:
    directives = dict(
        one.strip().partition("=")[::2] for one in answer.headers.get("Cache-Control", "no-store").split(",")
    )
    return f"caches keep it for {directives['max-age']} s" if "max-age" in directives else "no cache keeps it"


def unskipped(target: Target | None) -> list[Suggestion]:
    """What the filters may have been meant to be that were left out."""
    skipped = target.skipped if target else ()
    close = [(name, other) for name in skipped for other in nearest.names_like(name, FILTERS) if other != name]
    return [Suggestion(f"The filter “{name}” may have been meant to be “{other}”.") for name, other in close]
