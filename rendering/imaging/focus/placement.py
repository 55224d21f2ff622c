"""From a focus to the part of a picture that stays: pure numbers, in pixels.

A crop of given proportions that is as large as can be spans the picture along one side, so that a single number is
free: where its window begins along the other. The best window holds as many faces whole as it can, the larger and surer
ones first, with what is around them where there is room, and is then centred on the faces it holds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .edges import densest
from .faces import PERSON, Focus
from .smart import Smart

#: What a face counts that is cut, for the part of it that stays; 1 is a whole one.
CUT = 0.1

#: What all that is to be kept around a whole face counts beside it: it decides where faces alone do not.
AROUND = 0.1

#: What detectors leave out of a face's box above it, in parts of its height: the forehead and the hair.
HAIR = 0.25

#: Left, top, right, bottom.
Region = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Span:
    """How far a face reaches along one side, with and without what is to be kept around it, and what it counts."""

    start: float
    end: float
    outer_start: float
    outer_end: float
    weight: float

    @property
    def length(self) -> float:
        return self.end - self.start

    def whole(self, start: float, size: float) -> bool:
        # A rounding error cuts no face.
        return self.start >= start - 1e-6 and self.end <= start + size + 1e-6

    def worth(self, start: float, size: float) -> float:
        """What the face counts in a window."""
        kept = max(0.0, min(self.end, start + size) - max(self.start, start)) / self.length
        if not self.whole(start, size):
            return self.weight * CUT * kept
        outer = min(self.outer_end, start + size) - max(self.outer_start, start)
        return self.weight * (1 + AROUND * outer / (self.outer_end - self.outer_start))


@dataclass(frozen=True, slots=True)
class Sighted:
    """A face in the part of a picture that a crop may keep."""

    across: Span
    down: Span


def sighted(smart: Smart, focus: Focus, width: int, height: int, crop: Region) -> list[Sighted]:
    """The faces of an original of that size that a smart crop has to heed, counted from the corner of `crop`, a part of
    it: those with their middles inside."""
    left, top, right, bottom = crop
    hair = 0 if focus.detector == PERSON else HAIR
    found = []
    for face in focus.faces:
        box = face.box.within(width, height)
        if left <= (box.left + box.right) / 2 <= right and top <= (box.top + box.bottom) / 2 <= bottom:
            weight = math.sqrt((box.right - box.left) * (box.bottom - box.top)) * face.confidence
            across = span(box.left - left, box.right - left, right - left, smart.padding, smart.padding, weight)
            down = span(box.top - top, box.bottom - top, bottom - top, smart.padding + hair, smart.padding, weight)
            found.append(Sighted(across, down))
    if smart.largest and found:
        return [max(found, key=lambda face: face.across.length * face.down.length)]
    return found


def span(start: float, end: float, side: float, before: float, after: float, weight: float) -> Span:
    """A face from `start` to `end` along a side, where so many parts of its length are to be kept before and after."""
    length = end - start
    places = start, end, start - before * length, end + after * length
    start, end, outer_start, outer_end = (min(max(place, 0.0), side) for place in places)
    return Span(start, end, outer_start, outer_end, weight)


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
        starts = [window(side, size, spans) for side, size, spans in zip(sides, cut, along_sides(faces), strict=True)]
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


def head_shot(faces: Sequence[Sighted], sides: tuple[float, float], asked: tuple[int, int], *, enlarge: bool) -> Region:
    """The part of a picture of those sides that shows the faces, and what is to be kept around them, and no more.

    It has the proportions of `asked` where both its sides are given, and no fewer pixels unless `enlarge`: what would
    be blown up shows more around the faces instead, as far as the picture goes.
    """
    along = along_sides(faces)
    across, down = (max(one.outer_end for one in spans) - min(one.outer_start for one in spans) for spans in along)
    if all(asked):
        across, down = max(across, down * asked[0] / asked[1]), max(down, across * asked[1] / asked[0])
    if not enlarge:
        scale = max(1.0, asked[0] / across, asked[1] / down)
        across, down = across * scale, down * scale
    scale = min(1.0, sides[0] / across, sides[1] / down)
    across, down = across * scale, down * scale
    left, top = (window(side, size, spans) for side, size, spans in zip(sides, (across, down), along, strict=True))
    return left, top, left + across, top + down


def along_sides(faces: Sequence[Sighted]) -> tuple[list[Span], list[Span]]:
    return [face.across for face in faces], [face.down for face in faces]


def window(side: float, size: float, spans: Sequence[Span]) -> float:
    """Where the best window of that size on a side begins."""
    room = side - size
    # Between two of these places no face comes in or goes out.
    places = {0.0, room, *(min(max(place, 0.0), room) for one in spans for place in (one.start, one.end - size))}
    start = max(sorted(places), key=lambda start: sum(one.worth(start, size) for one in spans))
    held = [one for one in spans if one.whole(start, size)]
    if held:
        centred = (min(one.outer_start for one in held) + max(one.outer_end for one in held) - size) / 2
        centred = min(max(centred, max(one.end for one in held) - size), min(one.start for one in held))
    else:  # faces larger than the window: the one that counts most there
        most = max(spans, key=lambda one: one.worth(start, size))
        centred = (most.start + most.end - size) / 2
    return min(max(centred, 0.0), room)
