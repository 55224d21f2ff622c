"""An inspection as text for terminals, and as values for programs."""

from collections.abc import Iterator
from typing import Any

from .asking import Answer
from .inspection import Inspection
from .story import State

SIGNS = {State.DONE: "✓", State.FAILED: "✗", State.NOT_REACHED: "–", State.NOTE: "·"}


def as_text(inspection: Inspection) -> Iterator[str]:
    """Lines, without their ends."""
    yield " ".join(filter(None, (str(inspection.status or ""), inspection.verdict)))
    if inspection.more:
        yield inspection.more
    if inspection.kept:
        yield f"{inspection.kept[0].upper()}{inspection.kept[1:]}."
    if inspection.parts:
        width = max(len(part.text) for part in inspection.parts)
        yield ""
        for part in inspection.parts:
            mark = "✗ " if part.wrong else "! " if part.incomplete else ""
            yield f"  {part.text:{min(width, 60)}}  {mark}{part.meaning}".rstrip()
    yield from steps(inspection)
    for answer in inspection.answers:
        yield ""
        yield f"{answer.client}: {answer.status} {answer.reason}, {answer.type}, {len(answer.body):,} bytes"
        yield from (f"  {name}: {value}" for name, value in answer.headers.items())
    if inspection.equivalent:
        yield ""
        alike = "The same as a Thumbor URL" if inspection.equivalent.same else "Nearly the same as a Thumbor URL"
        yield f"{alike}: {inspection.equivalent.path}"
    if inspection.alias_like:
        yield f"The alias {inspection.alias_like[0]} would do the same: {inspection.alias_like[1]}"
    if inspection.suggestions:
        yield ""
        yield "Did you mean this?"
        yield from (f"  {' '.join(filter(None, (one.path, one.why)))}" for one in inspection.suggestions)


def steps(inspection: Inspection) -> Iterator[str]:
    for step in inspection.steps:
        yield ""
        yield f"{SIGNS[step.state]} {step.title}"
        yield from (f"  {sentence}" for sentence in step.sentences)
        if step.stages:
            yield f"  {', '.join(f'{name} {ms:g} ms' for name, ms in step.stages.items())}"
        if step.code:
            yield f"  {step.code}"


def as_values(inspection: Inspection) -> dict[str, Any]:
    """Values for JSON."""
    target, found = inspection.target, inspection.reading.found
    alias = target.alias if target else None
    return {
        "pasted": inspection.text,
        "path": inspection.address.path if inspection.address else None,
        "kind": inspection.kind,
        "status": inspection.status or None,
        "verdict": " ".join(filter(None, (inspection.verdict, inspection.more))),
        "kept": bool(inspection.answers and inspection.answers[0].kept),
        "alias": {"name": alias.name, "revision": alias.revision} if alias else None,
        "bucket": target.bucket.name if target else None,
        "key": target.key if target else None,
        "original": {
            "type": found.facts.picture.type,
            "width": found.facts.picture.width,
            "height": found.facts.picture.height,
            "frames": found.facts.picture.frames,
            "bytes": found.facts.length,
            "version": found.version,
        }
        if found
        else None,
        "parts": [
            {
                "name": part.name,
                "text": part.text,
                "meaning": part.meaning,
                "wrong": part.wrong,
                "incomplete": part.incomplete,
            }
            for part in inspection.parts
        ],
        "steps": [
            {
                "state": step.state.value,
                "title": step.title,
                "sentences": list(step.sentences),
                "code": step.code,
                "milliseconds": step.stages,
            }
            for step in inspection.steps
        ],
        "answers": [of_answer(answer) for answer in inspection.answers],
        "thumbor": {"path": inspection.equivalent.path, "same": inspection.equivalent.same}
        if inspection.equivalent
        else None,
        "suggestions": [{"why": one.why, "path": one.path} for one in inspection.suggestions],
    }


def of_answer(answer: Answer) -> dict[str, Any]:
    return {
        "client": answer.client,
        "accept": answer.accept,
        "status": answer.status,
        "headers": answer.headers,
        "bytes": len(answer.body),
        "milliseconds": round(answer.milliseconds, 1),
        "kept": answer.kept,
        "derivative": answer.facts.get("derivative"),
    }
