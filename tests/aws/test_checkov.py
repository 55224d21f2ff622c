"""checkov finds nothing in the templates but what excuses.py excuses, and nothing is excused that it does not find."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from edge.templates import NAMES, template
from tests.aws.excuses import EXCUSES

PROGRAM = Path(__file__).resolve().parent.parent.parent / "build/checkov/bin/checkov"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str]]:
    """All findings: template, check and resource."""
    assert PROGRAM.exists(), f"{PROGRAM} is missing; make test-aws installs it"
    folder = tmp_path_factory.mktemp("templates")
    for name in NAMES:
        (folder / f"{name}.yaml").write_text(template(name))
    # It asks nobody: neither for the descriptions of checks nor for a newer version.
    command = [str(PROGRAM), "--framework", "cloudformation", "--skip-download", "--output", "json", "-d", str(folder)]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "CKV_IGNORE_HIDDEN_DIRECTORIES": "False"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    report = json.loads(ran.stdout)
    assert report["summary"]["passed"] > 10
    return {
        (Path(one["file_path"]).stem, one["check_id"], one["resource"].rpartition(".")[2])
        for one in report["results"]["failed_checks"]
    }


def test_nothing_is_found_that_is_not_excused(found):
    assert found - set(EXCUSES) == set()


def test_nothing_is_excused_that_is_not_found(found):
    assert set(EXCUSES) - found == set()


def test_every_excuse_is_a_reason():
    assert all(len(reason) > 20 for reason in EXCUSES.values())
