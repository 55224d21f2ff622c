"""The servers that `serve.py` compares: ours, Django's floor, Thumbor, sharp and nginx, each with two processes."""

import contextlib
import itertools
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place

from . import page, peers, processes

PROCESSES = 2
#: What every server is asked for: 256 x 256 pixels, covered, as WebP of quality 80.
RECIPE = Recipe(Geometry(width=256, height=256), Encoding(format="webp"))
THUMBOR = """\
LOADER = "thumbor.loaders.file_loader"
FILE_LOADER_ROOT_PATH = {originals!r}
STORAGE = "thumbor.storages.no_storage"
RESULT_STORAGE = "thumbor.result_storages.file_storage"
RESULT_STORAGE_FILE_STORAGE_ROOT_PATH = {results!r}
RESULT_STORAGE_STORES_UNSAFE = True
RESPECT_ORIENTATION = True
"""
NGINX = """\
worker_processes {processes};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
events {{}}
http {{
  access_log off;
  sendfile on;
  default_type image/webp;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server. `path` maps the name of an original to the path of its picture."""

    name: str
    url: str
    path: Callable[[str], str]
    process: int
    #: Whether it renders pictures, or only serves existing ones.
    renders: bool = True

    def processor_seconds(self) -> float:
        """The CPU seconds of a process and all its descendants so far."""
        return processes.processor_seconds(self.process)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def started(
    name: str, command: Sequence[object], path: Callable[[str], str], sample: str, port: int, log: Path,
    environment: Mapping[str, str], *, renders: bool = True,
) -> Iterator[Server]:  # fmt: skip
    """The server, once it answers with a picture of that original."""
    url = f"http://127.0.0.1:{port}"
    with log.open("w") as said:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=page.ROOT,
            env={"PATH": os.environ["PATH"], **environment},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                wanted = urllib.request.Request(f"{url}{path(sample)}", headers={"Accept": "image/webp,*/*"})
                with urllib.request.urlopen(wanted, timeout=20) as answer:
                    assert answer.headers["Content-Type"] == "image/webp", f"{name}: {answer.headers}"
                    break
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            process.terminate()
        if process.poll() is not None:
            raise SystemExit(f"{name} did not start: {log.read_text()[-2000:]}")
        yield Server(name, url, path, process.pid, renders)
    finally:
        # The whole session, because Thumbor's processes outlive the one that started them.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def gunicorn(application: str, port: int) -> tuple[list[str], dict[str, str]]:
    """The command and environment with which `make run` serves an application, as make itself prints them."""
    asked = ["make", "--dry-run", "--no-print-directory", "run", f"PORT={port}"]
    said = subprocess.run(asked, cwd=page.ROOT, check=True, capture_output=True, text=True).stdout
    words = shlex.split(next(line for line in said.splitlines() if line.startswith("exec env ")))[2:]
    command = list(itertools.dropwhile(re.compile(r"[A-Z_]+=").match, words))
    settings = dict(word.split("=", 1) for word in words[: len(words) - len(command)])
    return [application if word == "imageservice.wsgi" else word for word in command], settings


def s3_client(variables: Mapping[str, str]) -> Any:
    """A client of the S3 that the variables name."""
    return boto3.client(
        "s3",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
        region_name=variables["AWS_DEFAULT_REGION"],
    )


