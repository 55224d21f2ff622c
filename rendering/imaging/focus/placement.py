"""Placing a crop by the focus of a picture: pure numbers, in pixels.

The largest crop of given proportions spans the picture along one side, so only its start along the other is free. The
best window there holds as many complete faces as possible, preferring larger and surer ones, with their padding where
there is space. The faces that it holds are then in its middle, with their padding as far as it goes in.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

from .edges import densest
from .faces import PERSON, Focus
from .smart import Smart

#: The weight of the visible part of a cut face, where a complete face has 1.
CUT = 0.1

#: The weight of the padding of a complete face. It decides where faces alone do not.
AROUND = 0.1

#: The forehead and hair that detectors leave out above a face's box, in fractions of its height.
HAIR = 0.25

#: Left, top, right, bottom.
Region = tuple[float, float, float, float]


class Span(Struct, frozen=True):
    """A face along one side, in pixels: its start and end, the same with its padding, and its weight."""

    start: float
    end: float
    outer_start: float
    outer_end: float
    weight: float

    @property
    def length(self) -> float:
        return self.end - self.start

    def is_inside(self, start: float, size: float) -> bool:
        """Whether the face lies completely in a window of that start and size, but for rounding errors."""
        return self.start >= start - 1e-6 and self.end <= start + size + 1e-6

    def worth(self, start: float, size: float) -> float:
        """The weight of the face in a window of that start and size."""
        kept = max(0.0, min(self.end, start + size) - max(self.start, start)) / self.length
        if not self.is_inside(start, size):
            return self.weight * CUT * kept
        outer = min(self.outer_end, start + size) - max(self.outer_start, start)
        return self.weight * (1 + AROUND * outer / (self.outer_end - self.outer_start))


class FaceSpans(Struct, frozen=True):
    """A face in the area that may be cropped, along both sides."""

    across: Span
    down: Span


def faces_in(smart: Smart, focus: Focus, width: int, height: int, crop: Region) -> list[FaceSpans]:
    """The faces that a smart crop of the area `crop` should keep: those with their centre in it.

    `width` and `height` are the original's. Positions are counted from the left upper corner of `crop`.
    """
    left, top, right, bottom = crop
    hair = 0 if focus.detector == PERSON else HAIR
    found = []
    for face in focus.faces:
        box = face.box.within(width, height)
        if left <= (box.left + box.right) / 2 <= right and top <= (box.top + box.bottom) / 2 <= bottom:
            weight = math.sqrt((box.right - box.left) * (box.bottom - box.top)) * face.confidence
            across = span(box.left - left, box.right - left, right - left, smart.padding, smart.padding, weight)
            down = span(box.top - top, box.bottom - top, bottom - top, smart.padding + hair, smart.padding, weight)
            found.append(FaceSpans(across, down))
    if smart.largest and found:
        return [max(found, key=lambda face: face.across.length * face.down.length)]
    return found


def span(start: float, end: float, side: float, before: float, after: float, weight: float) -> Span:
    """The span of a face from `start` to `end`, with padding before and after it in fractions of its length."""
    length = end - start
    places = start, end, start - before * length, end + after * length
    start, end, outer_start, outer_end = (min(max(place, 0.0), side) for place in places)
    return Span(start, end, outer_start, outer_end, weight)


def crop_centre(
    smart: Smart,
    focus: Focus,
    width: int,
    height: int,
    crop: Region,
    cut: tuple[float, float],
    aligned: tuple[float, float],
) -> tuple[float, float]:
    """The centre of the best window of the size `cut` in the area `crop`, counted from its left upper corner.

    The best window is the one for the faces or, without any, the one with the most detail. Without edges, too, it is
    centred at `aligned`. `width` and `height` are the original's.
    """
    sides = crop[2] - crop[0], crop[3] - crop[1]
    if faces := faces_in(smart, focus, width, height, crop):
        starts = [
            best_start(side, size, spans) for side, size, spans in zip(sides, cut, along_sides(faces), strict=True)
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
    faces: Sequence[FaceSpans], sides: tuple[float, float], asked: tuple[int, int], *, enlarge: bool
) -> Region:
    """The smallest part of a picture that shows all faces with their padding.

    `sides` are the picture's. The part has the proportions of `asked`, the requested size, unless a side of that is 0.
    Unless `enlarge` is true it has at least as many pixels as requested, if the picture has them.
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
    left, top = (best_start(side, size, spans) for side, size, spans in zip(sides, (across, down), along, strict=True))
    return left, top, left + across, top + down


def along_sides(faces: Sequence[FaceSpans]) -> tuple[list[Span], list[Span]]:
    return [face.across for face in faces], [face.down for face in faces]


def best_start(side: float, size: float, spans: Sequence[Span]) -> float:
    """Where the best window of that size begins along a side."""
    room = side - size
    # Between two neighbouring places no face enters or leaves the window.
    places = {0.0, room, *(min(max(place, 0.0), room) for one in spans for place in (one.start, one.end - size))}
    start = max(sorted(places), key=lambda start: sum(one.worth(start, size) for one in spans))
    held = [one for one in spans if one.is_inside(start, size)]
    if held:
        placed = around(held, size)
    else:  # no face fits into the window: centre on the one with the most weight
        most = max(spans, key=lambda one: one.worth(start, size))
        placed = (most.start + most.end - size) / 2
    return min(max(placed, 0.0), room)


def around(held: Sequence[Span], size: float) -> float:
    """Where a window of that size begins that holds all of these faces: with their padding in its middle.

    If it is too small for the padding, each end gets as much of what is left as it has of the padding. Cut by the same
    number of pixels, the chin, with its little padding, would be flush with the end while there is room above the hair.
    """
    first, last = min(one.start for one in held), max(one.end for one in held)
    before, after = first - min(one.outer_start for one in held), max(one.outer_end for one in held) - last
    left, wanted = size - (last - first), before + after
    return first - (before * left / wanted if left < wanted else (left - wanted) / 2 + before)
