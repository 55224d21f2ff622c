"""What the page of the inspector shows of answers and stages, as texts and numbers for its template."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aliases.inspecting.asking import Answer
from aliases.inspecting.inspection import Inspection
from aliases.inspecting.story import Step
from rendering.imaging.pillow.formats import spelled

#: Parts of the whole below which a stage could not be seen.
LEAST = 0.012
#: The most characters that are shown of what is no picture.
MOST_SHOWN = 4000


@dataclass(frozen=True, slots=True)
class Row:
    """An answer as a line of the table; `content` is what was sent if it is no picture."""

    client: str
    status: int
    format: str
    size: str
    ready: str
    head: str
    content: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A stage in the drawing of all, in thousandths of its width."""

    x: int
    width: int
    longest: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A step, and the drawing of its stages, if it has any, with what it shows in words."""

    step: Step
    bars: tuple[Bar, ...] = ()
    sentence: str = ""


def rows(answers: list[Answer]) -> list[Row]:
    return [row(answer) for answer in answers]


def row(answer: Answer) -> Row:
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    ready = f"{max(1, round(answer.milliseconds))} ms"
    return Row(
        client=answer.client,
        status=answer.status,
        format=format_of(answer.type),
        size=f"{len(answer.body):,} B",
        ready=f"{ready}, kept" if answer.kept else ready,
        head="\n".join(lines),
        content="" if answer.is_picture else said(answer),
    )


def format_of(media_type: str) -> str:
    """“AVIF”, “JSON”."""
    return spelled(media_type.partition("/")[2].upper())


def said(answer: Answer) -> str:
    """The text of an answer; JSON is indented."""
    text = answer.body.decode(errors="replace")
    if answer.type == "application/json":
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return text[:MOST_SHOWN]


def told(inspection: Inspection) -> list[Told]:
    return [Told(step, bars(step.stages), in_words(step.stages)) for step in inspection.steps]


def bars(stages: Mapping[str, float]) -> tuple[Bar, ...]:
    whole = sum(stages.values())
    if not whole:
        return ()
    shares = [max(LEAST, ms / whole) for ms in stages.values()]
    found, x, longest = [], 0.0, max(shares)
    for share in shares:
        width = 1000 * share / sum(shares)
        found.append(Bar(round(x), max(1, round(width) - 3), share == longest))
        x += width
    return tuple(found)


def in_words(stages: Mapping[str, float]) -> str:
    """“read the original 0.1 ms · render 24.8 ms”."""
    return " · ".join(f"{name} {ms:g} ms" for name, ms in stages.items())
