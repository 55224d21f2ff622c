"""How many faces are found and kept, beside Thumbor's detectors and a centre crop: `make faces`.

    make faces PICTURES=folder ANNOTATIONS=file.json

The file gives the faces as [left, top, width, height] in pixels of the upright picture. Faces in `ignore` count neither
way:

    {"images": [{"file": name, "size": [width, height], "faces": [[...], ...], "ignore": [[...], ...]}]}

For this service, the file's focus and the frame that a smart recipe plans with it. Prints what each detector finds and
keeps, and ends with one line:

    faces: N pictures, recall R, precision P, kept A at 1:1, B at 3:1, M ms
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image

from rendering.imaging.focus import yunet
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Box, Geometry, plan
from rendering.imaging.frame.sizes import contained_size
from rendering.imaging.pipeline import sight
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened

ROOT = Path(__file__).resolve().parent.parent
#: OpenCV, for Thumbor's detectors. It is as large as this service, so it has its own environment.
PEER = ROOT / "build" / "peers" / "opencv"
OPENCV = "opencv-python-headless==4.14.0.94"

#: The crops, as width and height; the largest part of the picture with these proportions.
CROPS = {"1:1": (300, 300), "3:1": (600, 200)}

#: The overlap from which two boxes are the same face, and the part of a face that must be visible to count as kept.
SAME, KEPT = 0.4, 0.98

LIMITS = Limits()

#: By how much Thumbor raises a face's box for the hair, as a fraction of its height.
HAIR = 0.12

Result = TypeVar("Result")

#: Left, top, right, bottom in pixels of the upright picture.
Region = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Shot:
    """An annotated picture."""

    path: Path
    size: tuple[int, int]
    faces: list[Region]
    ignored: list[Region]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one detector found in a picture, its crops by name, and its CPU milliseconds."""

    faces: list[Region]
    crops: dict[str, Region]
    ms: float


def wrong_with(pictures: Path | None, annotations: Path | None) -> str:
    """What prevents the measurement, as a sentence; empty if nothing does."""
    if pictures is None or annotations is None:
        return "Annotated pictures are not part of this repository."
    if not pictures.is_dir():
        return f"There is no folder {pictures}."
    return "" if annotations.is_file() else f"There is no file {annotations}."


