"""Licences: how they are read of packages, what of them is allowed, and that all that is installed is."""

import re
import sys
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from deploy.package import licences, locks
from deploy.package.licences import ALLOWED, EXCEPTIONS, UNKNOWN, Licensed
from tests.tracked import ROOT

OSI = "Classifier: License :: OSI Approved ::"
LGPL = f"{OSI} GNU Lesser General Public License v3 (LGPLv3)"
LOCKS = sorted(ROOT.glob("requirements*.txt"))


def metadata(folder: Path, *lines: str) -> str:
    """The licence of a package whose metadata has these lines."""
    (folder / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", "Name: x", "Version: 1", *lines, ""]))
    return licences.of(PathDistribution(folder))


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: MIT OR Apache-2.0", "License: other"], "MIT OR Apache-2.0"),
        (["License: MIT"], "MIT"),
        (["License: BSD"], "BSD-3-Clause"),
        (["License: Apache License 2.0", f"{OSI} Apache Software License"], "Apache-2.0"),
        (["License: MIT OR Apache-2.0", f"{OSI} MIT License"], "(MIT OR Apache-2.0) AND MIT"),
        (["License: MIT OR AFL-2.1"], "MIT OR AFL-2.1"),
        (["License: Copyright (c) someone, who reserves all rights"], UNKNOWN),
        ([f"{OSI} MIT License"], "MIT"),
        (["License: BSD-3-Clause", LGPL], "BSD-3-Clause AND LGPL-3.0-only"),
        (["License: BSD 2-Clause License", f"{OSI} BSD License"], "BSD-2-Clause"),
        (["Classifier: License :: Other/Proprietary License"], "LicenseRef-Proprietary"),
        ([], UNKNOWN),
    ],
)  # fmt: skip
def test_a_licence_is_read_as_packages_state_it(tmp_path, lines, licence):
    assert metadata(tmp_path, *lines) == licence


@pytest.mark.parametrize(
    ("expression", "name", "is_allowed"),
    [
        ("MIT", "x", True),
        ("GPL-3.0-only", "x", False),
        ("MIT AND GPL-3.0-only", "x", False),
        ("MIT OR GPL-3.0-only", "x", True),
        ("GPL-3.0-only OR MIT AND ISC", "x", True),
        ("(GPL-3.0-only OR MIT) AND GPL-2.0-only", "x", False),
        ("GPL-2.0-only AND (GPL-3.0-only OR MIT)", "x", False),
        ("(GPL-3.0-only OR MIT) AND ISC", "x", True),
        ("Apache-2.0 WITH LLVM-exception", "x", True),
        ("GPL-3.0-only WITH Classpath-exception-2.0", "x", False),
        ("LGPL-3.0-only", "psycopg", True),
        ("LGPL-3.0-only", "x", False),
        ("GPL-3.0-only", "psycopg", False),
        (UNKNOWN, "x", False),
    ],
)
def test_an_expression_is_allowed_if_what_it_demands_is(expression, name, is_allowed):
    assert licences.allowed(expression, name) is is_allowed
    assert bool(Licensed(name, "1", expression).fault) is not is_allowed


def test_whatever_is_installed_and_locked_is_under_an_allowed_licence():
    locked = {*locks.read(ROOT / "requirements.txt"), *locks.read(ROOT / "requirements-dev.txt")}
    packages = [one for one in licences.installed(map(Path, sys.path)) if one.name in locked]
    assert len(packages) > 100
    assert not [one.fault for one in packages if one.fault]


def test_an_exception_is_of_a_package_that_is_locked_and_of_a_licence_that_is_not_allowed_to_all():
    locked = {name for path in LOCKS for name in locks.read(path)}
    for (name, licence), why in EXCEPTIONS.items():
        assert name in locked, f"{name} is locked no more: its exception can go"
        assert licence not in ALLOWED
        assert len(why.split()) > 3


def test_make_licences_reads_every_lock():
    makefile = (ROOT / "Makefile").read_text()
    (listed,) = re.findall(r"^LOCKS := (.*)$", makefile, re.MULTILINE)
    assert sorted(f"requirements{name}.txt" for name in ["", *(f"-{one}" for one in listed.split())]) == [
        path.name for path in LOCKS
    ]


def test_the_command_names_what_is_not_allowed(tmp_path, capsys, monkeypatch):
    for name, licence in (("good", "MIT"), ("bad", "GPL-3.0-only")):
        (tmp_path / f"{name}-1.dist-info").mkdir()
        text = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1\nLicense-Expression: {licence}\n"
        (tmp_path / f"{name}-1.dist-info/METADATA").write_text(text)
    monkeypatch.setattr(sys, "argv", ["licences", str(tmp_path)])
    assert licences.main() == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.split() for line in said[:2]] == [["bad", "1", "GPL-3.0-only"], ["good", "1", "MIT"]]
    assert said[2:] == ["bad 1: GPL-3.0-only is not allowed; deploy/package/licences.py says what is"]
