"""Compare this service with recorded answers of a real Thumbor: `make conformance`.

Starts one data plane per profile (a profile is one configuration of Thumbor), serves the kit's pictures as the bucket
`conf`, runs the kit's own runner, and ends with one line:

    conformance: N agree, N accept, N disagree, N skip
"""

import argparse
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
KIT = ROOT.parent / "shared" / "thumbor"

#: The fraction of cases that may disagree: intended deviations.
DEVIATIONS = 0.02

#: The settings of each profile, beyond the common ones. Only one has detectors: Thumbor's default is none.
PROFILES: dict[str, dict[str, str]] = {
    "default": {},
    "orient": {"RESPECT_ORIENTATION": "true"},
    "auto": {"AUTO_WEBP": "true", "AUTO_PNG_TO_JPG": "true"},
    "autoavif": {"AUTO_AVIF": "true", "AUTO_JPG": "true"},
    "limits": {"MAX_WIDTH": "400", "MAX_HEIGHT": "300", "MAX_AGE": "3600"},
    "secure": {"ALLOW_UNSAFE_URL": "false"},
    "smart": {"DETECTOR": "yunet"},
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=KIT / "cases_public.json")
    parser.add_argument("--ref", type=Path, default=KIT / "ref" / "public")
    parser.add_argument("--images", type=Path, default=KIT / "images" / "conf")
    parser.add_argument("--verbose", action="store_true", help="say why each case disagrees")
    arguments = parser.parse_args()
    for path in (KIT / "conformance.py", arguments.cases, arguments.ref, arguments.images):
        if not path.exists():
            print(
                f"{path} is not there. The kit with a real Thumbor's recorded answers is not part of this repository."
            )
            return 2
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        catalogue = written_catalogue(Path(folder), arguments.images.resolve())
        urls = [
            f"{profile}={stack.enter_context(serving(Path(folder), catalogue, settings))}"
            for profile, settings in PROFILES.items()
        ]
        report = Path(folder) / "report.json"
        command = [sys.executable, str(KIT / "conformance.py"), "--cases", str(arguments.cases)]
        command += ["--against", str(arguments.ref), "--json", str(report)]
        for url in urls:
            command += ["--new", url]
        subprocess.run([*command, *([] if arguments.verbose else ["--quiet"])], check=False)
        verdicts = Counter(result["verdict"] for result in results(report))
    print(f"conformance: {', '.join(f'{verdicts[word]} {word}' for word in ('agree', 'accept', 'disagree', 'skip'))}")
    # docs/decisions.md, D17, lists the intended deviations.
    return 1 if verdicts["disagree"] > DEVIATIONS * sum(verdicts.values()) else 0


def results(report: Path) -> list[dict[str, str]]:
    content = json.loads(report.read_text())
    found: list[dict[str, str]] = content["results"] if isinstance(content, dict) else content
    return found


def written_catalogue(folder: Path, images: Path) -> Path:
    """A catalogue whose only bucket is the kit's pictures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imageservice.settings")
    os.environ["PLANE"] = "images"
    sys.path.insert(0, str(ROOT))
    django.setup()
    from rendering.catalogue.catalogue import NAME, Bucket, Catalogue
    from rendering.storage.place import Place

    bucket = Bucket("conf", Place("folder", str(images)), unsafe_allowed=True)
    path = folder / "catalogue"
    path.mkdir()
    (path / NAME).write_bytes(Catalogue.of(1, [bucket], []).encode())
    return path


@contextlib.contextmanager
def serving(folder: Path, catalogue: Path, settings: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "PLANE": "images",
        "CATALOGUE_URL": catalogue.as_uri(),
        "DERIVATIVES_URL": (folder / f"derivatives-{port}").as_uri(),
        "SECURITY_KEY": "conformance-key",
        "FOLDER_ROOTS": "/",
        "ALLOW_UNSAFE_URL": "true",
        "DETECTOR": "none",
        **settings,
    }
    command = f"-m gunicorn imageservice.wsgi --bind 127.0.0.1:{port} --worker-class gthread --threads 4"
    log = (folder / f"log-{port}").open("w")
    process = subprocess.Popen([sys.executable, *command.split()], cwd=ROOT, env=environment, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{url}/healthz").close()
                break
            time.sleep(0.05)
        else:
            raise SystemExit(f"The service did not start: {Path(log.name).read_text()}")
        yield url
    finally:
        process.terminate()
        process.wait()
        log.close()


if __name__ == "__main__":
    sys.exit(main())
