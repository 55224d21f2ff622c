"""YuNet, the detector of faces that runs in this process: a small net, on ONNX Runtime with one thread.

The model is OpenCV Zoo's face_detection_yunet_2023mar (MIT; see model/README.md). ONNX Runtime, and numpy, which it
brings, are imported when a face is first looked for: it takes them a third of a second.
"""

import math
import threading
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from .faces import Face

if TYPE_CHECKING:
    import numpy as np

#: The long side, in pixels, to which a picture is reduced before it is looked at, and the confidence of the least face.
SIDE, LEAST = 576, 0.7

#: Part of what names a kept focus and a recipe: what is found with another model, size or bound is another focus.
NAME = f"yunet-2023mar-{SIDE}-{LEAST:g}"

MODEL = Path(__file__).parent / "model" / "yunet_2023mar.onnx"

#: The net looks at every cell of three grids, of so many pixels a cell; its sides are multiples of the coarsest.
STRIDES = (8, 16, 32)

#: Two boxes that share more of their union than this are one face; as in OpenCV's FaceDetectorYN.
SAME = 0.3

_lock = threading.Lock()

#: Left, top, right, bottom in pixels of the reduced picture; the confidence.
Found = tuple[float, float, float, float, float]


@lru_cache(maxsize=1)
def installed() -> bool:
    """Whether this deployment brings what the detector runs on. Imports nothing."""
    return find_spec("onnxruntime") is not None


def detect(image: Image.Image) -> tuple[Face, ...]:
    """The faces in an upright picture in mode RGB, none of whose sides is over SIDE; the surest first."""
    with _lock:  # one session for all threads, which may use it at once
        session = _session()
    names = [f"{what}_{stride}" for stride in STRIDES for what in ("cls", "obj", "bbox")]
    answers = [answer[0] for answer in session.run(names, _input(image))]
    found = []
    for number, stride in enumerate(STRIDES):
        cls, obj, bbox = answers[number * 3 : number * 3 + 3]
        found += decoded(cls, obj, bbox, stride, _padded(image.width) // stride)
    faces = (
        Face.at(left / image.width, top / image.height, right / image.width, bottom / image.height, confidence)
        for left, top, right, bottom, confidence in distinct(found)
    )
    return tuple(face for face in faces if face)


def decoded(
    cls: "np.ndarray[Any, Any]", obj: "np.ndarray[Any, Any]", bbox: "np.ndarray[Any, Any]", stride: int, columns: int
) -> list[Found]:
    """The boxes of one grid, as OpenCV's modules/objdetect/src/face_detect.cpp reads them.

    For each cell, row by row: `cls` (cells x 1) how surely it shows a face, `obj` (cells x 1) how well a box fits it,
    `bbox` (cells x 4) the box's middle from the cell's corner and the logarithms of its sides, all in cells.
    """
    scores = (cls[:, 0].clip(0, 1) * obj[:, 0].clip(0, 1)) ** 0.5
    found = []
    for cell in (scores >= LEAST).nonzero()[0].tolist():
        x, y, across, down = bbox[cell].tolist()
        x, y = (cell % columns + x) * stride, (cell // columns + y) * stride
        across, down = math.exp(across) * stride / 2, math.exp(down) * stride / 2
        found.append((x - across, y - down, x + across, y + down, float(scores[cell])))
    return found


def distinct(found: list[Found]) -> list[Found]:
    """Of boxes that show the same face the surest, surest first (non-maximum suppression)."""
    kept: list[Found] = []
    for box in sorted(found, key=lambda box: -box[4]):
        if all(overlap(box, other) <= SAME for other in kept):
            kept.append(box)
    return kept


def overlap(one: Found, other: Found) -> float:
    """What two boxes share, in parts of what they cover together."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0.0, across) * max(0.0, down)
    areas = ((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return shared / (sum(areas) - shared)


def _padded(side: int) -> int:
    return -(-side // STRIDES[-1]) * STRIDES[-1]


def _input(image: Image.Image) -> dict[str, Any]:
    """The picture as the net wants it: blue, green and red, 0 to 255, black to the right and below."""
    import numpy as np

    pixels = np.zeros((1, 3, _padded(image.height), _padded(image.width)), np.float32)
    pixels[0, :, : image.height, : image.width] = np.asarray(image)[:, :, ::-1].transpose(2, 0, 1)
    return {"input": pixels}


@lru_cache(maxsize=1)
def _session() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread: renders run side by side, and the net is too small to be shared out.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Pictures are of many sizes; a plan of memory for each would be kept. The arena itself stays below 30 MB.
    options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors: its warnings about processors are nobody's business here
    return onnxruntime.InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])
