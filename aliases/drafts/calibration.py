"""What was measured for an alias's visual quality: as data, as it is kept in a revision's content, and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import replace

from rendering.imaging import documents
from rendering.imaging.encoding import FORMATS
from rendering.imaging.errors import BadDocument, BadRecipe
from rendering.imaging.pillow.formats import spelled
from rendering.imaging.quality.calibration import LOWEST, Measure


@dataclass(frozen=True, slots=True)
class Line:
    """One format, for the page that tells what was found."""

    name: str
    quality: int
    #: The least likeness of all pictures, and the key of the original in which it was found.
    ssim: float
    worst: str
    #: The alias's sample with the quality that was found, and with the service's default.
    sample: Measure
    default: Measure
    reached: bool

    @property
    def saved(self) -> int:
        """Per cent of its bytes that the sample has less than with the default quality; negative when it has more."""
        return round(100 * (1 - self.sample.bytes / self.default.bytes))

    @property
    def more(self) -> int:
        return -self.saved


class Calibration(Struct, frozen=True):
    """How far measuring has got, and what it has found so far. Each format's quality is the highest that any picture
    takes, so measuring goes round the pictures until each was looked at with the quality of all."""

    #: The visual quality that was asked for.
    ssim: documents.Share
    #: The keys of the originals that are measured, in their bucket; the alias's own sample first.
    samples: tuple[str, ...] = ()
    #: By format, a measure of each of the samples, in their order; None before it is looked at.
    measures: dict[str, tuple[Measure | None, ...]] = {}
    #: By format, what the service's default quality makes of the alias's own sample.
    defaults: dict[str, Measure] = {}
    #: Keys of originals that were chosen, too, and why they were not measured.
    left_out: dict[str, str] = {}
    #: How long it has taken so far.
    seconds: documents.Duration = 0
    #: Why it cannot go on.
    trouble: str = ""

    @property
    def qualities(self) -> dict[str, int]:
        return {
            name: max((one.quality for one in measures if one), default=LOWEST)
            for name, measures in self.measures.items()
        }

    @property
    def due(self) -> int | None:
        """The place of the next sample to look at; None when measuring is done."""
        # The new ones first: each may raise what all the others have to be looked at with.
        for done in (self.looked_at, self.up_to_date):
            for place in range(len(self.samples)):
                if not done(place):
                    return place
        return None

    @property
    def complete(self) -> bool:
        return self.due is None and bool(self.samples) and not self.trouble

    def looked_at(self, place: int) -> bool:
        return all(measures[place] for measures in self.measures.values())

    def up_to_date(self, place: int) -> bool:
        """Whether it was looked at with the qualities that all take."""
        return all(
            (one := self.measures[name][place]) is not None and one.quality == quality
            for name, quality in self.qualities.items()
        )

    def with_measures(self, place: int, found: Mapping[str, Measure]) -> Self:
        measures = {name: (*old[:place], found[name], *old[place + 1 :]) for name, old in self.measures.items()}
        return replace(self, measures=measures)

    def without(self, places: Sequence[int], why: str) -> Self:
        """The same, some samples left out."""
        kept = [place for place in range(len(self.samples)) if place not in places]
        return replace(
            self,
            samples=tuple(self.samples[place] for place in kept),
            measures={name: tuple(old[place] for place in kept) for name, old in self.measures.items()},
            left_out={**self.left_out, **{self.samples[place]: why for place in places}},
        )

    def lines(self) -> list[Line]:
        """What was found, once it is complete."""
        lines = []
        for name, quality in self.qualities.items():
            measures = [one for one in self.measures[name] if one]
            if not measures or name not in self.defaults:  # as an older version may have written it
                continue
            least = min(measures, key=lambda one: one.ssim)
            lines.append(
                Line(
                    name=spelled(name.upper()),
                    quality=quality,
                    ssim=least.ssim,
                    worst=self.samples[measures.index(least)],
                    sample=measures[0],
                    default=self.defaults[name],
                    reached=least.ssim >= self.ssim,
                )
            )
        return lines

    @property
    def larger(self) -> list[Line]:
        """The formats in which the sample has more bytes than with the service's default quality."""
        return [line for line in self.lines() if line.saved < 0]

    @property
    def default_ssim(self) -> float:
        """The least SSIM that the default qualities leave the sample, of all formats, rounded down:
        to ask for no more makes no file larger."""
        return int(1000 * min((line.default.ssim for line in self.lines()), default=0)) / 1000

    def pictures(self) -> list[tuple[str, str]]:
        """Each original's key, and its likeness in each format, in words."""
        return [
            (
                key,
                ", ".join(
                    f"{one.ssim:.3f} as {spelled(name.upper())}"
                    for name, measures in self.measures.items()
                    if (one := measures[place])
                ),
            )
            for place, key in enumerate(self.samples)
        ]

    def __str__(self) -> str:
        count = f"{len(self.samples)} pictures" if len(self.samples) > 1 else "one picture"
        return f"{qualities_in_words(self.qualities)}: measured on {count}"

    @property
    def so_far(self) -> str:
        """How far it is, as a line for the command line."""
        if self.complete:
            return str(self)
        looked_at = sum(self.looked_at(place) for place in range(len(self.samples)))
        return f"{looked_at} of {len(self.samples)} pictures looked at"


def read_calibration(data: object) -> Calibration:
    """What a document says of measuring; it may say no more than the visual quality. Raises BadDocument."""
    said = documents.read(data, Calibration)
    if any(len(found) != len(said.samples) for found in said.measures.values()):
        raise BadDocument("Each format has a measure of each sample")
    # PostgreSQL keeps an object's members in an order of its own.
    return replace(said, measures={name: said.measures[name] for name in FORMATS if name in said.measures})


def calibration_of(content: Mapping[str, Any]) -> Calibration | None:
    """What a revision says of what was measured; None where it asks for no visual quality, or what it says cannot be
    read."""
    try:
        return read_calibration(content["calibration"]) if "calibration" in content else None
    except BadRecipe:
        return None


def qualities_in_words(qualities: Mapping[str, int]) -> str:
    return ", ".join(f"{spelled(name.upper())} {quality}" for name, quality in qualities.items())
