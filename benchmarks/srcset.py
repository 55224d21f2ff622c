"""Many sizes of one original: each rendered from it, or the small ones from a reduced copy of it (a mezzanine).

    make bench ONLY=srcset            or: .venv/bin/python -m benchmarks.srcset [--pictures DIR] [--write]

The service renders each from the original: docs/decisions.md, D106. This tries the mezzanine: at most 800 pixels a
side, JPEG of quality 92. Medians in milliseconds of CPU. Storages are not involved; the decision says what they add.
"""

import argparse
import statistics
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image

from rendering import process
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.pipeline.render import render
from rendering.imaging.quality.similarity import ssim
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults, Recipe

from . import page, photographs

ORIGINALS = ("jpeg12.jpg", "jpeg24.jpg", "jpeg12p.jpg", "png4.png", "webp4.webp")
#: Longer sides, in pixels, for which a mezzanine would be used.
SIZES = (90, 160, 320, 480)
MEZZANINE = Recipe(Geometry(width=800, height=800, fit=Fit.CONTAIN), Encoding(format="jpeg", jpeg_quality=92))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, help="../shared/speed/images")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    process.keep_memory()
    folder = photographs.folder(options.pictures)
    rows = [row(folder / name, options.rounds) for name in ORIGINALS if (folder / name).is_file()]
    if not rows:
        print(f"There is none of {', '.join(ORIGINALS)} in {folder}; name a folder with --pictures")
        return 1
    head = (
        "original",
        *(f"{size} px: ms from the original, from the copy, SSIM between the two" for size in SIZES),
        "making the copy: ms, kB",
        "all four, ms: from the original, with the copy",
    )
    table = page.table(head, rows)
    print(table)
    if options.write:
        about = f"WebP by `make bench ONLY=srcset`, {options.rounds} rounds, on {page.machine()}."
        page.write("srcset", "Many sizes of one original", f"{about}\n\n{table}")
    return 0


def row(path: Path, rounds: int) -> list[str]:
    original = path.read_bytes()
    spent, copy = timed(original, MEZZANINE, rounds)
    cells, sums = [path.name], [0.0, spent]
    for size in SIZES:
        recipe = Recipe(Geometry(width=size, height=size, fit=Fit.CONTAIN), Encoding(format="webp"))
        (direct, one), (reduced, other) = (timed(content, recipe, rounds) for content in (original, copy))
        pictures = [Image.open(BytesIO(content)).convert("RGB") for content in (one, other)]
        alike = ssim(*pictures) if pictures[0].size == pictures[1].size else float("nan")
        cells.append(f"{direct:.1f}, {reduced:.1f}, {alike:.4f}")
        sums = [sums[0] + direct, sums[1] + reduced]
    return [*cells, f"{spent:.1f}, {len(copy) / 1000:.0f}", f"{sums[0]:.0f}, {sums[1]:.0f}"]


def timed(content: bytes, recipe: Recipe, rounds: int) -> tuple[float, bytes]:
    """CPU milliseconds of one render, and its result."""
    settled = recipe.settled("any", Defaults())
    times = []
    for _ in range(rounds):
        started = time.process_time()
        made = render(Opened(content, Limits()), settled)
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times), made.content


if __name__ == "__main__":
    sys.exit(main())
