"""Compares our derivatives, Thumbor's and sharp's with the truth: `make fidelity`.

Draws the originals, has each engine make its derivatives, judges them, and writes docs/fidelity.md. Modules that need
more than the project's environment run in environments under build/peers/. Ends with one line, and fails if one of our
derivatives has a fault:

    fidelity: N rows; ours without fault in N, best or equal in N; faults: ours N, Thumbor N, sharp N
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks import peers

from . import kinds, ours, report, thumbor
from .verdict import Judgement

BUILD = peers.ROOT / "build" / "fidelity"
SHARED = peers.ROOT.parent / "shared"
PEERS = ["thumbor", "sharp"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, nargs="*", help="folders of other real pictures, each in every format")
    parser.add_argument("--peers", nargs="*", default=PEERS, choices=[*PEERS, "none"], help="whom to compare with")
    arguments = parser.parse_args()
    judge = peers.python("judge", peers.HERE / "judge.txt")
    print("Drawing the originals...", flush=True)
    shutil.rmtree(BUILD / "originals", ignore_errors=True)  # frames of longer animations would be left
    run(judge, "draw", BUILD / "originals")
    asked = [*kinds.read(BUILD / "originals" / "kinds.json"), *copied(arguments.pictures)]
    kinds.written(asked, BUILD / "kinds.json")
    versions = made(asked, arguments.peers)
    print("Judging...", flush=True)
    folders = [f"{engine}={BUILD / engine}" for engine in versions]
    run(judge, "judge", BUILD / "kinds.json", *folders)
    found = json.loads((BUILD / "judged.json").read_text())
    if found["doubts"]:
        print("The benchmark itself is wrong: what it decodes is not what it drew.", *found["doubts"], sep="\n  ")
        return 2
    rows = report.rows([Judgement(**row) for row in found["judgements"]])
    report.say(rows, versions)
    if len(versions) == 3 and arguments.pictures is None and (SHARED / "thumbor").exists():
        run(judge, "sheet", BUILD / "kinds.json", peers.ROOT / "docs" / "pictures" / "fidelity.webp", *folders)
        report.write(rows, versions, peers.ROOT / "docs" / "fidelity.md")
    else:
        print("docs/fidelity.md is left as it is: it tells of all peers and all pictures")
    print(report.last_line(rows, versions))
    return 1 if report.at_fault(rows, "ours") else 0


def run(judge: Path, module: str, *arguments: Path | str) -> None:
    """Run a module that needs the benchmark's own environment."""
    subprocess.run([judge, "-m", f"benchmarks.fidelity.{module}", *arguments], cwd=peers.ROOT, check=True)


def copied(folders: list[Path] | None) -> list[kinds.Kind]:
    """Copy the real pictures beside the drawn ones: Thumbor's loader reads one folder."""
    found: list[kinds.Kind] = []
    for folder in [SHARED / "thumbor", SHARED / "speed"] if folders is None else folders:
        if not folder.is_dir():
            print(f"{folder} is not there: its rows are left out")
        elif folders is not None:
            found += kinds.pictures(folder)
    if folders is None:
        found += kinds.real(SHARED)
    copies = []
    for kind in found:
        copy = BUILD / "originals" / f"{kind.slug}{Path(kind.original).suffix}"
        shutil.copyfile(kind.original, copy)
        copies.append(replace(kind, original=str(copy)))
    return copies


def made(asked: list[kinds.Kind], wanted: list[str]) -> dict[str, str]:
    """Have each engine make its derivatives in a folder of its name. Returns the versions, by engine."""
    for engine in ("ours", "thumbor", "sharp"):
        shutil.rmtree(BUILD / engine, ignore_errors=True)
        (BUILD / engine).mkdir()
    print("Making ours...", flush=True)
    ours.make(asked, BUILD / "ours")
    versions = {"ours": ours.versions()}
    if "thumbor" in wanted:
        python = peers.python("thumbor", peers.HERE / "peers.txt")
        print("Making Thumbor's...", flush=True)
        thumbor.make(python, asked, BUILD / "thumbor")
        versions["thumbor"] = thumbor.versions(python)
    if "sharp" in wanted:
        package = peers.node(peers.HERE / "package.json")
        if not package:
            return versions
        print("Making sharp's...", flush=True)
        script = Path(__file__).with_name("sharp.mjs")
        command = ["node", str(script), str(BUILD / "kinds.json"), str(BUILD / "sharp")]
        said = subprocess.run(command, env={**os.environ, "SHARP": str(package)}, check=True, stdout=subprocess.PIPE)
        versions["sharp"] = said.stdout.decode()
    return versions


if __name__ == "__main__":
    sys.exit(main())
