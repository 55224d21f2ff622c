"""Cold start: from nothing to the first picture, on this machine and as on Lambda, and what is imported meanwhile.

    make package STAGE=production
    .venv/bin/python -m benchmarks.coldstart [--runs 7] [--write]

First, a fresh process against one that only loads Django, Pillow and a client of S3 (starts.py). Then the packaged zip
under Lambda's runtime client, with S3 on loopback. It leaves out what AWS adds: creating the sandbox, fetching the
package, its network and its CPUs. --write puts the tables into docs/performance.md.
"""

if __name__ == "__main__" and not __package__:  # run as a file: its own folder is on the path, not the project's
    import runpy
    import sys

    sys.path[0] = sys.path[0].rpartition("/")[0]
    runpy.run_module("benchmarks.coldstart", run_name="__main__")
    sys.exit()


import argparse
import json
import logging
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import zipfile
from collections import defaultdict
from pathlib import Path

from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place
from tests.aws.rest_api import ask
from tests.aws.sandbox import ROOT, Sandbox, runtime_python
from tests.aws.stage import CREDENTIALS, SECRETS, client, environment
from tests.drawings import drawn
from tests.rendering.moto_server import MotoServer

from . import page, processes, starts

#: The size of a photograph.
ORIGINAL = drawn(1600, 1200, quality=85)
#: Starts whose imports are traced.
TRACES = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, default=ROOT / "build/production.zip")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    lines, figures = starts.compared(options.runs)
    if options.package.exists():
        report, figures["the package"] = packaged(options.package, options.runs)
        lines += ["", *report]
    else:
        print(f"{options.package} is not there, so Lambda's half is left out; run make package STAGE=production")
    text = "\n".join(["Measured by `.venv/bin/python -m benchmarks.coldstart`.", "", *lines])
    print(text)
    print(f"Figures: {page.keep('coldstart', figures).relative_to(ROOT)}")
    if options.write:
        page.write("coldstart", "Cold start", text)


def packaged(package: Path, runs: int) -> tuple[list[str], dict[str, list[float]]]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = MotoServer()
    try:
        publish(server.url)
        return measure_package(package, server.url, runs)
    finally:
        server.stop()


def publish(url: str) -> None:
    """Create a bucket with one original, and an alias of it."""
    s3 = client("s3", url)
    for name in ("originals", "service"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    alias = Alias("pictures", 1, "photos", Recipe(Geometry(width=400), Encoding(format="webp")))
    document = Catalogue.of(1, [Bucket("photos", Place("s3", "originals"))], [alias]).encode()
    s3.put_object(Bucket="service", Key="catalogue/catalogue.json", Body=document)
    client("secretsmanager", url).create_secret(Name="imageservice/production/images", SecretString=json.dumps(SECRETS))


def measure_package(package: Path, url: str, runs: int) -> tuple[list[str], dict[str, list[float]]]:
    used, passed = (
        with_sum([statistics.median(column) * 1000 for column in zip(*one, strict=True)])
        for one in several(package, url, runs)
    )
    lines = [
        f"The package under Lambda's runtime client: medians of {runs} starts, in milliseconds of CPU time, and in",
        "brackets of wall-clock time.",
        "",
        "| package | start to ready | first picture | both | the same picture, stored | another picture, warm |",
        "|---|---|---|---|---|---|",
    ]
    cells = [f"{mine:.0f} ({clock:.0f})" for mine, clock in zip(used, passed, strict=True)]
    lines.append(f"| as packaged | {' | '.join(cells)} |")
    lines += ["", "| imported while starting | share |", "|---|---|"]
    spent = imports(package, url)
    total = sum(spent.values())
    for name, microseconds in sorted(spent.items(), key=lambda one: -one[1])[:10]:
        lines.append(f"| {name} | {microseconds / total:.0%} |")
    return lines, {"processor": used, "clock": passed}


def with_sum(figures: list[float]) -> list[float]:
    return [*figures[:2], sum(figures[:2]), *figures[2:]]


def several(package: Path, url: str, runs: int) -> tuple[list[list[float]], list[list[float]]]:
    """For each of several sandboxes, seconds of CPU and wall-clock time: see `measured`."""
    found = [measured(package, url) for _ in range(runs)]
    return [used for used, _ in found], [passed for _, passed in found]


def measured(package: Path, url: str) -> tuple[list[float], list[float]]:
    """Seconds of CPU and wall-clock time of one sandbox: until ready, first picture, the same one, another one."""
    s3 = client("s3", url)
    for number in (1, 2):
        # a new version each time, so that no derivative of it is stored
        content = ORIGINAL + time.time_ns().to_bytes(8, "big")
        s3.put_object(Bucket="originals", Key=f"{number}.jpg", Body=content)
    folder = Path(tempfile.mkdtemp())
    sandbox = Sandbox(package, folder, **environment("production", url))
    try:
        process = sandbox.process.pid
        used, passed = [processes.processor_seconds(process)], [sandbox.init_seconds]
        for target in ("/pictures/1.jpg", "/pictures/1.jpg", "/pictures/2.jpg"):
            before, started = processes.processor_seconds(process), time.perf_counter()
            answer = ask(sandbox, target, X_Origin_Secret=SECRETS["ORIGIN_SECRET"])
            passed.append(time.perf_counter() - started)
            used.append(processes.processor_seconds(process) - before)
            assert answer.status == 200, answer.body
    finally:
        sandbox.close()
        shutil.rmtree(folder)
    return used, passed


def imports(package: Path, url: str) -> dict[str, int]:
    """Microseconds spent in the modules themselves, summed by package. Python traces wall-clock time, so the
    shortest time of each module over several runs is used."""
    shortest: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package) as archive:
            archive.extractall(folder)
        theirs = {path.name.partition(".")[0] for path in Path(folder).iterdir()}
        for _ in range(TRACES):
            traced = subprocess.run(
                [runtime_python(), "-X", "importtime", "-c", "import imageservice.lambda_entry"],
                cwd=folder,
                env=environment("production", url) | CREDENTIALS,
                capture_output=True,
                text=True,
                check=True,
            )
            for own, name in re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)", traced.stderr, re.MULTILINE):
                shortest[name] = min(int(own), shortest.get(name, int(own)))
    spent: dict[str, int] = defaultdict(int)
    for name, own in shortest.items():
        top = name.partition(".")[0]
        spent[top if top in theirs else "Python's own library"] += own
    return dict(spent)


if __name__ == "__main__":
    main()
