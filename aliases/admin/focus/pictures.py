"""Pictures for the page of an original's focus: the original with what is found in it, and its smart crops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q

from aliases.drafts.content import served
from aliases.models import Alias, Bucket
from aliases.pictures import preview
from aliases.pictures.preview import NoPicture, Shot
from rendering import conf
from rendering.catalogue import catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import BadRecipe
from rendering.imaging.focus.faces import Face, Focus
from rendering.imaging.focus.smart import Smart
from rendering.imaging.recipe import Recipe
from rendering.pictures import focus, originals
from rendering.workers import jobs, pool

#: How crops are encoded on the page; their size and cut are those that viewers get.
SHOWN = Encoding(format="jpeg", jpeg_quality=75)
#: The width of the drawing over the original, in units of its own.
UNITS = 1000


@dataclass(frozen=True, slots=True)
class Mark:
    """A face drawn over the original, in UNITS; its confidence is written above it, or inside near the upper edge."""

    x: float
    y: float
    width: float
    height: float
    baseline: float
    confidence: str

    @classmethod
    def of(cls, face: Face, high: int) -> Self:
        box = face.box.within(UNITS, high)
        return cls(
            x=round(box.left, 1),
            y=round(box.top, 1),
            width=round(box.right - box.left, 1),
            height=round(box.bottom - box.top, 1),
            baseline=round(box.top - 8 if box.top > 36 else box.top + 30, 1),
            confidence=f"{100 * face.confidence:.0f} %",
        )


@dataclass(frozen=True, slots=True)
class Detection:
    """What one detector found: its name without the model's version, and the faces to draw."""

    detector: str
    focus: Focus
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Shown:
    """An original as the page shows it."""

    original: bytes
    etag: str
    #: A reduced copy, with the facts of the original.
    shot: Shot
    #: The height of the drawing over it, in UNITS.
    high: int
    found: list[Detection]

    @property
    def faces(self) -> int:
        return sum(len(found.marks) for found in self.found)


def show(bucket: Bucket, key: str, detectors: Iterable[str]) -> Shown:
    """An original, and what detectors find in it, which is stored for viewers' crops too. Raises NoPicture."""
    frozen, key = preview.locate(bucket, "", key)
    with preview.raising_no_picture(key):
        original = originals.find(frozen, key)
        content = originals.read(original)
        facts = preview.identify(content)
        of = facts.picture
        focuses = [focus.of(original, content, Smart(detector)).focus for detector in detectors]
        shot = preview.reduced_copy(content, preview.caption(facts), preview.REDUCED)
    high = max(1, round(UNITS * of.height / of.width))
    found = [
        Detection(one.detector.partition("-")[0], one, [Mark.of(face, high) for face in one.faces]) for one in focuses
    ]
    return Shown(content, original.etag, shot, high, found)


@dataclass(frozen=True, slots=True)
class SmartAlias:
    """An alias that makes smart crops: its live revision or, without one, its draft."""

    pk: int
    name: str
    live: bool
    #: Settled, and reduced to its crop.
    recipe: Recipe


def smart_aliases(bucket: Bucket, key: str) -> list[SmartAlias]:
    """The aliases that make smart crops of that original."""
    aliases = Alias.objects.filter(Q(bucket=bucket) | Q(live_bucket=bucket)).select_related("bucket", "live")
    return [found for alias in aliases if (found := smart_alias(alias, bucket, key))]


def smart_alias(alias: Alias, bucket: Bucket, key: str) -> SmartAlias | None:
    """The alias, if it makes smart crops of that original."""
    try:
        content: dict[str, Any] = alias.live.content if alias.live and alias.enabled else alias.content()
        frozen = served(alias.name, content)
        settled = frozen.recipe.settled("any", conf.defaults())
    except BadRecipe:  # a filter that is gone, or what a newer version wrote
        return None
    if frozen.bucket != bucket.name or not key.startswith(frozen.prefix) or not settled.geometry.smart:
        return None
    return SmartAlias(alias.pk, alias.name, alias.served, Recipe(settled.geometry, SHOWN))


def detectors(aliases: Sequence[SmartAlias]) -> list[str]:
    """The detectors that these aliases use; without any, the deployment's."""
    named = [alias.recipe.geometry.smart.detector for alias in aliases if alias.recipe.geometry.smart]
    return list(dict.fromkeys(named or [conf.detector() or conf.local_detector()]))


def cutting(aliases: Sequence[SmartAlias], shown: Shown) -> list[SmartAlias]:
    """Those of them that cut the original, so that its focus matters."""
    job = jobs.Choose(limits=conf.limits(), recipes=tuple(alias.recipe for alias in aliases))
    try:
        with preview.raising_no_picture(""):
            cut, _ = pool.run(job, shown.original)
    except NoPicture:  # the crops themselves say why they cannot be made
        return list(aliases)
    return [alias for alias, cuts in zip(aliases, cut, strict=True) if cuts]


def crop(alias: SmartAlias, bucket: Bucket, key: str) -> Shot:
    """The crop as viewers get it, with the published focus. Raises NoPicture."""
    frozen = catalogue.Alias(alias.name, 0, bucket.name, alias.recipe)
    return preview.render_at(frozen, *preview.locate(bucket, "", key), "any")


def crop_on(to: Focus | None, alias: SmartAlias, bucket: Bucket, key: str) -> Shot:
    """The crop with that focus; with None, with the one that is detected. Raises NoPicture."""
    frozen, key = preview.locate(bucket, "", key)
    smart = alias.recipe.geometry.smart
    assert smart is not None
    if to is None:
        with preview.raising_no_picture(key):
            original = originals.find(frozen, key)
            to = focus.of(original, originals.read(original), smart).focus
    overruled = catalogue.Alias(alias.name, 0, bucket.name, alias.recipe.overruled(to))
    return preview.render_at(overruled, frozen, key, "any")
