"""The bill of materials: valid CycloneDX, the same at each run, and complete as far as wheels say what is in them."""

import hashlib
import json
import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from deploy import stages
from deploy.package import bill, locks, tree, zlib_ng
from tests.deploy.package import cyclonedx
from tests.tracked import ROOT

#: The packages of the service, installed as the tests run.
INSTALLED = Path(str(distribution("django").locate_file("")))
LOCKED = locks.read(ROOT / "requirements.txt")


@pytest.fixture
def made(tmp_path, monkeypatch) -> dict[str, Any]:
    """The bill of a package of what is installed here, as it is read from its file."""
    (tmp_path / zlib_ng.LIBRARY).write_bytes(b"library")
    (tmp_path / "production.zip").write_bytes(b"package")
    monkeypatch.setattr(zlib_ng, "build", lambda architecture: tmp_path)
    monkeypatch.setattr(tree, "requirements", lambda stage: LOCKED)
    monkeypatch.setattr(tree, "install", lambda stage: INSTALLED)
    stage = stages.stage("production", json.loads(stages.FILE.read_text()))
    for name in ("one", "two"):
        bill.write(tmp_path / f"{name}.cdx.json", stage, tmp_path / "production.zip")
    text = (tmp_path / "one.cdx.json").read_text()
    assert text == (tmp_path / "two.cdx.json").read_text()
    return json.loads(text)  # type: ignore[no-any-return]


def component(made: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (one for one in made["components"] if one["name"] == name)
    return found  # type: ignore[no-any-return]


def test_a_bill_is_valid_and_one_that_lacks_something_is_not(made):
    assert not cyclonedx.faults(made)
    assert cyclonedx.faults({**made, "components": [{"name": "x"}]})
    assert cyclonedx.faults({**made, "serialNumber": "1"})


def test_a_bill_is_of_one_package_by_its_hash(made):
    own = made["metadata"]["component"]
    assert own["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(b"package").hexdigest()}]
    assert re.fullmatch(r"\d+\.\d+\.\d+", own["version"])


def test_every_package_that_is_locked_for_this_system_is_on_the_bill_with_version_and_licence(made):
    listed = {one["name"] for one in made["components"]}
    elsewhere = {name for name, one in LOCKED.items() if "sys_platform == 'win32'" in one.text}
    assert listed == LOCKED.keys() - elsewhere | {"zlib-ng", "YuNet"}
    django = component(made, "django")
    assert (django["version"], django["licenses"]) == (distribution("django").version, [{"expression": "BSD-3-Clause"}])
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"


def test_what_is_bundled_is_on_the_bill_as_part_of_what_bundles_it(made):
    def names(package: str) -> set[str]:
        return {one["name"] for one in component(made, package)["components"]}

    assert {"libwebp", "libavif", "libXau"} <= names("pillow")  # by the wheel's own bill
    assert {"libheif", "libde265"} <= names("pi-heif")  # by the libraries beside its modules
    assert {"libpq"} <= names("psycopg-binary")
    assert names("django") == {"jquery", "select2", "xregexp"}
    assert component(made, "YuNet")["hashes"] == bill.hashed((ROOT / bill.MODEL).read_bytes())


def test_what_needs_what_is_as_in_the_lock(made):
    needs = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    (botocore,) = (ref for ref in needs if ref.startswith("pkg:pypi/botocore@"))
    assert [re.split(r"[/@]", ref)[1] for ref in needs[botocore]] == ["jmespath", "python-dateutil", "urllib3"]
    assert set(needs) == {one["bom-ref"] for one in made["components"]} - {"zlib-ng", bill.MODEL} | {
        made["metadata"]["component"]["bom-ref"]
    }
