"""A copy of the checkout."""

import shutil
from pathlib import Path

import pytest

from tests.running import ROOT


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A copy of the checkout, in a folder that no URL would have unescaped."""
    folder: Path = tmp_path / "C# projects" / "what? now" / "50%25 off"
    for name in ("imageservice", "rendering", "aliases", "samples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("manage.py", "gunicorn.conf.py"):
        shutil.copy(ROOT / name, folder)
    return folder
