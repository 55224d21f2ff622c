"""A part of `make attack`, against the service as it runs: what is quick, and that the rest is chosen as was asked."""

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.attack import bombs, costs, files, metadata, paths, pieces
from benchmarks.attack.shots import Shot, Wanted
from benchmarks.attack.workpieces import WORKPIECES
from tests.tracked import ROOT

#: Costs that are refused, or served, in less than a second.
QUICK = "wide.png,large.png,largest.webp,tile.tif,icon.ico,scans.jpg,claiming.jpg,claiming.avif"
#: What a machine on which other tests run may do to a service that is well.
OF_THE_MACHINE = {"health", "late"}
LAST_LINE = re.compile(
    r"attack: (\d+) files, (\d+) paths, (\d+) costs, (\d+) hard flags, worst [\d.]+ CPU s, peak \d+ MB"
)


def attack(folder: Path, *options: str) -> tuple[str, list[dict[str, Any]]]:
    """The last line that an attack prints, and the shots that have flags."""
    figures = folder / "figures.json"
    command = [sys.executable, "-m", "benchmarks.attack", *options, "--figures", str(figures)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert figures.exists(), done.stderr
    shots = json.loads(figures.read_text())["outcomes"]
    assert done.returncode == any(one["flags"] for one in shots)
    return done.stdout.splitlines()[-1], [one for one in shots if set(one["flags"]) - OF_THE_MACHINE]


def shot(entry: dict[str, Any]) -> Shot:
    """The shot of an entry, at a service that is not asked."""
    canary = SimpleNamespace(server_port=4321)
    service: Any = SimpleNamespace(port=1234, canary=canary)
    return paths.shot(service, {"id": "1", "cat": "mine", "method": "GET", **entry})


def test_the_service_withstands_drawn_files_hostile_paths_odd_keys_and_quick_costs(tmp_path):
    last, flagged = attack(tmp_path, "--only", "files", "paths", "keys", "costs", "--costs", QUICK, "--crowd", "8")
    assert not flagged
    found = LAST_LINE.fullmatch(last)
    assert found
    tried = list(map(int, found.groups()[:3]))
    assert tried[0] == len(dict(files.drawn()))
    assert tried[1] == len([*paths.own(), *paths.KEYS])
    assert tried[2] == 2 * len(costs.chosen(QUICK)) > 20


def test_files_of_a_folder_are_those_that_a_list_names(tmp_path):
    (tmp_path / "corpus/deep").mkdir(parents=True)
    for name in ("one.jpg", "deep/two.png", "left out.gif", "index.json"):
        (tmp_path / "corpus" / name).write_bytes(b"no picture")
    (tmp_path / "list").write_text("one.jpg\ndeep/two.png\n")
    everything = [path.name for path in files.listed(tmp_path / "corpus", [])]
    assert sorted(everything) == ["left out.gif", "one.jpg", "two.png"]
    assert sorted(path.name for path in files.listed(tmp_path / "corpus", [tmp_path / "list"])) == [
        "one.jpg",
        "two.png",
    ]


def test_paths_of_a_file_are_fired_as_they_are_written():
    (raw,) = shot({"path": "{pre}/{dim}/{ok}?{cport}", "headers": {"X-Host": "{canary}"}, "expect": "reject"}).requests
    assert raw.startswith(b"GET /unsafe/100x100/files/ordinary.jpg?4321 HTTP/1.1\r\nHost: ")
    assert b"\r\nX-Host: 127.0.0.1:4321\r\n" in raw
    (raw,) = shot({"path": "/x", "rawreq": "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"}).requests
    assert raw == b"GET /x HTTP/1.1\r\nHost: 127.0.0.1:1234\r\nConnection: close\r\n\r\n"


def test_what_a_file_expects_of_a_path_is_what_is_judged():
    assert shot({"path": "/x", "expect": "reject"}).wanted is Wanted.REFUSAL
    assert shot({"path": "/x", "expect": "no5xx", "clamp_ok": 99}).wanted is Wanted.ANYTHING
    assert shot({"path": "/x", "clamp_ok": 99, "forbid": ["root:"]}).forbidden == ("root:",)
    assert shot({"path": "/x", "cat": "smuggle"}).malformed


def test_keys_and_paths_may_stand_in_the_same_files(tmp_path):
    (tmp_path / "one.json").write_text(json.dumps([{"id": "1"}, "a b.jpg"]))
    (tmp_path / "two.json").write_text(json.dumps(["c/../d.jpg", "e\\f.jpg"]))
    entries, keys = paths.read([tmp_path / "one.json", tmp_path / "two.json"])
    assert entries == [{"id": "1"}]
    assert [key for key in keys if paths.storable(key)] == ["a b.jpg"]
    assert all(map(paths.storable, paths.KEYS))


def test_a_list_that_names_what_is_not_there_is_an_error(tmp_path):
    (tmp_path / "list").write_text("missing.jpg\n")
    with pytest.raises(SystemExit, match=r"1 files of the list are missing, such as missing\.jpg"):
        files.listed(tmp_path, [tmp_path / "list"])
    with pytest.raises(SystemExit, match="there is no such folder"):
        files.listed(Path(tmp_path / "nowhere"), [])


def test_every_cost_has_an_original_and_a_name_of_its_own():
    everything = costs.all_costs()
    assert len({one.name for one in everything}) == len(everything) > 60
    assert {one.original for one in everything} <= {*costs.BOMBS, *WORKPIECES}
    assert not set(costs.BOMBS) & set(WORKPIECES)
    assert len(costs.BOMBS) == len(bombs.BOMBS) + len(metadata.BOMBS) + len(pieces.BOMBS)
