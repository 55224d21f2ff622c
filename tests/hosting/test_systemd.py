"""The units: what systemd makes of them, how little they may do, and what they run, run."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from imageservice.environment.variables import Variables
from tests.hosting.commands import here, run, serving, status
from tests.tracked import ROOT

UNITS = ROOT / "hosting/systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not on this machine")


def lines(name: str, key: str) -> list[str]:
    text = (UNITS / name).read_text() + (UNITS / "imageservice-.service.d/hardening.conf").read_text()
    return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


@pytest.fixture(scope="module")
def settings_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of settings, as hosting/new_settings writes them."""
    folder = tmp_path_factory.mktemp("etc") / "imageservice"
    subprocess.run([ROOT / "hosting/new_settings", "images.example.com", folder], check=True, capture_output=True)
    return folder


def said(name: str, settings_files: Path) -> dict[str, str]:
    """The environment of a unit."""
    values: dict[str, str] = {}
    for path in lines(name, "EnvironmentFile"):
        content = (settings_files / Path(path).name).read_text()
        values.update(line.split("=", 1) for line in content.splitlines() if not line.startswith("#"))  # type: ignore[misc]
    values.update(line.split("=", 1) for line in lines(name, "Environment"))  # type: ignore[misc]
    return values


def test_settings_are_written_once_with_new_secrets_and_for_their_owner_alone(settings_files):
    files = sorted(settings_files.iterdir())
    assert [path.name for path in files] == ["admin.env", "settings.env"]
    before = [path.read_text() for path in files]
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]
    subprocess.run(
        [ROOT / "hosting/new_settings", "other.example.com", settings_files], check=True, capture_output=True
    )
    assert [path.read_text() for path in files] == before
    secrets = re.findall(r"=([0-9a-f]{64})$", "\n".join(before), re.MULTILINE)
    assert len(set(secrets)) == len(secrets) == 3
    names = set(re.findall(r"^([A-Z_]+)=", "\n".join(before), re.MULTILINE))
    assert names <= {one.name for one in Variables.variables()}


def test_what_serves_pictures_is_told_none_of_the_admins_secrets(settings_files):
    told = said("imageservice-pictures.service", settings_files)
    assert told["PLANE"] == "images"
    assert not {"SECRET_KEY", "DATABASE_URL", "ADMIN_PASSWORD"} & told.keys()


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with the places of this machine in them."""
    folder = tmp_path / "units"
    shutil.copytree(UNITS, folder)
    for path in folder.rglob("*.*"):
        if path.is_file():
            path.write_text(here(path.read_text(), tmp_path))
    return folder


@needs_systemd
def test_systemd_takes_the_units(units):
    files = sorted(str(path) for path in units.glob("imageservice-*.*") if path.is_file())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "imageservice" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_may_do_little(units, name):
    """The exposure that systemd computes: 0 is none, 10 all. A service that talks to a network keeps a tenth of it."""
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(units / name)],
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": str(units)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr


def test_the_commands_of_the_units_do_what_they_are_for(settings_files, tmp_path):
    admin, pictures = "imageservice-admin.service", "imageservice-pictures.service"
    told = said(admin, settings_files)
    (migrate,) = lines(admin, "ExecStartPre")
    assert "Applying aliases" in run(shlex.split(here(migrate, tmp_path)), told, tmp_path)
    (send,) = lines("imageservice-outbox.service", "ExecStart")
    assert "Sent: 0." in run(shlex.split(here(send, tmp_path)), told, tmp_path)
    for name in (admin, pictures):
        assert lines(name, "Type") == ["notify"]
        (command,) = lines(name, "ExecStart")
        with serving(shlex.split(here(command, tmp_path)), said(name, settings_files), tmp_path) as port:
            assert status(port, "/healthz") == 200
            assert status(port, "/-/metrics") == 200
            assert status(port, "/admin") == (302 if name == admin else 404)


def test_a_process_that_is_ended_where_memory_runs_out_does_not_end_its_unit():
    for name in SERVICES:
        assert lines(name, "OOMPolicy") == ["continue"]
