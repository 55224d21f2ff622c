"""Compiling zlib-ng: what is refused. What is compiled is looked at in tests/aws/test_package.py."""

import platform
import sys

import pytest

from deploy.package import zlib_ng
from deploy.stages import Refused


@pytest.mark.parametrize(("system", "machine", "name"), [("linux", "x86_64", "x86_64"), ("linux", "aarch64", "arm64")])
def test_a_cpu_has_lambdas_name(monkeypatch, system, machine, name):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert zlib_ng.here() == name


@pytest.mark.parametrize(("system", "machine"), [("darwin", "arm64"), ("linux", "riscv64")])
def test_where_it_would_not_be_loaded_the_machine_goes_on_with_its_own(monkeypatch, system, machine):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    with pytest.raises(Refused, match="keeps its own zlib"):
        zlib_ng.here()


def test_a_tool_that_is_missing_or_fails_is_told(tmp_path):
    with pytest.raises(Refused, match="no-such-make is not installed"):
        zlib_ng.run(["no-such-make"], tmp_path, {"PATH": "/usr/bin:/bin"})
    with pytest.raises(Refused, match=r"sh -c echo oops >&2; exit 3 said:\noops"):
        zlib_ng.run(["sh", "-c", "echo oops >&2; exit 3"], tmp_path, {"PATH": "/usr/bin:/bin"})
