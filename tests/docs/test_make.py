"""What `make` offers ends well wherever it is run, or in a sentence that says what is missing."""

import socket

import pytest

from tests.docs.checkout import Checkout, cloned
from tests.tracked import ROOT, tracked


@pytest.fixture
def fresh(tmp_path) -> Checkout:
    return cloned(tmp_path / "a checkout")


def test_clean_leaves_what_was_cloned_and_nothing_else(fresh):
    cloned_files = set(tracked())
    for made in (
        "var/db.sqlite3",
        "build/x/y",
        ".tools/ready",
        ".hypothesis/x",
        "rendering/__pycache__/x.pyc",
        ".ruff_cache/x",
    ):
        (fresh.folder / made).parent.mkdir(parents=True, exist_ok=True)
        (fresh.folder / made).touch()
    done = fresh.run("make clean && make clean")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {str(path.relative_to(fresh.folder)) for path in fresh.folder.rglob("*") if path.is_file()} == cloned_files


def test_docs_change_nothing_where_nothing_changed(fresh):
    assert fresh.run("make docs").returncode == 0
    pages = tracked("docs")
    assert "docs/architecture.md" in pages
    for name in pages:
        assert (fresh.folder / name).read_bytes() == (ROOT / name).read_bytes(), name


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("make conformance", "The kit with a real Thumbor's recorded answers is not part of this repository."),
        ("make faces", "Name yours: make faces PICTURES=folder ANNOTATIONS=file.json"),
        ("make faces PICTURES=nowhere ANNOTATIONS=none.json", "There is no folder nowhere."),
        ("make faces PICTURES='no where' ANNOTATIONS=none.json", "There is no folder no where."),
        ("make faces PICTURES=samples ANNOTATIONS=none.json", "There is no file none.json."),
        ("make crops", "Name yours: make crops PICTURES=folder ANNOTATIONS=file.json"),
        ("make crops PICTURES=samples ANNOTATIONS=none.json", "There is no file none.json."),
        ("make run PORT=abc", "The port abc cannot be had"),
        ("make run PORT=0", "The port 0 cannot be had"),
        ("make run PORT=99999", "or it is no number from 1 to 65535. Name another: PORT=9000 make run"),
        ("make dev PORT=-1", "Name another: PORT=9000 make dev"),
        ("make tools PYTHON=./old", "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"),
        ("make zlib PYTHON=./bare", "pip is needed: apt-get install python3-pip, or ./bare -m ensurepip."),
        ("make run PYTHON=./old", "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"),
        ("make run PYTHON=./bare", "pip is needed: apt-get install python3-pip, or ./bare -m ensurepip."),
        ("make run PYTHON=./nowhere", "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(fresh, command, sentence):
    stub(fresh, "old", "exit 1")
    stub(fresh, "bare", '[ "$1" != -m ]')
    if "PYTHON" in command:
        (fresh.folder / ".venv").unlink()
    done = fresh.run(command)
    assert done.returncode != 0
    assert sentence in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_somebody_has_is_told_of_before_anything_is_set_up(fresh):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = fresh.run("make run", PORT=str(port))
    assert done.returncode != 0
    assert f"The port {port} cannot be had: another program has it" in done.stdout
    assert "Preparing" not in done.stdout


def test_the_plane_of_pictures_alone_is_set_up_and_served_as_the_docs_say(fresh):
    with fresh.serving(PLANE="images") as site:
        assert site.get("/profile-image/ios/people/astronaut.jpg").status == 200
        assert site.get("/admin/").status == 404


def stub(checkout: Checkout, name: str, script: str) -> None:
    path = checkout.folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
