"""A release says the same everywhere: version, changes, Pythons, licences; and its migrations stay."""

import re
import tomllib
from datetime import date

import pytest

from tests import released
from tests.released import Migration
from tests.tracked import ROOT, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
#: What keepachangelog.com lets a release be made of.
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
HEADINGS = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
RELEASES = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", heading) for heading in HEADINGS[1:]]


def test_unreleased_changes_come_first_and_each_release_has_version_and_date():
    assert HEADINGS[0] == "[Unreleased]"
    assert RELEASES
    assert all(RELEASES), HEADINGS
    dates = [date.fromisoformat(found[2]) for found in RELEASES if found]
    assert dates == sorted(dates, reverse=True)


def test_the_newest_release_is_the_version_of_the_project():
    assert RELEASES[0]
    assert RELEASES[0][1] == PROJECT["version"] == released.version()


def test_changes_are_sorted_into_the_kinds_of_keep_a_changelog():
    parts = re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]
    assert len(parts) == len(HEADINGS)
    for part in parts:
        kinds = re.findall(r"^### (.*)$", part, re.MULTILINE)
        assert kinds == [kind for kind in KINDS if kind in kinds], part.splitlines()[0]


def test_the_version_stands_in_one_place():
    others = [
        name
        for name in tracked("*.py", "*.toml", "*.json", "*.yaml", "*.js", "*.html", "Makefile")
        if not name.startswith(("pyproject.toml", "tests/"))
        and re.search(rf"(?<![\d.]){re.escape(PROJECT['version'])}(?![\d.])", (ROOT / name).read_text())
    ]
    assert not others


def test_the_lowest_python_is_the_first_that_is_named():
    named = [one.rpartition(" ")[2] for one in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", one)]
    assert PROJECT["requires-python"] == f">={named[0]}"


@pytest.mark.parametrize("name", [*PROJECT["license-files"], PROJECT["readme"]])
def test_every_file_that_the_metadata_name_is_there(name):
    assert (ROOT / name).is_file()


#: Files that are no text: what others may have made.
BINARIES = [name for name in tracked() if not name.startswith("tests/") and b"\0" in (ROOT / name).read_bytes()[:8000]]


@pytest.mark.parametrize("name", BINARIES)
def test_where_each_picture_and_model_comes_from_is_recorded(name):
    """By file for samples, by folder for what is made of them."""
    notice = (ROOT / "NOTICE.md").read_text()
    if name.startswith("samples/"):
        assert name.removeprefix("samples/") in (ROOT / "samples/LICENCES.md").read_text()
    assert f"`{name}`" in notice or f"`{name.rpartition('/')[0]}/`" in notice or name.startswith("samples/")


def test_no_migration_of_a_release_was_edited():
    there = released.digests(released.FOLDER)
    assert not released.edited(released.released(), there), "take the change back and add a migration instead"


def test_the_migrations_of_the_version_are_recorded():
    assert {migration.release for migration in released.released().values()} <= {
        found[1] for found in RELEASES if found
    }
    assert released.released()


OLD = {"0001_initial.py": Migration("0.1.0", "aa"), "0002_more.py": Migration("0.2.0", "bb")}


@pytest.mark.parametrize(
    ("there", "changed"),
    [
        ({"0001_initial.py": "aa", "0002_more.py": "bb"}, []),
        ({"0001_initial.py": "aa", "0002_more.py": "bb", "0003_new.py": "cc"}, []),
        ({"0001_initial.py": "xx", "0002_more.py": "bb"}, ["0001_initial.py"]),
        ({"0001_initial.py": "aa", "0002_renamed.py": "bb"}, ["0002_more.py"]),
    ],
)
def test_an_edited_migration_is_found_and_a_new_one_is_free(there, changed):
    assert released.edited(OLD, there) == changed


def test_a_release_records_its_own_migrations_and_leaves_those_of_earlier_ones():
    there = {"0001_initial.py": "aa", "0002_more.py": "changed", "0003_new.py": "cc"}
    assert released.recorded(OLD, there, "0.2.0") == {
        "0001_initial.py": Migration("0.1.0", "aa"),
        "0002_more.py": Migration("0.2.0", "changed"),
        "0003_new.py": Migration("0.2.0", "cc"),
    }
    with pytest.raises(SystemExit, match=r"0002_more\.py"):
        released.recorded(OLD, there, "0.3.0")
