"""The client for Django projects: its own tests, against the service as it runs; and its package."""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile

from tests.running import MEASURED, ROOT

CLIENT = ROOT / "client"


def test_its_own_tests_pass_with_the_service_in_front_of_them(environment, tmp_path):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", **MEASURED}
    done = subprocess.run(command, cwd=CLIENT, env={**clean, **environment}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


def test_its_version_is_the_same_everywhere():
    with (CLIENT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    assert project["dependencies"] == ["django>=4.2"]
    assert f'__version__ = "{project["version"]}"' in (CLIENT / "imageservice_client/__init__.py").read_text()
    assert f'"version": "{project["version"]}"' in (CLIENT / "js/package.json").read_text()


def test_its_wheel_has_what_it_needs_and_nothing_else(tmp_path):
    shutil.copytree(CLIENT, tmp_path / "client", ignore=shutil.ignore_patterns("__pycache__"))
    code = "from setuptools.build_meta import build_wheel; build_wheel('..')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "client", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    modules = [str(path.relative_to(CLIENT)) for path in (CLIENT / "imageservice_client").rglob("*.py")]
    assert sorted(name for name in names if name.endswith(".py")) == sorted(modules)
    assert "imageservice_client/py.typed" in names
    assert any(name.endswith("/LICENSE") for name in names)
    code = "from imageservice_client.templatetags import imageservice; print(imageservice.__file__)"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(wheel)}
    found = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert str(wheel) in found.stdout, found.stderr
