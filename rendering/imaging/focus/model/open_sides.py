"""Makes the model that is kept here from the one that OpenCV Zoo publishes, whose sides are fixed at 640 pixels.

    pip install onnx==1.23.2
    python open_sides.py face_detection_yunet_2023mar.onnx yunet_2023mar.onnx

Only the sides that the file declares are changed, to names: the net is made of convolutions and takes any that are
multiples of 32. A reduced picture is seldom square, and the empty part would take a third of the time.
"""

import sys
from hashlib import sha256
from pathlib import Path

import onnx

PUBLISHED = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"


def opened(content: bytes) -> bytes:
    """The model with its sides left open. Raises SystemExit for any other file than the published one."""
    if sha256(content).hexdigest() != PUBLISHED:
        raise SystemExit(f"This is not the published model: its sha256 is not {PUBLISHED}")
    model = onnx.load_from_string(content)
    del model.graph.value_info[:]  # what the exporter noted of each step's size; it is worked out anew when loaded
    *_, height, width = model.graph.input[0].type.tensor_type.shape.dim
    height.dim_param, width.dim_param = "height", "width"
    for output in model.graph.output:
        output.type.tensor_type.shape.dim[1].dim_param = f"cells_{output.name.rpartition('_')[2]}"
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(opened(Path(sys.argv[1]).read_bytes()))
