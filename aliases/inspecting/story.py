"""The story of a request, step by step in words: from the URL to the picture, or to where that ended."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings
from django.template.defaultfilters import date as date_format
from django.utils import timezone

from rendering.dialects.image_path import By
from rendering.dialects.target import Target
from rendering.http.causes import sentence
from rendering.http.headers import BUCKET_AWAY
from rendering.pictures.originals import MissingOriginal

from ..models import Alias, Publication
from . import originals, recipes
from .asking import Answer
from .originals import Found

#: The stages of a request, as Server-Timing and the log name them, in words.
STAGES = {
    "find": "look for the original",
    "kept": "look for a kept picture",
    "read": "read the original",
    "queue": "wait for a turn",
    "wait": "wait for another request’s picture",
    "focus": "what to keep in sight",
    "rekognition": "ask Rekognition",
    "look": "look into the original",
    "render": "render",
    "plan": "plan",
    "keep": "keep the picture",
}
#: How the bucket of a URL was found whose image path does not begin with its name; the bucket follows.
FOUND = {
    By.SETTING: "Its image path begins with no bucket’s name, so it is in the bucket that THUMBOR_BUCKET names:",
    By.ADDRESS: "Its image path is an address that stands for the bucket",
}


class State(StrEnum):
    DONE = "done"
    FAILED = "failed"
    NOT_REACHED = "not reached"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Step:
    state: State
    title: str
    sentences: tuple[str, ...] = ()
    #: What programs read: a canonical path, a key.
    code: str = ""
    #: Milliseconds, by what was done.
    stages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found of a URL: what it stands for, the original, or the errors that ended either."""

    target: Target | None
    error: BaseException | None
    alias: Alias | None = None
    found: Found | None = None
    #: Why the original cannot be had, or nothing can be planned for it.
    trouble: BaseException | None = None


def tell(reading: Reading, answers: list[Answer]) -> list[Step]:
    """The steps of a picture's URL."""
    target = reading.target
    if target is None:
        assert reading.error is not None
        failed = Step(State.FAILED, "It stands for no picture", (f"{sentence(reading.error)}.",))
        return [failed, *unreached("The original", "What is done to it", "Rendering")]
    first = alias_step(target, reading.alias) if target.alias else dialect_step(target)
    if is_passed_on(answers):
        return [first, passed_on_step(target)]
    if reading.trouble is not None:
        return [
            first,
            trouble_step(target, reading.trouble),
            *unreached("What is done to it", "Rendering"),
            *fallback(target),
        ]
    assert reading.found is not None
    return [
        first,
        original_step(target, reading.found),
        recipe_step(target, reading.found),
        *rendering(target, answers),
    ]


def is_passed_on(answers: list[Answer]) -> bool:
    """Whether viewers get the original as it is, which nothing here can read: an SVG drawing."""
    return bool(answers and answers[0].facts.get("passed_on"))


def passed_on_step(target: Target) -> Step:
    said = "It is an SVG drawing, and this bucket passes those on: nothing is done to it, and no script in it runs."
    return Step(State.DONE, f"The original is in the bucket {target.bucket.name}", (said,), target.key)


def unreached(*titles: str) -> list[Step]:
    return [Step(State.NOT_REACHED, title, ("Not reached.",)) for title in titles]


def alias_step(target: Target, row: Alias | None) -> Step:
    live = target.alias
    assert live is not None
    since = published(row, live.revision)
    said = [f"The longest alias that begins this path. Viewers get its revision {live.revision}{since}."]
    if row and row.live and row.live.number != live.revision:
        said.append(f"Revision {row.live.number} is on its way: it is there within {settings.CATALOGUE_MAX_AGE:g} s.")
    if target.moved:
        said.append(f"What follows the @ has one spelling, so the URL leads to {target.moved}")
    return Step(State.DONE, f"The alias is {live.name}", tuple(said))


def published(row: Alias | None, number: int) -> str:
    """“, published on … by …: “tighter around the face””; empty where the history does not say."""
    last = row and Publication.objects.filter(alias=row, revision__number=number).select_related("by").first()
    if not last:
        return ""
    who = f" by {last.by.get_username()}" if last.by else ""
    why = f": “{last.why}”" if last.why else ""
    return f", live since {date_format(timezone.localtime(last.at), 'DATETIME_FORMAT')}{who}{why}"


