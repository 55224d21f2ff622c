"""Throughput: two processes of ours beside Thumbor, sharp and nginx, serving the same pictures of the same originals.

    .venv/bin/python -m benchmarks.serve [--rounds 5] [--seconds 2] [--pictures DIR] [--write]

(a) stored pictures; (b) nine of them for each one that has not been requested before. All servers run side by side and
are loaded in turn, round by round, so that everything else on the machine affects all of them. Compare the CPU time per
request: requests per second depend on this machine, load generator included. Peers are installed under build/peers; a
missing one is named and left out. --write puts the tables into docs/performance.md.
"""

if __name__ == "__main__" and not __package__:  # run as a file: its own folder is on the path, not the project's
    import runpy
    import sys

    sys.path[0] = sys.path[0].rpartition("/")[0]
    runpy.run_module("benchmarks.serve", run_name="__main__")
    sys.exit()


import argparse
import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from . import generator, page, peers, photographs, s3, servers
from .fidelity import thumbor
from .servers import Server

KEPT, FRESH = 40, 1500
#: One picture in this many is new.
EVERY = 10
CONNECTIONS = 8


@dataclass(frozen=True)
class Round:
    """One server's share of a round."""

    requests_a_second: float
    #: CPU milliseconds per request.
    processor: float
    p50: float
    p99: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of one server in one round")
    parser.add_argument("--pictures", type=Path, help="../shared/speed/images")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        known = chosen(photographs.folder(options.pictures))
        originals = folder / "originals"
        originals.mkdir()
        kept = linked(originals, known, "kept", KEPT)
        running = start(stack, folder, originals, kept)
        rows: dict[str, dict[str, list[Round]]] = {"kept": {}, "mixed": {}}
        for number in range(options.rounds):
            fresh = linked(originals, known, f"fresh-{number}", FRESH)
            for server in running:
                for what, every in (("kept", 0), ("mixed", EVERY)):
                    if not every or server.renders:
                        rows[what].setdefault(server.name, []).append(
                            round_of(server, kept, fresh, every, options.seconds)
                        )
    report = to_markdown(rows, options, len(known))
    print(report)
    figures = {
        what: {name: [asdict(one) for one in found] for name, found in table.items()} for what, table in rows.items()
    }
    print(f"Figures: {page.keep('serve', {'versions': versions(), **figures}).relative_to(page.ROOT)}")
    if options.write:
        page.write("serve", "Throughput", report)


def chosen(folder: Path) -> list[Path]:
    """The photographs in a folder that every peer reads."""
    found = []
    for path in sorted(folder.glob("*.jpg")):
        with Image.open(path) as image:
            if image.mode == "RGB":
                found.append(path)
    if not found:
        raise SystemExit(f"There are no JPEGs in {folder}; name a folder that has some with --pictures")
    return found


def linked(originals: Path, known: Sequence[Path], name: str, number: int) -> list[str]:
    """Originals under different names, as if each were another picture; a file is copied once, the rest are links."""
    names = []
    for one in range(number):
        picture = known[one % len(known)]
        first = originals.parent / f"copy-of-{picture.name}"
        if not first.exists():
            first.write_bytes(picture.read_bytes())
        os.link(first, originals / f"{name}-{one}.jpg")
        names.append(f"{name}-{one}.jpg")
    return names


