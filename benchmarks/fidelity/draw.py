"""Draws the originals, and what they should look like: `python -m benchmarks.fidelity.draw FOLDER`.

Runs in the benchmark's own environment, which can write formats that the project's cannot.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from .animations import ANIMATIONS
from .drawn import Drawn
from .kinds import ANIMATION_BOX, BOX, FORMATS, MOVING, PAIR, Kind, written
from .odd import ODD
from .spaces import SPACES
from .stills import STILLS

KINDS: dict[str, Callable[[], Drawn]] = {**STILLS, **SPACES, **ODD, **ANIMATIONS}


def kind_of(name: str, original: str = "") -> Kind:
    if name in ANIMATIONS:
        # An APNG may have a default image of its own, so its still is a matter of taste.
        return Kind(name, original, ANIMATION_BOX, MOVING if "behind a still" in name else FORMATS)
    if name in ODD:
        return Kind(name, original, BOX, PAIR)
    # All orientations are turned by the same code: one is shown in every format, the others prove the turn.
    return (
        Kind(name, original, BOX, ("jpeg",)) if name[-1] in "234578" and "orientation" in name else Kind(name, original)
    )


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kinds = []
    for name, draw in KINDS.items():
        drawn = draw()
        slug = kind_of(name).slug
        path = folder / f"{slug}.{drawn.suffix}"
        path.write_bytes(drawn.content)
        for number, image in enumerate(drawn.intended):
            image.save(folder / f"{slug}.{number}.intended.png")
        if drawn.durations or drawn.exact:
            timing = {"durations": drawn.durations, "plays": drawn.plays, "exact": drawn.exact}
            (folder / f"{slug}.timing.json").write_text(json.dumps(timing))
        kinds.append(kind_of(name, str(path)))
    written(kinds, folder / "kinds.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
