"""What differs between the answers of two services to one path."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from rendering import conf
from rendering.imaging.errors import PictureError
from rendering.workers import pool
from rendering.workers.errors import Busy, Failed
from rendering.workers.facts import Compared
from rendering.workers.jobs import Compare

from .asking import Answer

#: Below this SSIM, or above this mean difference of levels (0 to 255), people see that pictures differ.
LEAST_SSIM, MOST_LEVELS = 0.95, 8.0


class Kind(StrEnum):
    """What can differ, the worst first."""

    ANSWER = "no answer"
    STATUS = "status"
    SIZE = "size"
    PIXELS = "pixels"
    FRAMES = "frames"
    TYPE = "type"
    UNCLEAR = "not compared"


class Difference(Struct, frozen=True):
    kind: Kind
    #: What the old one and the new one say.
    words: str


class Pair(Struct, frozen=True):
    """The answers to one path, and what differs."""

    path: str
    old: Answer
    new: Answer
    differences: tuple[Difference, ...]
    #: How alike the pictures are; None where they are not of one size, or no pictures.
    compared: Compared | None = None


def pair(path: str, old: Answer, new: Answer) -> Pair:
    """Judge the answers to a path."""
    compared, unclear = None, ""
    if old.picture and new.picture and old.content != new.content:
        try:
            if not (old.content and new.content):
                raise Failed("a picture has more bytes than MAX_BYTES allows")
            compared, _ = pool.run(Compare(limits=conf.limits()), old.content, new.content)
        except (PictureError, Busy, Failed) as error:
            unclear = str(error)
    found = [*of_answers(old, new), *(of_pictures(compared) if compared else ())]
    if unclear:
        found.append(Difference(Kind.UNCLEAR, unclear))
    return Pair(path, old, new, tuple(sorted(found, key=lambda one: list(Kind).index(one.kind))), compared)


def of_answers(old: Answer, new: Answer) -> Iterator[Difference]:
    for answer, name in ((old, "old"), (new, "new")):
        if answer.failure:
            yield Difference(Kind.ANSWER, f"the {name} service does not answer: {answer.failure}")
    if old.failure or new.failure:
        return
    if old.status != new.status:
        yield Difference(Kind.STATUS, f"{old.status} before, {new.status} now")
    elif old.status == 200 and old.type != new.type:
        yield Difference(Kind.TYPE, f"{old.type or 'none'} before, {new.type or 'none'} now")


def of_pictures(compared: Compared) -> Iterator[Difference]:
    before, now = compared.old, compared.new
    if (before.width, before.height) != (now.width, now.height):
        yield Difference(Kind.SIZE, f"{before.width} x {before.height} pixels before, {now.width} x {now.height} now")
    if before.frames != now.frames:
        yield Difference(Kind.FRAMES, f"{before.frames} frames before, {now.frames} now")
    ssim, levels = compared.ssim, compared.levels
    if (ssim is not None and ssim < LEAST_SSIM) or (levels is not None and levels > MOST_LEVELS):
        yield Difference(Kind.PIXELS, words(compared))


def words(compared: Compared) -> str:
    """How alike two pictures of one size are, in words; empty for others."""
    said = [f"SSIM {compared.ssim:.3f}"] if compared.ssim is not None else []
    return ", ".join([*said, f"{compared.levels:.1f} levels apart"]) if compared.levels is not None else ""
