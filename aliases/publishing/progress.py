"""How far a publication, or the measuring before it, has got: step by step in words, for the page that waits for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from rendering import conf

from ..drafts.calibration import Calibration, qualities_in_words
from ..models import CatalogueState, Outbox, Publication
from ..pictures.health import known
from .sending import seconds_until_live

#: The most tags that a step names.
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Step:
    done: bool
    text: str
    #: Whether it reports an error that waiting does not fix.
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    steps: list[Step]
    #: Whether every process serves it by now.
    live: bool
    #: Whether nothing is left to send.
    done: bool


def progress(publication: Publication) -> Progress:
    rows = list(Outbox.objects.filter(publication=publication.together_id or publication.pk))
    catalogue = next((row for row in rows if row.kind == Outbox.Kind.CATALOGUE), None)
    # Of many, the one that takes longest.
    purge = max(
        (row for row in rows if row.kind == Outbox.Kind.INVALIDATE),
        key=lambda row: (row.sends_left, row.due_at),
        default=None,
    )
    steps = [Step(True, f"{str(publication).capitalize()}: kept in the history.")]
    # Without rows there is nothing to wait for: the alias was never published, or its rows were removed since.
    live = catalogue is None
    if catalogue and not catalogue.sent_at:
        steps.append(Step(False, f"The catalogue could not be written yet. {retry_in_words(catalogue)}"))
    elif catalogue and catalogue.sent_at:
        serial = CatalogueState.objects.get(pk=1).serial
        left = seconds_until(catalogue.sent_at + timedelta(seconds=seconds_until_live()))
        live = left == 0
        steps.append(Step(True, f"The catalogue is written; its serial is now {serial}."))
        steps.append(Step(live, "Every process has read it." if live else f"Every process reads it within {left} s."))
    if purge:
        steps += purges(purge)
    elif catalogue:
        steps.append(Step(True, "Everything that a CDN holds is still right, so there is nothing to purge."))
    if publication.alias.live_id == publication.revision_id and (trouble := known(publication.alias).trouble):
        steps.append(Step(True, f"Viewers get no picture of the sample. {trouble}", wrong=True))
    return Progress(steps, live, live and all(step.done for step in steps))


def progress_of_measuring(calibration: Calibration) -> Progress:
    """A line for each picture. When measuring is in trouble it is done: it does not continue by itself."""
    count = len(calibration.samples)
    chosen = f"{count} picture{'s' if count > 1 else ''} chosen" if count else "Pictures are chosen"
    steps = [Step(count > 0, f"{chosen}: the sample, and what is found beside it.")]
    for place, key in enumerate(calibration.samples):
        found = {name: one.quality for name, measures in calibration.measures.items() if (one := measures[place])}
        steps.append(Step(bool(found), f"{key}: {qualities_in_words(found) or 'to be measured'}"))
    steps += [Step(True, f"{key}: left out. {why}") for key, why in calibration.left_out.items()]
    steps.append(Step(calibration.complete, "Each is looked at with the qualities that all of them take."))
    return Progress(steps, live=False, done=calibration.complete or bool(calibration.trouble))


def purges(row: Outbox) -> list[Step]:
    tags = ", ".join(row.tags[:MOST_NAMED])
    if more := len(row.tags) - MOST_NAMED:
        tags += f" and {more} more" if more > 0 else ""
    if not conf.purges():
        # The rows are sent to the log all the same; nobody has to wait for that.
        return [Step(True, f"No CDN that could be purged is set up here, so none is asked to purge {tags}.")]
    sent = row.sends_left < 2
    first = Step(sent, f"The CDN is asked to purge {tags}. {'' if sent else retry_in_words(row)}".strip())
    again = "again, now that no process can hold the old catalogue"
    if row.sent_at:
        return [first, Step(True, f"Asked {again}.")]
    if row.sends_left == 1 and not row.attempts:
        return [first, Step(False, f"Asked {again}: in {seconds_until(row.due_at)} s.")]
    return [first, Step(False, f"Asked {again}. {retry_in_words(row)}".strip())]


def retry_in_words(row: Outbox) -> str:
    if not row.attempts:
        return ""
    return f"It failed {row.attempts} times ({row.last_error}) and is tried again in {seconds_until(row.due_at)} s."


def seconds_until(moment: Any) -> int:
    left: float = (moment - timezone.now()).total_seconds()
    return max(0, -int(-left // 1))