def annotated(description: str | None, target: str) -> tuple[Path, Path] | None:
    """The folder and the file that the command names. None, with a sentence, if it does not name both."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--annotations", type=Path)
    arguments = parser.parse_args()
    if wrong := wrong_with(arguments.pictures, arguments.annotations):
        print(wrong)
        print(f"Name yours: make {target} PICTURES=folder ANNOTATIONS=file.json")
        return None
    return arguments.pictures, arguments.annotations


def main() -> int:
    named = annotated(__doc__, "faces")
    if named is None:
        return 2
    pictures, annotations = named
    if not yunet.installed():
        print("ONNX Runtime is not installed, so there is no detector of faces to measure.")
        return 2
    shots = [
        Shot(
            pictures / image["file"],
            (image["size"][0], image["size"][1]),
            [cornered(box) for box in image["faces"]],
            [cornered(box) for box in image.get("ignore", ())],
        )
        for image in json.loads(annotations.read_text())["images"]
    ]
    print(f"{'':24}{'recall':>8}{'precision':>11}" + "".join(f"{f'kept {name}':>11}" for name in CROPS) + f"{'ms':>8}")
    print_line("a crop of the centre", shots, [centre(shot) for shot in shots])
    if found := thumbors(shots):
        print_line("Thumbor, with OpenCV", shots, found)
    recall, precision, kept, ms = print_line("this service", shots, [ours(shot) for shot in shots])
    print(twelve_megapixels(max(shots, key=lambda shot: len(shot.faces))))
    print(
        f"faces: {len(shots)} pictures, recall {recall:.3f}, precision {precision:.3f}, "
        f"kept {kept['1:1']:.3f} at 1:1, {kept['3:1']:.3f} at 3:1, {ms:.1f} ms"
    )
    return 0


def cornered(box: Sequence[float]) -> Region:
    left, top, width, height = box
    return left, top, left + width, top + height


def print_line(name: str, shots: list[Shot], answers: list[Answer]) -> tuple[float, float, dict[str, float], float]:
    """Print a line of the table; return its figures."""
    pairs = list(zip(shots, answers, strict=True))
    faces = sum(len(shot.faces) for shot in shots)
    hits = sum(matched(shot.faces, answer.faces) for shot, answer in pairs)
    right = wrong = 0
    for shot, answer in pairs:
        for face in answer.faces:
            if any(agree(face, true) for true in shot.faces):
                right += 1
            elif not any(agree(face, other) or within(face, other) > 0.5 for other in shot.ignored):
                wrong += 1
    kept = {
        crop: sum(within(face, answer.crops[crop]) >= KEPT for shot, answer in pairs for face in shot.faces) / faces
        for crop in CROPS
    }
    recall, precision = hits / faces, right / (right + wrong) if right + wrong else 0.0
    ms = statistics.median(answer.ms for answer in answers)
    print(f"{name:24}{recall:8.3f}{precision:11.3f}" + "".join(f"{kept[crop]:11.3f}" for crop in CROPS) + f"{ms:8.1f}")
    return recall, precision, kept, ms


def matched(faces: list[Region], found: list[Region]) -> int:
    """The number of annotated faces among the boxes found; each box stands for one face at most."""
    pairs = sorted(((shared(face, other), n, m) for n, face in enumerate(faces) for m, other in enumerate(found)))
    taken: set[int] = set()
    hit: set[int] = set()
    for share, n, m in reversed(pairs):
        if share >= SAME and n not in hit and m not in taken:
            hit.add(n)
            taken.add(m)
    return len(hit)


def shared(one: Region, other: Region) -> float:
    """Intersection over union of two boxes."""
    both = common(one, other)
    return both / (area(one) + area(other) - both)


def agree(found: Region, true: Region) -> bool:
    """Whether a box shows that face, however tightly: their centres are near and their sizes similar."""
    apart = max(abs(found[side] + found[side + 2] - true[side] - true[side + 2]) / 2 for side in (0, 1))
    return apart < area(true) ** 0.5 / 2 and 1 / 3 < area(found) / area(true) < 3


def within(face: Region, crop: Region) -> float:
    return common(face, crop) / area(face)


def common(one: Region, other: Region) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, across) * max(0.0, down)


def area(box: Region) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def ours(shot: Shot) -> Answer:
    """What the service finds and plans. The milliseconds are the minimum of five runs, without decoding."""
    content = shot.path.read_bytes()
    focus, ms = timed(lambda: sight.detect(Opened(content, LIMITS), yunet.NAME))
    faces = [(box.left, box.top, box.right, box.bottom) for box in (f.box.within(*shot.size) for f in focus.faces)]
    crops = {
        name: plan(Geometry(*size, smart=Smart()), *shot.size, LIMITS, focus=focus).box for name, size in CROPS.items()
    }
    return Answer(faces, crops, ms - timed(lambda: decode(content))[1])


def centre(shot: Shot) -> Answer:
    return Answer([], {name: plan(Geometry(*size), *shot.size, LIMITS).box for name, size in CROPS.items()}, 0)


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """The result of some work, and the minimum of its CPU milliseconds over five runs."""
    times = []
    for _ in range(5):
        started = time.process_time()
        result = work()
        times.append((time.process_time() - started) * 1000)
    return result, min(times)


def decode(content: bytes) -> None:
    """The part of `sight.detect` that reads the file."""
    original = Opened(content, LIMITS)
    sight.decode_enough(original, contained_size(*original.header.size, yunet.SIDE, yunet.SIDE, enlarge=False))


def thumbors(shots: list[Shot]) -> list[Answer]:
    """What Thumbor's detectors find, and the crops around their centre of mass; nothing if OpenCV cannot be
    installed."""
    python = PEER / "bin" / "python"
    if not python.exists():
        print(f"(installing {OPENCV} into {PEER.relative_to(ROOT)})", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(PEER)], check=True)
        pip = [shutil.which("python3") or sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
        if subprocess.run([*pip, "--disable-pip-version-check", OPENCV, "pillow"], check=False).returncode:
            shutil.rmtree(PEER)
            print("(Thumbor is left out: OpenCV could not be installed)")
            return []
    lines = subprocess.run(
        [str(python), str(Path(__file__).with_name("thumbor_detectors.py"))],
        input="".join(f"{shot.path.resolve()}\n" for shot in shots),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout.splitlines()
    return [thumbor(shot, json.loads(line)) for shot, line in zip(shots, lines, strict=True)]


def thumbor(shot: Shot, found: dict[str, Any]) -> Answer:
    """Thumbor places crops as focal boxes do here: at the centre of mass of their centres, weighted by size."""
    faces = [cornered(box) for box in found["faces"]]
    raised = [(left, max(0.0, top - HAIR * (bottom - top)), right, bottom) for left, top, right, bottom in faces]
    points = [(x, y, x + 1, y + 1) for x, y in found["points"]]
    focal = tuple(Box(round(box[0]), round(box[1]), round(box[2]), round(box[3])) for box in raised or points)
    crops = {name: plan(Geometry(*size, focal=focal), *shot.size, LIMITS).box for name, size in CROPS.items()}
    return Answer(faces, crops, found["ms"])


def twelve_megapixels(shot: Shot) -> str:
    """The cost for a photograph of 12 megapixels: an enlarged picture."""
    with Image.open(shot.path) as image:
        file = BytesIO()
        image.convert("RGB").resize((4000, 3000)).save(file, "JPEG", quality=90)
    decoding = timed(lambda: decode(file.getvalue()))[1]
    both = timed(lambda: sight.detect(Opened(file.getvalue(), LIMITS), yunet.NAME))[1]
    return f"a JPEG of 12 megapixels: {decoding:.1f} ms to decode, {both - decoding:.1f} ms to look at"


if __name__ == "__main__":
    sys.exit(main())
