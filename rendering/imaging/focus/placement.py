"""From a focus to the part of a picture that stays: pure numbers, in pixels.

A crop of given proportions that is as large as can be spans the picture along one side, so that a single number is
free: where its window begins along the other. The best window holds as many faces whole as it can, the larger and surer
ones first, with their padding where there is room, and is then centred on the faces it holds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .edges import densest
from .faces import Focus
from .smart import Smart

#: What a face counts that is cut, for the part of it that stays; 1 is a whole one.
CUT = 0.25

#: Left, top, right, bottom.
Region = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Span:
    """How far a face reaches along one side, and what it counts."""

    start: float
    end: float
    weight: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Sighted:
    """A face within the part of a picture that a crop may keep."""

    across: Span
    down: Span

    @property
    def area(self) -> float:
        return self.across.length * self.down.length


def sighted(smart: Smart, focus: Focus, width: int, height: int, crop: Region) -> list[Sighted]:
    """The faces of an original of that size that a smart crop has to heed, counted from the corner of `crop`, a part of
    it: those with their middles inside."""
    left, top, right, bottom = crop
    found = []
    for face in focus.faces:
        box = face.box.within(width, height)
        if left <= (box.left + box.right) / 2 <= right and top <= (box.top + box.bottom) / 2 <= bottom:
            weight = math.sqrt((box.right - box.left) * (box.bottom - box.top)) * face.confidence
            across = Span(max(box.left, left) - left, min(box.right, right) - left, weight)
            down = Span(max(box.top, top) - top, min(box.bottom, bottom) - top, weight)
            found.append(Sighted(across, down))
    return [max(found, key=lambda face: face.area)] if found and smart.largest else found


def middle(
    smart: Smart,
    focus: Focus,
    width: int,
    height: int,
    crop: Region,
    cut: tuple[float, float],
    aligned: tuple[float, float],
) -> tuple[float, float]:
    """The middle of what stays of `crop`, counted from its corner: the best window of the size `cut` for the faces;
    without one, the one with most detail; without that, `aligned`."""
    sides = crop[2] - crop[0], crop[3] - crop[1]
    if faces := sighted(smart, focus, width, height, crop):
        starts = [
            window(side, size, spans, smart.padding)
            for side, size, spans in zip(sides, cut, along_sides(faces), strict=True)
        ]
    elif focus.edges:
        left, top, right, bottom = crop
        profiles = focus.edges.profiles(left / width, top / height, right / width, bottom / height)
        starts = [
            densest(profile, size / side, min(max(at - size / 2, 0), side - size) / side) * side
            for profile, size, side, at in zip(profiles, cut, sides, aligned, strict=True)
        ]
    else:
        return aligned
    return starts[0] + cut[0] / 2, starts[1] + cut[1] / 2


def head_shot(
    smart: Smart, faces: Sequence[Sighted], sides: tuple[float, float], asked: tuple[int, int], *, enlarge: bool
) -> Region:
    """The part of a picture of those sides that shows the faces close by.

    It has the proportions of `asked` where both its sides are given, and no fewer pixels unless `enlarge`: what would
    be blown up shows more around the faces instead, as far as the picture goes.
    """
    padded = [
        [grown(span, smart.padding, side) for span in spans]
        for spans, side in zip(along_sides(faces), sides, strict=True)
    ]
    across, down = (max(span.end for span in spans) - min(span.start for span in spans) for spans in padded)
    if all(asked):
        across, down = max(across, down * asked[0] / asked[1]), max(down, across * asked[1] / asked[0])
    if not enlarge:
        scale = max(1.0, asked[0] / across, asked[1] / down)
        across, down = across * scale, down * scale
    scale = min(1.0, sides[0] / across, sides[1] / down)
    across, down = across * scale, down * scale
    left, top = (
        window(side, size, spans, smart.padding)
        for side, size, spans in zip(sides, (across, down), along_sides(faces), strict=True)
    )
    return left, top, left + across, top + down


def along_sides(faces: Sequence[Sighted]) -> tuple[list[Span], list[Span]]:
    return [face.across for face in faces], [face.down for face in faces]


def window(side: float, size: float, spans: Sequence[Span], padding: float) -> float:
    """Where the best window of that size on a side begins."""
    room = side - size
    padded = [grown(span, min(padding, max(0.0, size / span.length - 1) / 2), side) for span in spans]
    # Between two of these places no face comes in or goes out.
    places = {0.0, room, *(place for span in padded for place in (span.start, span.end - size))}
    start = max(sorted(min(max(place, 0.0), room) for place in places), key=lambda start: worth(start, size, padded))
    held = [span for span in padded if kept(span, start, size) > 1 - 1e-6]
    held = held or [span for span in padded if kept(span, start, size) > 0]
    centre = (min(span.start for span in held) + max(span.end for span in held)) / 2
    return min(max(centre - size / 2, 0.0), room)


def worth(start: float, size: float, spans: Sequence[Span]) -> float:
    shares = [kept(span, start, size) for span in spans]
    return sum(
        span.weight * (1 if share > 1 - 1e-6 else CUT * share) for span, share in zip(spans, shares, strict=True)
    )


def kept(span: Span, start: float, size: float) -> float:
    """The share of a face that is within a window."""
    return max(0.0, min(span.end, start + size) - max(span.start, start)) / span.length


def grown(span: Span, padding: float, side: float) -> Span:
    """A span with that part of its length more at either end, as far as the side goes."""
    more = padding * span.length
    return Span(max(0.0, span.start - more), min(side, span.end + more), span.weight)
