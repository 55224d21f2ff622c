"""Attacks the service as users run it, and says what it did: `make attack`.

    make attack [CORPUS=folder] [LIST="names.txt …"] [PATHS="paths.json …"] [ONLY=costs] [COSTS=avif,sharpen] [CROWD=44]

Starts gunicorn with two workers on folders, then fires files (as originals), paths, odd keys and costs at it over HTTP:
each alone, and each cost by 44 clients at once; then 150 misses at once from an S3 that is slow. The kinds of ONLY are
files, paths, keys, costs and slow. Without CORPUS, files are drawn: the demo's samples, cut and with bytes changed.

CPU seconds are those of the whole tree of the server's processes, from before a request until the tree rests again.
Memory is the tree's PSS above what it had at the start, at its peak, looked at 50 times a second. Meanwhile the health
check and a stored picture are asked for ten times a second. Fails if there is a hard flag, and ends with one line:

    attack: N files, N paths, N costs, N hard flags, worst S CPU s, peak M MB

where the peak is that of a single request; the table has that of a crowd.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import page

from . import costs, files, firing, paths, report, service, slow
from .shots import Outcome, Shot

KINDS = ("files", "paths", "keys", "costs", "slow")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, help="a folder of files to fire as originals")
    parser.add_argument("--list", type=Path, nargs="*", default=[], help="files that list the names to take of it")
    parser.add_argument("--paths", type=Path, nargs="*", default=[], help="JSON files of other paths and keys")
    parser.add_argument("--only", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument(
        "--costs", default="", help="words, separated by commas: only costs that have one in their name"
    )
    parser.add_argument("--crowd", type=int, default=44, help="clients at once; 0: none")
    parser.add_argument("--misses", type=int, default=150, help="slow misses at once")
    parser.add_argument("--figures", type=Path, default=page.ROOT / "build/attack.json", help="where they are written")
    options = parser.parse_args()
    outcomes = list[Outcome]()
    started = time.monotonic()
    for outcome in attack(options):
        outcomes.append(outcome)
        report.say(outcome, len(outcomes), time.monotonic() - started)
    print(report.table(outcomes))
    report.write(outcomes, options.figures)
    print(f"Figures: {options.figures}")
    print(report.last_line(outcomes))
    return 1 if any(one.flags for one in outcomes) else 0


def attack(options: argparse.Namespace) -> Iterator[Outcome]:
    """Fire everything that was chosen; what becomes of each shot, at once."""
    if set(options.only) - {"slow"}:
        with tempfile.TemporaryDirectory(prefix="attack-") as name:
            yield from on_folders(options, Path(name))
    if "slow" in options.only and options.misses:
        with slow.running(options.misses) as (running, proxy):
            for shot in slow.shots(options.misses, proxy):
                yield firing.fire(running, shot)


def on_folders(options: argparse.Namespace, folder: Path) -> Iterator[Outcome]:
    originals = folder / "originals"
    (originals / "files").mkdir(parents=True)
    names = put_files(options, originals / "files") if "files" in options.only else []
    more, keys = paths.read(options.paths)
    keys = [*paths.KEYS, *filter(paths.storable, keys)] if "keys" in options.only else []
    for key in keys:
        path = originals / key
        path.parent.mkdir(parents=True, exist_ok=True)
        service.ordinary(120).save(path, "JPEG")
    chosen = costs.chosen(options.costs) if "costs" in options.only else []
    print(f"Drawing {len(chosen)} costs...", flush=True)
    costs.draw(originals, chosen, options.crowd)
    with service.on_folders(folder) as running:
        entries = [*paths.own(), *more] if "paths" in options.only else []
        shots: list[Shot] = [
            *files.shots(names),
            *(paths.shot(running, entry) for entry in entries),
            *paths.key_shots(keys),
            *costs.shots(chosen, options.crowd),
        ]
        for shot in shots:
            yield firing.fire(running, shot)


def put_files(options: argparse.Namespace, folder: Path) -> list[str]:
    """Put the files of the corpus, or drawn ones, into a folder; their names."""
    if options.corpus is None:
        found = dict(files.drawn())
    else:
        listed = files.listed(options.corpus, options.list)
        found = {path.relative_to(options.corpus).as_posix(): path.read_bytes() for path in listed}
    for name, content in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(found)


if __name__ == "__main__":
    sys.exit(main())
