"""The page of results, and the commands that results are of."""

import runpy
import subprocess

import pytest

from benchmarks import generator, page, servers


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "PAGE", tmp_path / "performance.md")
    return tmp_path / "performance.md"


def test_a_report_stands_between_marks_of_its_own_and_takes_the_place_of_the_last_one(empty):
    page.write("one", "First", "old")
    page.write("two", "Second", "other")
    page.write("one", "First", "new\n")
    assert empty.read_text() == (
        "# Performance\n"
        "\n## First\n\n<!-- written by benchmarks/one.py -->\nnew\n<!-- end -->\n"
        "\n## Second\n\n<!-- written by benchmarks/two.py -->\nother\n<!-- end -->\n"
    )


def test_the_benchmark_serves_as_make_run_does():
    command, _ = servers.gunicorn("benchmarks.floor", 1234)
    assert command[:4] == [".venv/bin/python", "-m", "gunicorn", "benchmarks.floor"]
    assert command[command.index("--bind") + 1] == "127.0.0.1:1234"
    assert runpy.run_path(str(page.ROOT / "gunicorn.conf.py"))["workers"] == servers.PROCESSES


def test_a_checkout_in_a_folder_with_a_space_is_served_all_the_same(monkeypatch):
    def said(*args, **options):
        line = 'exec env LD_LIBRARY_PATH="/C# projects/zlib" .venv/bin/python -m gunicorn imageservice.wsgi'
        return subprocess.CompletedProcess(args, 0, f"echo\n{line}\n")

    monkeypatch.setattr(subprocess, "run", said)
    command, variables = servers.gunicorn("benchmarks.floor", 1234)
    assert command == [".venv/bin/python", "-m", "gunicorn", "benchmarks.floor"]
    assert variables == {"LD_LIBRARY_PATH": "/C# projects/zlib"}


def test_one_request_in_so_many_is_for_a_picture_that_nobody_asked_for_yet():
    targets = generator.mixed(["/a", "/b"], ["/1", "/2"], 3)
    assert [next(targets) for _ in range(9)] == ["/b", "/a", "/1", "/a", "/b", "/2", "/b", "/a", "/b"]
    assert [next(kept) for kept in [generator.mixed(["/a", "/b"], ["/1"], 0)] for _ in range(3)] == ["/b", "/a", "/b"]
