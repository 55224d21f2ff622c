"""How much of a subject without a face is kept, beside smartcrop and a centre crop: `make crops`.

    make crops PICTURES=folder ANNOTATIONS=file.json

The file gives the subject as [left, top, width, height] in pixels of the upright picture:

    {"images": [{"file": name, "size": [width, height], "subject": [...]}]}

For this service, the edges of the file and the frame that a smart recipe plans with them. Prints the mean share of the
subject that each crop keeps, and that the best window would, and ends with one line:

    crops: N pictures, kept A at 1:1, B at 16:9, C at 3:1, D at 2:3, M ms
"""

import json
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faces import LIMITS, Region, annotated, cornered, decode, timed, within
from rendering.imaging.focus import edges
from rendering.imaging.focus.faces import Focus
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry, plan
from rendering.imaging.pipeline import sight
from rendering.imaging.reading.opened import Opened

ROOT = Path(__file__).resolve().parent.parent
#: smartcrop.js in Python. It needs numpy, so it has an environment of its own.
PEER = ROOT / "build" / "peers" / "smartcrop"
SMARTCROP = "smartcrop==0.5.0"

#: The crops, as width and height; the largest part of the picture with these proportions.
CROPS = {"1:1": (300, 300), "16:9": (480, 270), "3:1": (600, 200), "2:3": (200, 300)}

#: What the peer's Python runs: for the path and crops of each line, its boxes and its CPU milliseconds for one.
PROGRAM = """
import json, sys, time
from PIL import Image
from smartcrop import SmartCrop
for line in sys.stdin:
    path, crops = json.loads(line)
    image, boxes = Image.open(path).convert("RGB"), {}
    started = time.process_time()
    for name, size in crops.items():
        box = SmartCrop().crop(image, *size, min_scale=1)["top_crop"]
        boxes[name] = [box["x"], box["y"], box["width"], box["height"]]
    print(json.dumps([boxes, (time.process_time() - started) * 1000 / len(crops)]))
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """An annotated picture."""

    path: Path
    size: tuple[int, int]
    subject: Region


@dataclass(frozen=True, slots=True)
class Answer:
    """The crops of a picture by name, and the CPU milliseconds of what decides on them."""

    crops: dict[str, Region]
    ms: float = 0


def main() -> int:
    named = annotated(__doc__, "crops")
    if named is None:
        return 2
    pictures, annotations = named
    shots = [
        Shot(pictures / image["file"], (image["size"][0], image["size"][1]), cornered(image["subject"]))
        for image in json.loads(annotations.read_text())["images"]
    ]
    print(f"{'':24}" + "".join(f"{f'kept {name}':>11}" for name in CROPS) + f"{'ms':>8}")
    print_line("the best window", shots, [best(shot) for shot in shots])
    print_line("a crop of the centre", shots, [Answer(frames(shot, None)) for shot in shots])
    if found := smartcrops(shots):
        print_line("smartcrop", shots, found)
    kept, ms = print_line("this service", shots, [ours(shot) for shot in shots])
    shares = ", ".join(f"{share:.3f} at {name}" for name, share in kept.items())
    print(f"crops: {len(shots)} pictures, kept {shares}, {ms:.1f} ms")
    return 0


def print_line(name: str, shots: list[Shot], answers: list[Answer]) -> tuple[dict[str, float], float]:
    """Print a line of the table; return its figures."""
    kept = {
        crop: statistics.mean(
            within(shot.subject, answer.crops[crop]) for shot, answer in zip(shots, answers, strict=True)
        )
        for crop in CROPS
    }
    ms = statistics.median(answer.ms for answer in answers)
    print(f"{name:24}" + "".join(f"{share:11.3f}" for share in kept.values()) + f"{ms:8.1f}")
    return kept, ms


def frames(shot: Shot, focus: Focus | None) -> dict[str, Region]:
    """The frames that smart recipes plan with that focus; without one, those of the centre."""
    smart = Smart() if focus else None
    return {
        name: plan(Geometry(*size, smart=smart), *shot.size, LIMITS, focus=focus).box for name, size in CROPS.items()
    }


def best(shot: Shot) -> Answer:
    """Windows of the same sizes, each with its middle as near to that of the subject as it can be."""
    left, top, right, bottom = shot.subject
    crops = {}
    for name, box in frames(shot, None).items():
        width, height = box[2] - box[0], box[3] - box[1]
        x = min(max((left + right - width) / 2, 0), shot.size[0] - width)
        y = min(max((top + bottom - height) / 2, 0), shot.size[1] - height)
        crops[name] = (x, y, x + width, y + height)
    return Answer(crops)


def ours(shot: Shot) -> Answer:
    """What the service finds and plans. The milliseconds are the minimum of five runs, without decoding."""
    content = shot.path.read_bytes()
    focus, ms = timed(lambda: sight.detect(Opened(content, LIMITS), edges.NAME))
    return Answer(frames(shot, focus), ms - timed(lambda: decode(content))[1])


def smartcrops(shots: list[Shot]) -> list[Answer]:
    """What smartcrop chooses; nothing if it cannot be installed."""
    python = PEER / "bin" / "python"
    if not python.exists():
        print(f"(installing {SMARTCROP} into {PEER.relative_to(ROOT)})", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(PEER)], check=True)
        pip = [shutil.which("python3") or sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
        if subprocess.run([*pip, "--disable-pip-version-check", SMARTCROP], check=False).returncode:
            shutil.rmtree(PEER)
            print("(smartcrop is left out: it could not be installed)")
            return []
    lines = subprocess.run(
        [str(python), "-c", PROGRAM],
        input="".join(json.dumps([str(shot.path.resolve()), CROPS]) + "\n" for shot in shots),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout.splitlines()
    found = map(json.loads, lines)
    return [Answer({name: cornered(box) for name, box in boxes.items()}, ms) for boxes, ms in found]


if __name__ == "__main__":
    sys.exit(main())
