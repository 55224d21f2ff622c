"""Commands as a shell runs them: on terminals that lack characters, in pipes, with databases that are not prepared."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.running import MEASURED, ROOT

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run manage.py with a database and a catalogue of its own."""

    def ran(*command: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
        environment = {
            **MEASURED,
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
            "CATALOGUE_URL": f"{tmp_path}/catalogue",
            "DERIVATIVES_URL": f"{tmp_path}/derivatives",
            "PYTHONUTF8": "0",
            **options.pop("env", {}),
        }
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=False, **streams
        )
        assert b"Traceback" not in (done.stderr or b""), done.stderr
        return done

    return ran


def test_a_command_that_asks_where_nobody_answers_says_so(run):
    run("migrate", "--verbosity", "0")
    run("demo")
    # In a session of its own there is no terminal to ask at either.
    done = run("changepassword", "admin", stdin=subprocess.DEVNULL, start_new_session=True)
    assert done.returncode == 1
    assert b"nobody to answer: run it in a terminal." in done.stderr


@pytest.mark.parametrize("command", ["demo", "publish --all", "export_aliases", "send_outbox"])
def test_a_database_without_tables_is_told_with_the_command_that_makes_them(command, run):
    done = run(*command.split())
    assert done.returncode == 1
    assert done.stderr.startswith(b"The database lacks tables or columns of this version; make them with: manage.py")


def test_commands_do_what_they_say_on_terminals_that_lack_its_characters_and_in_pipes(run):
    run("migrate", "--verbosity", "0")
    for encoding in ("latin-1", "ascii"):
        speaks = {"PYTHONIOENCODING": encoding}
        for command in (
            ["demo"],
            ["publish", "hero"],
            ["add_bucket", "brand", "samples/brand"],
            ["import_aliases", "no“file”"],
            ["publish", b"\xff"],
        ):
            done = run(*command, env=speaks)
            said = done.stdout + done.stderr
            assert b"\\u201c" in said or b"\\udcff" in said, command
            assert done.returncode == (command[0] == "import_aliases" or command[1:] == [b"\xff"]), said
    reader, writer = os.pipe()
    os.close(reader)  # as head does, once it has enough
    done = run("export_aliases", stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")
    done = run("import_aliases", "-", stdin=None, preexec_fn=lambda: os.close(0))
    assert b"There is no standard input" in done.stderr
    if Path("/dev/full").exists():
        with Path("/dev/full").open("wb") as full:
            done = run("export_aliases", stdout=full)
        assert (done.returncode, b"could not be written completely: No space left" in done.stderr) == (1, True)
