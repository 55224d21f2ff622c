"""What the service refuses to start with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAFE = {"ENVIRONMENT": "production", "SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "images.example.com"}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import imageservice.wsgi"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("plane", ["images", "admin", "all"])
def test_a_safe_production_starts(plane):
    result = start(**SAFE, PLANE=plane)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECURITY_KEY": "short"}, "SECURITY_KEY"),
        ({"SECURITY_KEY": "k" * 30, "SECURITY_KEY_FALLBACKS": "MY_SECURE_KEY"}, "SECURITY_KEY"),
        ({"ORIGIN_SECRET": "short"}, "ORIGIN_SECRET"),
        ({"PLANE": "paper"}, "PLANE is 'paper'"),
        ({"DERIVATIVES_URL": "http://example.com"}, "DERIVATIVES_URL"),
    ],
)
def test_an_unsafe_production_refuses_and_says_why(wrong, words):
    result = start(**{**SAFE, **wrong})
    assert result.returncode != 0
    assert words in result.stderr


def test_an_unknown_detector_is_refused():
    result = start(**SAFE, DETECTOR="psychic")
    assert result.returncode != 0
    assert "DETECTOR is 'psychic'" in result.stderr
