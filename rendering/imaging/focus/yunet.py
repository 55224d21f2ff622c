"""YuNet, a detector of faces that runs in this process: a small neural network, on ONNX Runtime with one thread.

The model is OpenCV Zoo's face_detection_yunet_2023mar (MIT; see model/README.md). ONNX Runtime and numpy, on which it
depends, take a third of a second to import, so they are imported on first use.
"""

import os
import threading
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image

from .faces import Face

#: The longer side, in pixels, of the reduced picture in which faces are detected, and the lowest confidence of a face.
SIDE, LEAST = 576, 0.7

#: The detector's name, a part of keys: another model, size or lowest confidence finds another focus.
NAME = f"yunet-2023mar-{SIDE}-{LEAST:g}"

MODEL = Path(__file__).parent / "model" / "yunet_2023mar.onnx"

#: The sides of a cell, in pixels, in the network's three grids. The sides of its input are multiples of the largest.
STRIDES = (8, 16, 32)

#: Two boxes whose intersection over union is above this are the same face, as in OpenCV's FaceDetectorYN.
SAME = 0.3

#: The most faces that are returned, the surest ones. Rekognition has the same limit.
MOST = 100

_lock = threading.Lock()

#: A numpy array of 32-bit floats. Its own type would import numpy.
Floats = Any


@lru_cache(maxsize=1)
def installed() -> bool:
    """Whether ONNX Runtime is installed. Does not import it."""
    return find_spec("onnxruntime") is not None


def detect(image: Image.Image) -> tuple[Face, ...]:
    """Detect the faces in an upright picture (mode RGB, sides of at most SIDE), in order of falling confidence."""
    with _lock:  # all threads share one session, and may use it at once
        net = session()
    import numpy as np

    names = [f"{what}_{stride}" for stride in STRIDES for what in ("cls", "obj", "bbox")]
    answers = iter(answer[0] for answer in net.run(names, {"input": _input(image)}))
    columns = _padded(image.width)
    grids = [decode_boxes(next(answers), next(answers), next(answers), stride, columns // stride) for stride in STRIDES]
    boxes = suppress_overlaps(np.concatenate(grids))[:MOST]
    sides = image.width, image.height, image.width, image.height, 1
    return tuple(face for box in (boxes / sides).tolist() if (face := Face.at(*box)))


def decode_boxes(cls: Floats, obj: Floats, bbox: Floats, stride: int, columns: int) -> Floats:
    """Decode the boxes of one grid, as OpenCV's modules/objdetect/src/face_detect.cpp does.

    The input has a row for each cell, row by row: `cls` (cells x 1) is the probability of a face, `obj` (cells x 1) of
    a box that fits it, and `bbox` (cells x 4) is the centre of the box, from the cell's corner, and the logarithms of
    its sides, in cells. Returns n x 5: left, top, right and bottom in pixels, and the confidence, which is at least
    LEAST.
    """
    import numpy as np

    scores = np.sqrt(cls[:, 0].clip(0, 1) * obj[:, 0].clip(0, 1))
    cells = np.flatnonzero(scores >= LEAST)
    middles = (np.stack((cells % columns, cells // columns), 1) + bbox[cells, :2]) * stride
    halves = np.exp(bbox[cells, 2:]) * stride / 2
    return np.concatenate((middles - halves, middles + halves, scores[cells, None]), 1)


def suppress_overlaps(boxes: Floats) -> Floats:
    """Non-maximum suppression: of boxes (n x 5) that show the same face, keep the surest. Sorted by confidence."""
    import numpy as np

    left = boxes[np.argsort(-boxes[:, 4], kind="stable")]
    kept = []
    while len(left):
        kept.append(left[0])
        left = left[intersection_over_union(left[0], left) <= SAME]
    return np.array(kept).reshape(-1, 5)


def intersection_over_union(box: Floats, boxes: Floats) -> Floats:
    """The intersection over union of a box (5) with each of `boxes` (n x 5). Returns n numbers."""
    import numpy as np

    sides = (np.minimum(box[2:4], boxes[:, 2:4]) - np.maximum(box[:2], boxes[:, :2])).clip(0)
    areas = (boxes[:, 2:4] - boxes[:, :2]).prod(1)
    shared = sides.prod(1)
    return shared / ((box[2:4] - box[:2]).prod() + areas - shared)


def _padded(side: int) -> int:
    return -(-side // STRIDES[-1]) * STRIDES[-1]


def _input(image: Image.Image) -> Floats:
    """The network's input (1 x 3 x height x width): blue, green and red from 0 to 255, padded with black."""
    import numpy as np

    pixels = np.zeros((1, 3, _padded(image.height), _padded(image.width)), np.float32)
    pixels[0, :, : image.height, : image.width] = np.asarray(image)[:, :, ::-1].transpose(2, 0, 1)
    return pixels


@lru_cache(maxsize=1)
def session() -> Any:
    """The detector, read from its file once in a process."""
    # Or it keeps a database of events in the home folder, with a thread that sends them to its makers. It reads the
    # variable as it is imported; its disable_telemetry_events() comes too late.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread: renders run in parallel, and the network is too small to be split.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Pictures have many sizes, and a plan of memory would be kept for each. The arena itself stays below 30 MB.
    options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors only, since its warnings about processors do not matter here
    return onnxruntime.InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])
