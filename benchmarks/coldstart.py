"""Cold start: from nothing to the first picture, on this machine and as on Lambda, and what is imported meanwhile.

    make package STAGE=production
    .venv/bin/python -m benchmarks.coldstart [--runs 7] [--write]

First, a fresh process against one that only loads Django, Pillow and a client of S3 (starts.py). Then the packaged zip
under Lambda's runtime client, with S3 on loopback, and in the same rounds that zip without what finds faces; --package
measures others instead. What AWS adds is left out: creating the sandbox, fetching the package, its network and its
CPUs. --write puts the tables into docs/performance.md.
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
from rendering.imaging.focus.smart import Smart
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
#: A photograph of a person.
PORTRAIT = (ROOT / "samples/people/astronaut.jpg").read_bytes()
#: Starts whose imports are traced.
TRACES = 5
#: What `leave_out` keeps from a package that is to find no faces, by folder.
OF_FACES = ("numpy", "numpy.libs", "onnxruntime")
COLUMNS = (
    "package", "MB", "MB unpacked", "start to ready", "first picture", "both", "the same picture, stored",
    "another picture, warm", "first smart crop", "another smart crop",
)  # fmt: skip
#: What is asked for, one after the other, after the start.
TARGETS = ("/pictures/1.jpg", "/pictures/1.jpg", "/pictures/2.jpg", "/faces/3.jpg", "/faces/4.jpg")
Figures = dict[str, dict[str, list[float]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=Path, nargs="+", default=[])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    lines, figures = starts.compared(options.runs)
    with tempfile.TemporaryDirectory() as folder:
        if packages := options.package or usual(Path(folder)):
            report, figures["packages"] = packaged(packages, options.runs)
            lines += ["", *report]
    text = "\n".join(["Measured by `.venv/bin/python -m benchmarks.coldstart`.", "", *lines])
    print(text)
    print(f"Figures: {page.keep('coldstart', figures).relative_to(ROOT)}")
    if options.write:
        page.write("coldstart", "Cold start", text)


def usual(folder: Path) -> list[Path]:
    """The package that `make package` made, and the same without what finds faces."""
    package = ROOT / "build/production.zip"
    if not package.exists():
        print(f"{package} is not there, so Lambda's half is left out; run make package STAGE=production")
        return []
    small = folder / "without ONNX Runtime and NumPy.zip"
    with zipfile.ZipFile(package) as whole, zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in whole.infolist():
            if entry.filename.partition("/")[0] not in OF_FACES:
                archive.writestr(entry, whole.read(entry), compresslevel=7)
    return [package, small]


def packaged(packages: list[Path], runs: int) -> tuple[list[str], Figures]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = MotoServer()
    try:
        publish(server.url)
        return measure_packages(packages, server.url, runs)
    finally:
        server.stop()


def publish(url: str) -> None:
    """Create a bucket, and an alias of it, and one with smart crops."""
    s3 = client("s3", url)
    for name in ("originals", "service"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    aliases = [
        Alias("pictures", 1, "photos", Recipe(Geometry(width=400), Encoding(format="webp"))),
        Alias("faces", 1, "photos", Recipe(Geometry(width=400, height=200, smart=Smart()), Encoding(format="webp"))),
    ]
    document = Catalogue.of(1, [Bucket("photos", Place("s3", "originals"))], aliases).encode()
    s3.put_object(Bucket="service", Key="catalogue/catalogue.json", Body=document)
    client("secretsmanager", url).create_secret(Name="imageservice/production/images", SecretString=json.dumps(SECRETS))


def measure_packages(packages: list[Path], url: str, runs: int) -> tuple[list[str], Figures]:
    found: dict[Path, list[tuple[list[float], list[float]]]] = {package: [] for package in packages}
    for _ in range(runs):
        for package in packages:
            found[package].append(measured(package, url))
    rows, figures = [], {}
    for package, rounds in found.items():
        used, passed = (with_sum(medians(one)) for one in zip(*rounds, strict=True))
        cells = [f"{mine:.0f} ({clock:.0f})" for mine, clock in zip(used, passed, strict=True)]
        rows.append((package.stem, *sizes(package), *cells))
        figures[package.stem] = {"processor": used, "clock": passed}
    spent = imports(packages[0], url)
    total = sum(spent.values())
    shares = [(name, f"{own / total:.0%}") for name, own in sorted(spent.items(), key=lambda one: -one[1])[:10]]
    return [
        f"Packages under Lambda's runtime client: medians of {runs} interleaved starts, in milliseconds of CPU time,",
        "with that of the process that renders, and in brackets of wall-clock time.",
        "",
        page.table(COLUMNS, rows),
        "",
        page.table(("imported while starting", "share"), shares),
    ], figures


def sizes(package: Path) -> tuple[str, str]:
    """Megabytes of a zip, and of its contents."""
    with zipfile.ZipFile(package) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    return f"{package.stat().st_size / 1e6:.1f}", f"{unpacked / 1e6:.1f}"


def medians(rounds: tuple[list[float], ...]) -> list[float]:
    """Of each column, in milliseconds."""
    return [statistics.median(column) * 1000 for column in zip(*rounds, strict=True)]


def with_sum(figures: list[float]) -> list[float]:
    return [*figures[:2], sum(figures[:2]), *figures[2:]]


def measured(package: Path, url: str) -> tuple[list[float], list[float]]:
    """Seconds of CPU and wall-clock time of one sandbox: until it is ready, and for each of the TARGETS."""
    s3 = client("s3", url)
    for number, original in enumerate((ORIGINAL, ORIGINAL, PORTRAIT, PORTRAIT), 1):
        # a new version each time, so that no derivative of it is stored
        content = original + time.time_ns().to_bytes(8, "big")
        s3.put_object(Bucket="originals", Key=f"{number}.jpg", Body=content)
    folder = Path(tempfile.mkdtemp())
    sandbox = Sandbox(package, folder, **environment("production", url))
    try:
        process = sandbox.process.pid
        used, passed = [processes.processor_seconds(process)], [sandbox.init_seconds]
        for target in TARGETS:
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
