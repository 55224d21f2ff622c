"""What the data plane says of its detector at start."""

import pytest

from rendering.checks import faces_are_found
from rendering.imaging.focus import yunet


@pytest.mark.parametrize(
    ("detector", "installed", "told"),
    [
        ("yunet", True, []),
        ("yunet", False, ["imageservice.W010"]),
        ("rekognition", True, []),
        ("rekognition", False, ["imageservice.W010"]),
        ("edges", False, []),
        ("none", False, []),
        ("psychic", True, ["imageservice.E010"]),
    ],
)
def test_a_deployment_without_onnx_runtime_is_told_unless_that_is_meant(
    settings, monkeypatch, detector, installed, told
):
    settings.DETECTOR = detector
    monkeypatch.setattr(yunet, "installed", lambda: installed)
    assert [message.id for message in faces_are_found()] == told
