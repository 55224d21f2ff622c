"""Which qualities a target SSIM takes for photographs, how many bytes that saves, and how long the search takes.

    .venv/bin/python -m benchmarks.visual_quality [--images FOLDER] [--side 800]

A line for each picture and target: the quality found in each format, its bytes relative to the default's, CPU time.
"""

import argparse
import sys
import time
from pathlib import Path

from rendering.imaging.encoding import FORMATS, Encoding
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.quality.calibration import LOWEST, find_qualities, lossy_formats, measure, render_subject
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults, Recipe

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ("jpeg12.jpg", "jpeg2.jpg", "png4.png", "webp4.webp", "avif2.avif")
TARGETS = (0.9, 0.95, 0.98)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=Path, default=ROOT.parent / "shared" / "speed" / "images")
    parser.add_argument("--side", type=int, default=800, help="the longer side of the pictures, in pixels")
    arguments = parser.parse_args()
    missing = [name for name in PICTURES if not (arguments.images / name).is_file()]
    if missing:
        print(f"There is no {', '.join(missing)} in {arguments.images}; name another folder with --images.")
        return 1
    for name in PICTURES:
        show((arguments.images / name).read_bytes(), name, arguments.side)
    return 0


def show(content: bytes, name: str, side: int) -> None:
    geometry = Geometry(width=side, height=side, fit=Fit.CONTAIN)
    recipe = Recipe(geometry, Encoding(format="auto")).settled("any", Defaults())
    picture, encoding = render_subject(Opened(content, Limits()), recipe), recipe.encoding
    formats = lossy_formats(encoding)
    defaults = {one: measure(picture, FORMATS[one], encoding, getattr(encoding, f"{one}_quality")) for one in formats}
    words = ", ".join(f"{one} {found.quality}: SSIM {found.ssim:.3f}" for one, found in defaults.items())
    print(f"{name}, {picture.width} x {picture.height}; by default {words}")
    for target in TARGETS:
        started = time.process_time()
        found = find_qualities(picture, encoding, target, dict.fromkeys(formats, LOWEST))
        seconds = time.process_time() - started
        words = ", ".join(
            f"{one} {best.quality} ({best.bytes / defaults[one].bytes - 1:+.0%} bytes)" for one, best in found.items()
        )
        print(f"    {target}: {words}; {seconds:.1f} s")


if __name__ == "__main__":
    sys.exit(main())
