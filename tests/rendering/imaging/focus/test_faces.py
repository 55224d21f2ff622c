import pytest
from hypothesis import given

from rendering.imaging import documents
from rendering.imaging.box import Box
from rendering.imaging.focus.edges import Edges
from rendering.imaging.focus.faces import Face, Focus

from ..strategies import focuses

FACE = {"box": "0.1x0.2:0.3x0.4", "confidence": 0.9}
FOCUS = {"detector": "one", "faces": [FACE], "edges": ["00ff", "1020"]}


@given(focuses)
def test_a_focus_is_read_back_from_its_json(focus):
    assert documents.read(documents.to_builtins(focus), Focus) == focus


def test_what_a_newer_version_adds_is_ignored():
    focus = documents.read({**FOCUS, "faces": [{**FACE, "eyes": 2}], "mood": "good"}, Focus)
    assert focus == Focus(
        "one", (Face(Box(0.1, 0.2, 0.3, 0.4, fractions=True), 0.9),), Edges((b"\x00\xff", b"\x10\x20"))
    )


def test_what_an_older_version_left_out_has_its_default():
    assert documents.read({"detector": "one", "faces": [{"box": "0.1x0.2:0.3x0.4"}]}, Focus).faces[0].confidence == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        "text",
        {},
        {"faces": []},
        {"detector": "one"},
        {"detector": 1, "faces": []},
        {"detector": "one", "faces": {}},
        {"detector": "one", "faces": [1]},
        {"detector": "one", "faces": [{}]},
        {"detector": "one", "faces": [{"box": 7}]},
        {"detector": "one", "faces": [{"box": "10x20:30x40"}]},
        {"detector": "one", "faces": [{"box": "0.3x0.2:0.1x0.4"}]},
        {"detector": "one", "faces": [{"box": "0.1x0.2:0.3x0.4", "confidence": 2}]},
        {"detector": "one", "faces": [{"box": "0.1x0.2:0.3x0.4", "confidence": float("nan")}]},
        {"detector": "one", "faces": [{"box": "0.1x0.2:0.3x0.4", "confidence": "sure"}]},
        {"detector": "one", "faces": [], "edges": 5},
        {"detector": "one", "faces": [], "edges": ["00", "0000"]},
        {"detector": "one", "faces": [], "edges": ["xy"]},
        {"detector": "one", "faces": [], "edges": [""]},
    ],
)
def test_nonsense_is_no_focus(nonsense):
    with pytest.raises(ValueError, match=r"\w"):
        documents.read(nonsense, Focus)


def test_a_detectors_box_is_cut_to_the_picture():
    assert Face.at(-0.1, 0.2, 0.5, 1.7, 1.2) == Face(Box(0, 0.2, 0.5, 1, fractions=True), 1)


@pytest.mark.parametrize("box", [(-0.3, 0.1, -0.1, 0.4), (0.2, 1.1, 0.3, 1.4), (0.5, 0.5, 0.5, 0.6)])
def test_a_box_beside_the_picture_is_no_face(box):
    assert Face.at(*box) is None
