"""Findings: what an alias does to a sample that its viewers might not want, judged by the alias's own rules; and the
words for them, which the sheet, the list and the desk share."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from rendering.imaging.reviewed import Review
from rendering.pictures.originals import MissingOriginal
from rendering.storage.errors import StorageError
from rendering.workers.facts import Reviewed

from ..drafts.choices import Rule
from ..models import Alias
from .preview import NoPicture

#: Enlargements up to this are not mentioned: nobody sees them.
UNSEEN = 1.04


class Level(StrEnum):
    """How bad a finding is. Publishing against a bad one takes a reason."""

    BAD = "bad"
    WARN = "warn"
    PLAIN = "plain"


class Cause(StrEnum):
    """Why nothing can be made of a sample, the worst first."""

    UNREACHABLE = "bucket unreachable"
    MISSING = "sample missing"
    FAILED = "cannot be rendered"

    @property
    def badge(self) -> str:
        return self.value.capitalize()


LEVELS = {Rule.OFF: Level.PLAIN, Rule.WARN: Level.WARN, Rule.MUST: Level.BAD}


@dataclass(frozen=True, slots=True)
class Cure:
    """A change of the form that makes a finding go: a button's words, a field, and its value. Filters are added."""

    words: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the rule that it is about, the words of its badge, how bad it is, a sentence, and a cure."""

    rule: str
    badge: str
    level: Level
    why: str
    cure: Cure | None = None
    #: By which the worst of a rule is found, such as bytes.
    weight: float = 0
    #: That in words, where the badge does not say it.
    figure: str = ""

    def document(self) -> dict[str, Any]:
        return asdict(self)


AROUND_FACES = Cure("Crop around faces", "crop", "smart")
NEVER_ENLARGE = Cure("Never enlarge", "filters", "no_upscale()")
KEEP_TRANSPARENCY = Cure("Keep transparency: WebP", "format", "webp")
KEEP_MOTION = Cure("Keep it moving: WebP", "format", "webp")


def judge(draft: Alias, reviewed: Reviewed, length: int) -> list[Finding]:
    """What is to be said of a draft's derivative of `length` bytes, the worst first."""
    review = reviewed.review
    found = [
        *of_emptiness(review),
        *of_faces(draft, review),
        *of_transparency(draft, review),
        *of_motion(draft, reviewed),
        *of_bytes(draft, length),
        *of_enlarging(draft, review),
    ]
    order = list(Level)
    return sorted(found, key=lambda finding: order.index(finding.level))


def of_emptiness(review: Review) -> Iterator[Finding]:
    if review.empty:
        why = "One colour is all that is left to see, though the original shows more."
        yield Finding("emptiness", "Nothing but background", Level.BAD, why)


def of_faces(draft: Alias, review: Review) -> Iterator[Finding]:
    if not review.cut:
        return
    count, level = len(review.cut), LEVELS[Rule(draft.faces_rule)]
    out = all(right <= 0 or left >= 1 or bottom <= 0 or top >= 1 for left, top, right, bottom in review.cut)
    badge = "Leaves faces out" if out else "Cuts a face" if count == 1 else f"Cuts {count} faces"
    why = "No face is in sight any more." if out else "Part of a face is beyond the edge of the picture."
    yield Finding("faces", badge, level, why, None if draft.crop == "smart" else AROUND_FACES, count)


def of_transparency(draft: Alias, review: Review) -> Iterator[Finding]:
    if review.filled:
        colour = draft.background.lower().removeprefix("#")
        named = "white" if colour in ("fff", "ffffff", "white") else colour
        badge = f"Transparency becomes {named}"
        why = "The format has no transparency, so that the background's colour takes its place."
        yield Finding("transparency", badge, LEVELS[Rule(draft.transparency_rule)], why, KEEP_TRANSPARENCY)


def of_motion(draft: Alias, reviewed: Reviewed) -> Iterator[Finding]:
    if reviewed.review.stopped:
        frames, notes = reviewed.original.picture.frames, reviewed.rendered.notes
        why = f"{notes.flattened}." if notes.flattened else f"Of its {frames} frames, the first alone is shown."
        cure = None if notes.flattened else KEEP_MOTION
        yield Finding("motion", "Plays no more", LEVELS[Rule(draft.motion_rule)], why, cure)


