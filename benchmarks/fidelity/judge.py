"""Compares derivatives with the truth: `python -m benchmarks.fidelity.judge KINDS.json ENGINE=FOLDER …`. Writes
judged.json beside the first file. Runs in the benchmark's own environment."""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import cached_property
from itertools import accumulate, pairwise, product, repeat
from pathlib import Path
from textwrap import shorten

import numpy as np

from .difference import LEAST, difference, is_upright
from .kinds import MOVING, Kind, read
from .truth import Pixels, Seen, over, reduced, seen
from .verdict import Judgement

#: The number of frames of a long animation that are compared.
FRAMES = 12


class Truth:
    """What derivatives of one original should show."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        path = Path(kind.original)
        timing = path.with_name(f"{kind.slug}.timing.json")
        self.timing = json.loads(timing.read_text()) if timing.exists() else {}
        self.drawn = sorted(
            path.parent.glob(f"{kind.slug}.*.intended.png"), key=lambda each: int(each.name.split(".")[1])
        )
        if self.timing.get("exact"):
            # The file itself is not opened: libraries may refuse it, or show it wrong.
            frames = [seen(each).frames[0] for each in self.drawn]
            self.seen = Seen("", "", frames, self.timing["durations"], self.timing["plays"])
        else:
            self.seen = seen(path)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height that fit the box, before rounding. Nothing is enlarged."""
        height, width = self.seen.frames[0].shape[:2]
        scale = min(1.0, self.kind.box / width, self.kind.box / height)
        return width * scale, height * scale

    @cached_property
    def clear(self) -> bool:
        return any(bool((frame[..., 3] < 0.98).any()) for frame in self.seen.frames)

    def frame(self, number: int, size: tuple[int, int], name: str) -> Pixels:
        """A frame at that size, as the format can hold it: JPEG on white, GIF with opaque or transparent pixels."""
        frame = reduced(self.seen.frames[number], size)
        if name == "jpeg":
            return np.dstack([over(frame, 255), np.ones(frame.shape[:2], np.float32)])
        if name == "gif":
            return np.dstack([frame[..., :3], (frame[..., 3] >= 0.5).astype(np.float32)])
        return frame


def judged(truth: Truth, name: str, made: Path, engine: str) -> Judgement:
    """One derivative in the format `name`; only the engine's error message if it refused."""
    plain = Judgement(truth.kind.name, name, engine)
    if not made.exists():
        return replace(plain, refused=words(made.with_name(f"{made.name}.error")))
    try:
        found = seen(made)
    except Exception as error:  # noqa: BLE001  # an unreadable file is the engine's fault, not the judge's
        return replace(plain, refused=f"made what cannot be read: {type(error).__name__}")
    animated = len(truth.seen.frames) > 1 and name in MOVING
    height, width = found.frames[0].shape[:2]
    pairs = list(frame_pairs(truth, found, animated, name, (width, height)))
    offs = [difference(shown, true) for shown, true in pairs]
    return replace(
        plain,
        made=found.format.lower(),
        width=width,
        height=height,
        wanted=truth.size,
        mode=found.mode + ("+ICC" if found.profile else ""),
        upright=is_upright(found.frames[0], truth.frame(0, rounded(truth.size), name)),
        delta=float(np.mean([off.delta for off in offs])),
        high=max(off.high for off in offs),
        shift=max(off.shift for off in offs),
        ssim=float(np.mean([off.ssim for off in offs])) if min(width, height) >= LEAST else None,
        alpha_off=float(np.mean([off.alpha for off in offs])) if truth.clear and name != "jpeg" else 0.0,
        bytes=made.stat().st_size,
        frames=len(found.frames),
        frames_wanted=len(truth.seen.frames) if animated else 1,
        late=lateness(truth.seen, found) if animated and len(found.frames) > 1 else 0.0,
        length=sum(found.durations),
        plays=found.plays,
        plays_wanted=truth.seen.plays if animated else None,
        private=found.private,
    )


def words(error: Path) -> str:
    """Why an engine made nothing: the first of its lines that names no path of this machine, shortened."""
    lines = error.read_text().strip().splitlines() if error.exists() else ["no file and no error"]
    return shorten(next((line for line in lines if "/" not in line), "an error"), 60, placeholder="…")


def rounded(size: tuple[float, float]) -> tuple[int, int]:
    return max(1, round(size[0])), max(1, round(size[1]))


def frame_pairs(
    truth: Truth, found: Seen, animated: bool, name: str, size: tuple[int, int]
) -> Iterator[tuple[Pixels, Pixels]]:
    """What is shown and what should be shown, at the middle of each of the original's frames."""
    if not animated or len(found.frames) == 1:
        yield found.frames[0], truth.frame(0, size, name)
        return
    ends = list(accumulate(truth.seen.durations, initial=0.0))
    shown = list(accumulate(found.durations))
    step = max(1, len(truth.seen.frames) // FRAMES)
    for number in range(0, len(truth.seen.frames), step):
        moment = (ends[number] + ends[number + 1]) / 2
        at = next((index for index, end in enumerate(shown) if end > moment), len(shown) - 1)
        yield found.frames[at], truth.frame(number, size, name)


def lateness(truth: Seen, found: Seen) -> float:
    """By how many milliseconds, at worst, the frame changes of an animation are early or late."""
    changes = list(accumulate(found.durations))
    worst = 0.0
    for end, (before, after) in zip(accumulate(truth.durations), pairwise(truth.frames), strict=False):
        if np.abs(before - after).max() > 1:  # equal frames may be merged
            worst = max(worst, min(abs(change - end) for change in changes))
    # Sums of fractions are not exact.
    return round(max(worst, abs(sum(found.durations) - sum(truth.durations))), 3)


def doubts(truth: Truth) -> list[str]:
    """Where the decoded truth differs from what was drawn: then the truth is wrong, not the engines."""
    found = []
    if truth.drawn and len(truth.drawn) != len(truth.seen.frames):
        found.append(f"{len(truth.seen.frames)} frames were drawn as {len(truth.drawn)}")
    for number, (drawn, frame) in enumerate(zip(truth.drawn, truth.seen.frames, strict=False)):
        size = frame.shape[1] // 2, frame.shape[0] // 2
        mean = difference(reduced(seen(drawn).frames[0], size), reduced(frame, size)).delta
        if mean > 2:
            found.append(f"frame {number} differs from what was drawn by {mean:.1f}")
    timing = truth.timing
    if timing and (timing["durations"] != truth.seen.durations or truth.seen.plays not in (timing["plays"], None)):
        found.append(f"timing {timing} was read as {truth.seen.durations}, {truth.seen.plays}")
    return [f"{truth.kind.name}: {words}" for words in found]


def main(kinds: Path, engines: list[str]) -> None:
    folders = {engine: Path(folder) for engine, _, folder in (each.partition("=") for each in engines)}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(rows_of, read(kinds), repeat(folders)))
    found = {
        "judgements": [row for each, _ in rows for row in each],
        "doubts": [words for _, each in rows for words in each],
    }
    kinds.with_name("judged.json").write_text(json.dumps(found, indent=1))


def rows_of(kind: Kind, folders: dict[str, Path]) -> tuple[list[dict[str, object]], list[str]]:
    """All judgements of one kind, and the doubts in its truth."""
    truth = Truth(kind)
    asked = product(kind.formats, folders.items())
    rows = [judged(truth, name, folder / f"{kind.slug}.{name}", engine) for name, (engine, folder) in asked]
    return [asdict(row) for row in rows], doubts(truth)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
