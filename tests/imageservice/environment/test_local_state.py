"""The key of a checkout: one for all processes, or a sentence."""

import subprocess
import sys

import pytest

from imageservice.environment.local_state import NotKept, key, prepare_folder
from tests.running import ROOT


def test_processes_that_start_at_once_have_one_key(tmp_path):
    path = str(tmp_path / "var/key")
    code = f"from pathlib import Path; from imageservice.environment.local_state import key; print(key(Path({path!r})))"
    processes = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(8)
    ]
    found = {process.communicate()[0].strip() for process in processes}
    assert len(found) == 1
    assert len(found.pop()) > 40


def test_it_outlives_a_restart_and_is_nobody_elses_to_read(tmp_path):
    first = key(tmp_path / "key")
    assert key(tmp_path / "key") == first == (tmp_path / "key").read_text()
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_an_empty_file_that_a_crash_left_is_written(tmp_path):
    (tmp_path / "key").write_text("\n")
    assert key(tmp_path / "key") == key(tmp_path / "key") != ""


def test_a_key_that_can_be_neither_read_nor_written_is_told_with_what_to_set(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "folder", tmp_path / "file" / "key"):
        with pytest.raises(NotKept, match="Set SECRET_KEY") as told:
            key(path)
        assert str(path) in str(told.value)


def test_a_database_that_cannot_be_written_is_told_with_what_to_set(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "folder", tmp_path / "file" / "db", tmp_path / "missing" / "db"):
        with pytest.raises(NotKept, match="Set DATABASE_URL"):
            prepare_folder(path, tmp_path / "var")
    assert not (tmp_path / "missing").exists()
    prepare_folder(tmp_path / "var" / "db", tmp_path / "var")
    assert (tmp_path / "var").is_dir()
