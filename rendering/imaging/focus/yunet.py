"""YuNet, the detector of faces that runs in this process: a small net, on ONNX Runtime with one thread.

The model is OpenCV Zoo's face_detection_yunet_2023mar (MIT; see model/README.md). ONNX Runtime, and numpy, which it
brings, are imported when a face is first looked for: it takes them a third of a second.
"""

import threading
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image

from .faces import Face

#: The long side, in pixels, to which a picture is reduced before it is looked at, and the confidence of the least face.
SIDE, LEAST = 576, 0.7

#: Part of what names a kept focus and a recipe: what is found with another model, size or bound is another focus.
NAME = f"yunet-2023mar-{SIDE}-{LEAST:g}"

MODEL = Path(__file__).parent / "model" / "yunet_2023mar.onnx"

#: The net looks at every cell of three grids, of so many pixels a cell; its sides are multiples of the coarsest.
STRIDES = (8, 16, 32)

#: Two boxes that share more of their union than this are one face; as in OpenCV's FaceDetectorYN.
SAME = 0.3

#: Of a crowd the surest are enough to place a crop by; Rekognition stops there, too.
MOST = 100

_lock = threading.Lock()

#: Arrays of 32-bit floats. numpy's own types would have it imported.
Floats = Any


@lru_cache(maxsize=1)
def installed() -> bool:
    """Whether this deployment brings what the detector runs on. Imports nothing."""
    return find_spec("onnxruntime") is not None


def detect(image: Image.Image) -> tuple[Face, ...]:
    """The faces in an upright picture in mode RGB, none of whose sides is over SIDE; the surest first."""
    with _lock:  # one session for all threads, which may use it at once
        net = session()
    import numpy as np

    names = [f"{what}_{stride}" for stride in STRIDES for what in ("cls", "obj", "bbox")]
    answers = iter(answer[0] for answer in net.run(names, {"input": _input(image)}))
    columns = _padded(image.width)
    grids = [decoded(next(answers), next(answers), next(answers), stride, columns // stride) for stride in STRIDES]
    boxes = distinct(np.concatenate(grids))[:MOST]
    sides = image.width, image.height, image.width, image.height, 1
    return tuple(face for box in (boxes / sides).tolist() if (face := Face.at(*box)))


def decoded(cls: Floats, obj: Floats, bbox: Floats, stride: int, columns: int) -> Floats:
    """The boxes of one grid, a row each: left, top, right, bottom in pixels, and the confidence.

    As OpenCV's modules/objdetect/src/face_detect.cpp reads them: for each cell, row by row, `cls` (cells x 1) says how
    surely it shows a face, `obj` (cells x 1) how well a box fits it, `bbox` (cells x 4) where the box's middle is from
    the cell's corner, and the logarithms of its sides, all in cells.
    """
    import numpy as np

    scores = np.sqrt(cls[:, 0].clip(0, 1) * obj[:, 0].clip(0, 1))
    cells = np.flatnonzero(scores >= LEAST)
    middles = (np.stack((cells % columns, cells // columns), 1) + bbox[cells, :2]) * stride
    halves = np.exp(bbox[cells, 2:]) * stride / 2
    return np.concatenate((middles - halves, middles + halves, scores[cells, None]), 1)


def distinct(boxes: Floats) -> Floats:
    """Of the boxes that show the same face the surest, surest first (non-maximum suppression)."""
    import numpy as np

    left = boxes[np.argsort(-boxes[:, 4], kind="stable")]
    kept = []
    while len(left):
        kept.append(left[0])
        left = left[overlaps(left[0], left) <= SAME]
    return np.array(kept).reshape(-1, 5)


def overlaps(box: Floats, boxes: Floats) -> Floats:
    """What a box shares with each of others, in parts of what the two cover together."""
    import numpy as np

    sides = (np.minimum(box[2:4], boxes[:, 2:4]) - np.maximum(box[:2], boxes[:, :2])).clip(0)
    areas = (boxes[:, 2:4] - boxes[:, :2]).prod(1)
    shared = sides.prod(1)
    return shared / ((box[2:4] - box[:2]).prod() + areas - shared)


def _padded(side: int) -> int:
    return -(-side // STRIDES[-1]) * STRIDES[-1]


def _input(image: Image.Image) -> Floats:
    """The picture as the net wants it: blue, green and red, 0 to 255, black to the right and below."""
    import numpy as np

    pixels = np.zeros((1, 3, _padded(image.height), _padded(image.width)), np.float32)
    pixels[0, :, : image.height, : image.width] = np.asarray(image)[:, :, ::-1].transpose(2, 0, 1)
    return pixels


@lru_cache(maxsize=1)
def session() -> Any:
    """The detector, read from its file once in a process."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread: renders run side by side, and the net is too small to be shared out.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Pictures are of many sizes; a plan of memory for each would be kept. The arena itself stays below 30 MB.
    options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors: its warnings about processors are nobody's business here
    return onnxruntime.InferenceSession(str(MODEL), options, providers=["CPUExecutionProvider"])