def start(stack: ExitStack, folder: Path, originals: Path, kept: list[str]) -> list[Server]:
    """All available servers, each of which has rendered and stored its pictures of the originals `kept`."""
    sample, running = kept[0], []
    plane = {"PLANE": "images"}
    mine = stack.enter_context(servers.ours("this service", folder / "ours", originals, sample, **plane))
    pictures = folder / "pictures"
    pictures.mkdir()
    for name in kept:
        (pictures / f"{name}.webp").write_bytes(servers.fetched(mine, name))
    everything = servers.ours("this service, admin beside it", folder / "all", originals, sample)
    variables = stack.enter_context(s3.running())
    on_s3 = servers.ours("this service, all in S3", folder / "s3", originals, sample, **plane, **variables)
    candidates = [
        stack.enter_context(servers.nginx(folder, pictures, sample)),
        stack.enter_context(servers.floor(folder, pictures / f"{sample}.webp")),
        mine,
        stack.enter_context(everything),
        stack.enter_context(on_s3),
        stack.enter_context(servers.sharp(folder, originals, sample)),
        stack.enter_context(servers.thumbor(folder, originals, sample)),
    ]
    for server in candidates:
        if server is None:  # and has printed why
            continue
        for one in kept:
            servers.fetched(server, one)
        running.append(server)
    return running


def round_of(server: Server, kept: Sequence[str], fresh: Sequence[str], every: int, seconds: int) -> Round:
    before = server.processor_seconds()
    done = generator.ask(
        server.url,
        [server.path(name) for name in kept],
        [server.path(name) for name in fresh],
        every=every,
        seconds=seconds,
        connections=CONNECTIONS,
    )
    spent = server.processor_seconds() - before
    assert not done.wrong, f"{server.name}: {done.wrong} of {done.requests} answers were errors"
    assert not every or done.requests // every < len(fresh), (
        f"{server.name} has asked for all {len(fresh)} new pictures: raise FRESH"
    )
    return Round(done.requests / done.seconds, spent / done.requests * 1000, done.p50, done.p99)


def to_markdown(rows: dict[str, dict[str, list[Round]]], options: argparse.Namespace, pictures: int) -> str:
    mine = "this service"
    parts = [
        (
            f"Medians of {options.rounds} rounds of {options.seconds} seconds: `.venv/bin/python -m benchmarks.serve`. "
            f"{KEPT} originals made from {pictures} photographs, as WebP of 256 x 256, over {CONNECTIONS} connections, "
            f"requested by {generator.client()}. "
            "Ratios are of CPU time per request, ours to the peer's, in the same round."
        ),
        f"On {page.machine()}, {versions()}.",
    ]
    heads = {
        "kept": "Stored pictures",
        "mixed": f"Nine stored pictures for each that is rendered ({100 // EVERY} % rendered)",
    }
    for what, head in heads.items():
        cells = []
        for name, found in rows[what].items():
            middle = {key: statistics.median(getattr(one, key) for one in found) for key in Round.__dataclass_fields__}
            ratio = statistics.median(
                one.processor / other.processor for one, other in zip(rows[what][mine], found, strict=True)
            )
            cells.append(
                (
                    name,
                    f"{middle['processor']:.2f}",
                    "" if name.startswith(mine) else f"{ratio:.2f}",
                    f"{middle['requests_a_second']:.0f}",
                    f"{middle['p50']:.1f}",
                    f"{middle['p99']:.1f}",
                )
            )
        columns = ("server", "CPU ms per request", "ours relative to it", "requests per second", "p50 ms", "p99 ms")
        parts += ["", f"{head}:", "", page.table(columns, cells)]
    floor = rows["kept"]["Django's floor: a view that returns bytes"]
    own = statistics.median(
        one.processor - other.processor for one, other in zip(rows["kept"][mine], floor, strict=True)
    )
    return "\n".join([*parts, "", f"A stored picture costs {own:.2f} ms more than Django's floor."])


def versions() -> str:
    """The versions of the available peers."""
    found = [thumbor.versions(peers.python("thumbor", peers.HERE / "peers.txt"))]
    if modules := peers.node(peers.HERE / "package.json"):
        of_sharp = json.loads((modules / "node_modules/sharp/package.json").read_text())["version"]
        node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip()
        found.append(f"sharp {of_sharp}, node {node}")
    if program := servers.nginx_program():
        found.append(subprocess.run([program, "-v"], check=True, capture_output=True, text=True).stderr.strip())
    return ", ".join(found)


if __name__ == "__main__":
    main()