def of_bytes(draft: Alias, length: int) -> Iterator[Finding]:
    if draft.most_kilobytes and length > 1000 * draft.most_kilobytes:
        why = f"The file has {length / 1000:.1f} kB; at most {draft.most_kilobytes} kB were asked for."
        level, figure = LEVELS[Rule(draft.bytes_rule)], f"{length / 1000:.1f}\N{NO-BREAK SPACE}kB"
        yield Finding("bytes", "Over its budget", level, why, weight=length, figure=figure)


def of_enlarging(draft: Alias, review: Review) -> Iterator[Finding]:
    times = review.enlarged
    if times <= UNSEEN:
        return
    beyond = bool(draft.most_enlarged) and times > draft.most_enlarged
    level = LEVELS[Rule(draft.enlarging_rule)] if beyond else Level.PLAIN
    why = "The original is smaller than the picture, which looks soft." if beyond else "The original is a little small."
    yield Finding("enlarging", f"Enlarged {times:.1f}×", level, why, NEVER_ENLARGE if beyond else None, times)


def unmade(error: NoPicture, *, own: bool) -> Finding:
    """Of a sample from which nothing can be made. That it is not the alias's own is no fault of the alias."""
    return Finding("readable", cause_of(error).badge, Level.BAD if own else Level.WARN, str(error))


def cause_of(error: NoPicture) -> Cause:
    if isinstance(error.__cause__, StorageError):
        return Cause.UNREACHABLE
    return Cause.MISSING if isinstance(error.__cause__, MissingOriginal) else Cause.FAILED


#: What one alias does that breaks a rule, and what several do: “hero enlarges small originals”.
DEEDS = {
    "emptiness": ("shows nothing but background", "show nothing but background"),
    "faces": ("cuts faces", "cut faces"),
    "transparency": ("loses transparency", "lose transparency"),
    "motion": ("stops animations", "stop animations"),
    "bytes": ("is over its budget", "are over their budgets"),
    "enlarging": ("enlarges small originals", "enlarge small originals"),
    "readable": ("has samples that cannot be rendered", "have samples that cannot be rendered"),
}


#: What is said of a version that no longer has a finding of the other: good news.
GONE = {
    "emptiness": "Something to see again",
    "faces": "No face is cut any more",
    "transparency": "Stays transparent",
    "motion": "Plays again",
    "bytes": "Within its budget",
    "enlarging": "Not enlarged any more",
    "readable": "Can be rendered again",
}


def badges_between(a: Iterable[Finding], b: Iterable[Finding]) -> list[tuple[str, str]]:
    """The badges of version B of a sample beside version A, each with its kind: what is found in B, then what was found
    in A alone. What is no more than mentioned in A is no news."""
    found = list(b)
    rules = {one.rule for one in found}
    gone = [GONE[one.rule] for one in a if one.rule not in rules and one.level is not Level.PLAIN]
    return [*((one.level, one.badge) for one in found), *(("good", words) for words in gone)]


def needs_attention(rule: str, level: str) -> bool:
    """Whether a finding in what is live needs somebody: a rule that is a must is broken, or a budget, which somebody
    has set. Other warnings are worth a look."""
    return level == Level.BAD or (rule == "bytes" and level == Level.WARN)


def has_musts(draft: Alias) -> bool:
    """Whether one of a draft's rules stops whoever publishes."""
    return any(getattr(draft, field.name) == Rule.MUST for field in draft._meta.fields if field.name.endswith("_rule"))


def titles(draft: Alias) -> dict[str, str]:
    """What each rule says that is looked at for a draft, by the rule's name, in words for those who publish."""
    said = {
        "readable": "Every sample can be rendered",
        "emptiness": "There is something to see",
        "faces": "Faces stay whole",
        "transparency": "Transparency stays",
        "motion": "Animations play",
        "enlarging": f"Enlarged at most {draft.most_enlarged or 0:g}×",
        "bytes": f"At most {draft.most_kilobytes} kB",
    }
    off = {name for name in said if getattr(draft, f"{name}_rule", None) == Rule.OFF}
    if not draft.most_enlarged:
        off.add("enlarging")
    if not draft.most_kilobytes:
        off.add("bytes")
    return {name: title for name, title in said.items() if name not in off}