@contextlib.contextmanager
def ours(name: str, folder: Path, originals: Path, sample: str, **variables: str) -> Iterator[Server]:
    """This service on folders, or on S3 if `variables` say where that is."""
    folder.mkdir()
    port = free_port()
    command, environment = gunicorn("imageservice.wsgi", port)
    alias = Alias("pictures", 1, "photos", RECIPE)
    place = Place("s3", "originals") if "AWS_ENDPOINT_URL" in variables else Place("folder", str(originals))
    document = Catalogue.of(1, [Bucket("photos", place)], [alias]).encode()
    if place.kind == "s3":
        s3 = s3_client(variables)
        s3.put_object(Bucket="service", Key="catalogue/catalogue.json", Body=document)
        for original in originals.iterdir():
            s3.put_object(Bucket="originals", Key=original.name, Body=original.read_bytes())
        urls = {"CATALOGUE_URL": "s3://service/catalogue", "DERIVATIVES_URL": "s3://service/derivatives"}
    else:
        (folder / "catalogue").mkdir()
        (folder / "catalogue/catalogue.json").write_bytes(document)
        urls = {f"{one.upper()}_URL": (folder / one).as_uri() for one in ("catalogue", "derivatives")}
        urls["FOLDER_ROOTS"] = f"{folder},{originals}"
    with started(
        name,
        command,
        lambda original: f"/pictures/{original}",
        sample,
        port,
        folder / "log",
        environment | urls | {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"} | variables,
        renders=place.kind == "folder",  # new pictures are put only into the folder
    ) as server:
        yield server


@contextlib.contextmanager
def floor(folder: Path, picture: Path) -> Iterator[Server]:
    port = free_port()
    command, environment = gunicorn("benchmarks.floor", port)
    said = {**environment, "FLOOR_FILE": str(picture)}
    name = "Django's floor: a view that returns bytes"
    with started(name, command, lambda one: f"/{one}", "x", port, folder / "floor.log", said, renders=False) as server:
        yield server


@contextlib.contextmanager
def thumbor(folder: Path, originals: Path, sample: str) -> Iterator[Server]:
    python, port = peers.python("thumbor", peers.HERE / "peers.txt"), free_port()
    configuration = folder / "thumbor.conf"
    configuration.write_text(THUMBOR.format(originals=str(originals), results=str(folder / "thumbor")))
    command = [python.with_name("thumbor"), "-i", "127.0.0.1", "-p", port, "-c", configuration, "-l", "error"]
    with started(
        "Thumbor, with result storage",
        [*command, "--processes", PROCESSES],
        lambda original: f"/unsafe/256x256/filters:format(webp)/{original}",
        sample,
        port,
        folder / "thumbor.log",
        {},
    ) as server:
        yield server


@contextlib.contextmanager
def sharp(folder: Path, originals: Path, sample: str) -> Iterator[Server | None]:
    modules = peers.node(peers.HERE / "package.json")
    if modules is None:
        yield None
        return
    results, port = folder / "sharp", free_port()
    results.mkdir()
    said = {"SHARP": modules, "ORIGINALS": originals, "RESULTS": results, "PORT": port, "PROCESSES": PROCESSES}
    with started(
        "sharp in a bare node server",
        ["node", peers.HERE / "sharp_server.mjs"],
        lambda original: f"/{original}",
        sample,
        port,
        folder / "sharp.log",
        {name: str(value) for name, value in said.items()},
    ) as server:
        yield server


def nginx_program() -> str | None:
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


@contextlib.contextmanager
def nginx(folder: Path, pictures: Path, sample: str) -> Iterator[Server | None]:
    """nginx serving existing files, `<original>.webp` in a folder."""
    program = nginx_program()
    if program is None:
        print("nginx is left out: it is not installed. Debian's package is nginx.")
        yield None
        return
    port, root = free_port(), pictures
    for path in (folder, root):  # if root starts it, its workers run as another user
        path.chmod(0o755)
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=port, root=root, processes=PROCESSES))
    command = [program, "-c", configuration, "-e", folder / "nginx.log"]
    name, said = "nginx, serving the file", folder / "nginx.out"
    with started(name, command, lambda one: f"/{one}.webp", sample, port, said, {}, renders=False) as server:
        yield server


def fetched(server: Server, original: str) -> bytes:
    url = f"{server.url}{server.path(original)}"
    assert urlsplit(url).hostname == "127.0.0.1"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": "image/webp,*/*"}), timeout=60) as said:
        content: bytes = said.read()
    return content
