"""What the data plane says at start of its detector, and of what makes it fast."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rendering import process
from rendering.checks import faces_are_found, process_is_fast, short, storages_are_places
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
    ],
)
def test_a_deployment_without_onnx_runtime_is_told_unless_that_is_meant(
    settings, monkeypatch, detector, installed, told
):
    settings.DETECTOR = detector
    monkeypatch.setattr(yunet, "installed", lambda: installed)
    assert [message.id for message in faces_are_found()] == told


@pytest.mark.parametrize(
    ("environment", "keeps", "zlib", "told"),
    [
        ("production", True, "1.3.1.zlib-ng", []),
        ("production", True, "1.2.13", ["imageservice.W012"]),
        ("production", False, "1.3.1.zlib-ng", ["imageservice.W011"]),
        ("local", True, "1.2.13", []),
        ("local", False, "1.2.13", ["imageservice.W011"]),
    ],
)
def test_what_makes_a_process_slow_is_told(settings, monkeypatch, environment, keeps, zlib, told):
    settings.ENVIRONMENT = environment
    monkeypatch.setattr(process, "keeps_memory", lambda: keeps)
    monkeypatch.setattr(process, "zlib", lambda: zlib)
    assert [message.id for message in process_is_fast()] == told


@pytest.mark.skipif(not hasattr(process.library(), "mallinfo2"), reason="only glibc from 2.33 on can be asked")
@pytest.mark.parametrize(
    ("imported", "keeps"), [("rendering", False), ("imageservice", True), ("imageservice.settings", True)]
)
def test_whoever_comes_in_by_the_project_keeps_memory(imported, keeps):
    """Asked of the C library, not of what it was told: there are versions that ignore it."""
    code = f"import {imported}; from rendering import process; print(process.keeps_memory())"
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    root = Path(__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=plain, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == str(keeps)


@pytest.mark.parametrize(
    ("derivatives", "catalogue", "told"),
    [
        ("s3://acme/-/d", "s3://acme/catalogue", False),
        ("s3://acme/derivatives", "s3://acme", False),
        ("s3://acme/site#1/d", "s3://acme/site#1", False),
        ("s3://acme/d", "s3://acme/d-catalogue", False),
        ("s3://acme/x", "s3://other/x", False),
        ("s3://acme/x", "/acme/x", False),
        ("var/derivatives", "var/catalogue", False),
        ("s3://acme/x", "s3://acme/x/", True),
        ("s3://acme", "s3://acme/catalogue", True),
        ("s3://acme/-/d", "s3://acme/-/d/catalogue", True),
        ("s3://acme/c/focus/d", "s3://acme/c", True),
        ("var/one", "file:///{base}/var/../var/one", True),
        ("var", "var/catalogue", True),
        ("{tmp}/link/d", "{tmp}/folder/d", True),
    ],
)
def test_the_catalogue_and_the_derivatives_are_never_in_each_others_way(
    settings, tmp_path, derivatives, catalogue, told
):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    names = {"base": str(settings.BASE_DIR).lstrip("/"), "tmp": str(tmp_path)}
    settings.DERIVATIVES_URL, settings.CATALOGUE_URL = derivatives.format(**names), catalogue.format(**names)
    assert [message.id for message in storages_are_places()] == (["imageservice.E008"] if told else [])


def test_a_folder_that_was_escaped_for_a_url_is_told_where_the_other_is_there(settings, tmp_path):
    settings.DERIVATIVES_URL = (tmp_path / "my pictures").as_uri()
    assert storages_are_places() == []
    (tmp_path / "my pictures").mkdir()
    (message,) = storages_are_places()
    assert message.id == "imageservice.W003"
    assert message.hint
    assert f"file://{tmp_path}/my pictures" in message.hint
    settings.DERIVATIVES_URL = f"file://{tmp_path}/my pictures"
    assert storages_are_places() == []


@pytest.mark.parametrize("name", ["SECURITY_KEY", "ORIGIN_SECRET"])
@pytest.mark.parametrize(("length", "told"), [(0, ""), (1, "{} is shorter"), (15, "{} is shorter"), (16, "")])
def test_a_secret_that_can_be_guessed_is_told(settings, name, length, told):
    setattr(settings, name, "k" * length)
    assert short(name).startswith(told.format(name))
    assert bool(short(name)) == bool(told)


@pytest.mark.parametrize(("length", "told"), [(1, True), (15, True), (16, False)])
def test_a_fallback_that_can_be_guessed_is_told(settings, length, told):
    settings.SECURITY_KEY, settings.SECURITY_KEY_FALLBACKS = "k" * 16, ["k" * 16, "k" * length]
    assert short("SECURITY_KEY").startswith("a part of SECURITY_KEY_FALLBACKS is shorter") == told
