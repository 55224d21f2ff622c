"""Makes the model in this folder from the one that OpenCV Zoo publishes, whose sides are fixed at 640 pixels.

    pip install onnx==1.23.2
    python open_sides.py face_detection_yunet_2023mar.onnx yunet_2023mar.onnx

Only the declared sides are changed, from numbers to names. The network consists of convolutions and takes any sides
that are multiples of 32. Pictures are seldom square, and padding them would take a third of the time.
"""

import sys
from hashlib import sha256
from pathlib import Path

import onnx

PUBLISHED = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"


def open_sides(content: bytes) -> bytes:
    """Leave the sides of the published model open. Raises SystemExit for any other file."""
    if sha256(content).hexdigest() != PUBLISHED:
        raise SystemExit(f"This is not the published model: its sha256 is not {PUBLISHED}")
    model = onnx.load_from_string(content)
    del model.graph.value_info[
        :
    ]  # the exporter's sizes of each step, which are inferred again when the model is loaded
    *_, height, width = model.graph.input[0].type.tensor_type.shape.dim
    height.dim_param, width.dim_param = "height", "width"
    for output in model.graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = f"cells_{output.name.rpartition('_')[2]}"
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(open_sides(Path(sys.argv[1]).read_bytes()))
