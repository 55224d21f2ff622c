"""The key of a checkout: one for all processes, or a sentence; and its database, which nobody else reads."""

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

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


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_reads_the_database_nor_what_sqlite_keeps_beside_it(tmp_path):
    database = tmp_path / "var" / "db.sqlite3"
    prepare_folder(database, tmp_path / "var")
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE session (key TEXT)")
        assert {path.name: mode(path) for path in database.parent.iterdir()} == {
            f"db.sqlite3{end}": 0o600 for end in ("", "-wal", "-shm")
        }
    connection.close()


def test_what_an_earlier_version_let_others_read_is_closed_and_what_an_operator_made_is_left(tmp_path):
    for folder in ("var", "elsewhere"):
        (tmp_path / folder).mkdir()
        for name in ("db", "db-wal"):
            (tmp_path / folder / name).touch(0o644)
            (tmp_path / folder / name).chmod(0o644)
        prepare_folder(tmp_path / folder / "db", tmp_path / "var")
    assert [mode(tmp_path / "var" / name) for name in ("db", "db-wal")] == [0o600, 0o600]
    assert [mode(tmp_path / "elsewhere" / name) for name in ("db", "db-wal")] == [0o644, 0o644]
