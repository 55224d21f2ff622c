"""The detector of faces, on a portrait. OpenCV's own reading of the same model is the reference for its numbers."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rendering.imaging.focus import yunet

from .portraits import FACE, near, portrait

ROOT = Path(__file__).parents[4]


def test_the_face_of_a_portrait_is_found():
    (face,) = yunet.detect(portrait())
    assert near(face, FACE)
    assert face.confidence > 0.9


def test_it_is_where_opencv_finds_it():
    # What cv2.FaceDetectorYN of OpenCV 4.14 says of the published model on these pixels: x, y, width, height, score.
    x, y, width, height, score = 178.25372, 62.86747, 90.16775, 112.77995, 0.93164
    (face,) = yunet.detect(portrait())
    box = face.box.within(512, 512)
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((x, y, x + width, y + height), abs=0.05)
    assert face.confidence == pytest.approx(score, abs=0.001)


@pytest.mark.parametrize("size", [(576, 576), (300, 576), (576, 31), (33, 65), (1, 1), (1, 576)])
def test_a_picture_of_any_size_can_be_looked_at(size):
    assert yunet.detect(Image.new("RGB", size, "teal")) == ()


def test_a_face_is_where_it_was_when_the_picture_is_not_square():
    wide = Image.new("RGB", (570, 230), "white")
    wide.paste(portrait().resize((200, 200)), (350, 20))
    (face,) = yunet.detect(wide)
    box = face.box.within(570, 230)
    assert (box.left, box.top) == pytest.approx((350 + 200 * FACE[0], 20 + 200 * FACE[1]), abs=6)
    assert (box.right, box.bottom) == pytest.approx((350 + 200 * FACE[2], 20 + 200 * FACE[3]), abs=6)


def test_faces_side_by_side_are_all_found_the_surest_first():
    row = Image.new("RGB", (576, 192), "white")
    for place in range(3):
        row.paste(portrait().resize((192, 192)), (place * 192, 0))
    found = yunet.detect(row)
    assert len(found) == 3
    assert [face.confidence for face in found] == sorted((face.confidence for face in found), reverse=True)


def test_of_boxes_around_the_same_face_one_stays():
    boxes = np.array([(0, 0, 10, 10, 0.8), (1, 0, 11, 10, 0.9), (30, 0, 40, 10, 0.7), (0, 0, 10, 10, 0.8)])
    assert yunet.suppress_overlaps(boxes).tolist() == boxes[[1, 2]].tolist()


def test_boxes_that_share_little_all_stay():
    # Two thirds of a side apart: they share a third of each, a fifth of both.
    boxes = np.array([(0, 0, 30, 10, 0.8), (20, 0, 50, 10, 0.9)])
    assert len(yunet.suppress_overlaps(boxes)) == 2
    assert yunet.intersection_over_union(boxes[0], boxes).tolist() == pytest.approx([1, 1 / 5])


def test_threads_share_one_detector_and_find_the_same():
    yunet.session.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: yunet.detect(portrait()), range(8)))
    assert len(set(found)) == 1
    assert yunet.session.cache_info().misses == 1


def test_the_model_is_the_one_that_its_readme_describes():
    digest = sha256(yunet.MODEL.read_bytes()).hexdigest()
    assert digest in (yunet.MODEL.parent / "README.md").read_text()
    assert digest == "21642bd2e3f563a5ff4245f72ff8411c590e764ed8a301b9a9f8111ef551348d"
    assert "MIT License" in (yunet.MODEL.parent / "LICENSE").read_text()


def test_neither_onnx_runtime_nor_numpy_is_loaded_before_a_face_is_looked_for():
    code = """
import sys
import imageservice.wsgi
from rendering import conf
from rendering.imaging.pipeline import sight
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Recipe
from rendering.imaging.pipeline.render import render
from rendering.imaging.focus.smart import Smart

content = open("samples/people/astronaut.jpg", "rb").read()
for geometry in (Geometry(90, 60), Geometry(90, 90, smart=Smart()), Geometry(90, 60, Fit.CONTAIN, smart=Smart())):
    recipe = Recipe(geometry).settled("any", conf.defaults())
    assert not sight.wants_focus(Opened(content, conf.limits()), recipe)
    render(Opened(content, conf.limits()), recipe)
assert not {"numpy", "onnxruntime"} & set(sys.modules)
assert len(sight.detect(Opened(content, conf.limits()), conf.detector()).faces) == 1
assert {"numpy", "onnxruntime"} <= set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, env={"PLANE": "images"})


def test_onnx_runtime_keeps_and_sends_no_telemetry(tmp_path):
    code = "from tests.rendering.imaging.focus import portraits as p; from rendering.imaging.focus import yunet as y"
    found = f"{code}; assert len(y.detect(p.portrait())) == 1; import onnxruntime"
    subprocess.run([sys.executable, "-c", found], cwd=ROOT, check=True, env={"HOME": str(tmp_path)})
    assert list(tmp_path.rglob("*")) == []