def dialect_step(target: Target) -> Step:
    understood = (f"{FOUND[target.by]} “{target.bucket.name}”.",) if target.by in FOUND else ()
    if target.keep:
        said = "It was made with this service’s key."
        return Step(State.DONE, "The signature is right", (said, *understood))
    allowed = f"This service and the bucket “{target.bucket.name}” both allow it. Anyone can request any size."
    skipped = f" Left out, since they cannot be applied: {', '.join(target.skipped)}." if target.skipped else ""
    return Step(State.DONE, "It is allowed without a signature", (allowed + skipped, *understood))


def original_step(target: Target, found: Found) -> Step:
    said = [f"{originals.in_words(found.facts)}.", originals.focus_in_words(found.focus, found.plan.faces)]
    version = f"Its version is {found.version[: originals.SHOWN]}"
    said.append(
        f"{version}; the bucket is never asked whether it changed." if target.bucket.immutable else f"{version}."
    )
    return Step(
        State.DONE, f"The original is in the bucket {target.bucket.name}", tuple(filter(None, said)), target.key
    )


def trouble_step(target: Target, trouble: BaseException) -> Step:
    said = [f"{sentence(trouble)}."]
    if isinstance(trouble, MissingOriginal):
        said.append("Keys must match exactly: .jpeg is not .jpg, and capitals count.")
        title = f"There is no such original in the bucket {target.bucket.name}"
    else:
        title = f"The original in the bucket {target.bucket.name} cannot be used"
    return Step(State.FAILED, title, tuple(said), target.key)


def fallback(target: Target) -> list[Step]:
    if target.alias is None:
        return []
    if target.alias.fallback:
        return [
            Step(
                State.NOTE,
                "A fallback picture",
                ("Viewers see it instead, with the status 404.",),
                target.alias.fallback,
            )
        ]
    return [
        Step(State.NOTE, "A fallback picture", (f"{target.alias.name} has none, so viewers see a broken picture.",))
    ]


def recipe_step(target: Target, found: Found) -> Step:
    return Step(State.DONE, recipes.in_words(target), (originals.plan_in_words(found),), recipes.canonical(target))


def rendering(target: Target, answers: list[Answer]) -> list[Step]:
    """How the first client's answer came about, and what is kept of it."""
    first = answers[0]
    stages = {STAGES.get(name, name): round(ms, 1) for name, ms in first.stages.items()}
    took = f"{first.milliseconds:.0f} ms"
    if first.status >= 400:
        failed = Step(State.FAILED, "It could not be rendered", (error_of(first),), stages=stages)
        return [failed, *unreached("Keeping it")]
    key = str(first.facts.get("derivative", ""))
    if BUCKET_AWAY in first.headers:
        return [
            Step(State.NOTE, "The picture that was stored last is served", (f"{first.headers[BUCKET_AWAY]}.",), key)
        ]
    if target.meta or first.type == "application/json":
        return [Step(State.DONE, f"It was described, in {took}", stages=stages)]
    if first.kept:
        made = Step(State.DONE, f"It was found among the kept pictures, in {took}", stages=stages)
    else:
        made = Step(State.DONE, f"It was rendered just now, in {took}", stages=stages)
    return [made, keeping(target, first, key)]


def keeping(target: Target, first: Answer, key: str) -> Step:
    if not (target.keep or first.kept):
        said = "Only pictures of aliases and of signed URLs are: it is rendered whenever no cache has it."
        return Step(State.NOTE, "It is not kept", (said,), key)
    if not first.kept and "keep" not in first.stages:
        return Step(
            State.NOTE, "It is not kept yet", ("The original is just being written, or a stand-in helped.",), key
        )
    until = "Until the original or the alias changes." if target.alias else "Until the original changes."
    return Step(State.DONE, "It is kept", (until,), key)


def error_of(answer: Answer) -> str:
    """What an error's JSON says."""
    import json

    try:
        return f"{json.loads(answer.body)['message']}."
    except (ValueError, LookupError, TypeError):
        return "The service says nothing more."
