"""What tests run is recorded once, and again when it may be another."""

import json
from pathlib import Path

import pytest

from tests.mutants import records

MODULE, OTHER = "tests/rendering/test_names.py", "tests/rendering/test_trace.py"
SAID = {
    "seconds": {f"{MODULE}::test_one": 0.5, f"{OTHER}::test_two": 2.0},
    "failed": [f"{OTHER}::test_three"],
    "lines": {
        "rendering/names.py": {"7": [f"{MODULE}::test_one", f"{OTHER}::test_two"], "8": [f"{MODULE}::test_one"]},
        "rendering/trace.py": {"9": [f"{OTHER}::test_two"]},
    },
}


@pytest.fixture
def changed(tmp_path, monkeypatch) -> set[str]:
    """Files that differ from when the records were made; both modules are recorded."""
    changed = set[str]()
    monkeypatch.setattr(records, "KEPT", tmp_path)
    monkeypatch.setattr(records, "hashed", lambda path: f"{path} {path in changed}")
    records.record([MODULE, OTHER], lambda path: write(path))
    return changed


def write(path: Path) -> None:
    path.write_text(json.dumps(SAID))


def test_each_module_has_what_its_own_tests_run(changed):
    record = records.Record()
    record.add(records.kept(OTHER) or {})
    assert record.seconds == {f"{OTHER}::test_two": 2.0}
    assert record.failed == [f"{OTHER}::test_three"]
    assert record.lines == {
        "rendering/names.py": {"7": [f"{OTHER}::test_two"]},
        "rendering/trace.py": {"9": [f"{OTHER}::test_two"]},
    }


def test_records_of_several_modules_are_one(changed):
    record = records.of("rendering")
    assert record.seconds == SAID["seconds"]
    assert {line: sorted(tests) for line, tests in record.lines["rendering/names.py"].items()} == {
        "7": [f"{MODULE}::test_one", f"{OTHER}::test_two"],
        "8": [f"{MODULE}::test_one"],
    }


@pytest.mark.parametrize(
    ("path", "again"),
    [
        (MODULE, {MODULE}),
        ("rendering/names.py", {MODULE, OTHER}),
        ("rendering/trace.py", {OTHER}),
        ("rendering/conf.py", set()),
    ],
)
def test_what_changed_is_recorded_again(changed, path, again):
    changed.add(path)
    assert {name for name in (MODULE, OTHER) if records.kept(name) is None} == again


def test_all_is_recorded_again_when_what_tests_share_has_changed(changed):
    changed.add("tests/conftest.py")
    records.shared.cache_clear()
    try:
        assert records.kept(MODULE) is None
    finally:
        records.shared.cache_clear()


def test_tests_that_cannot_be_run_are_no_record(changed):
    with pytest.raises(SystemExit, match="could not be run"):
        records.record([MODULE], lambda path: None)
