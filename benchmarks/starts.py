"""A fresh process of ours to the end of its first picture, against one that only loads its libraries.

Interleaved starts of both on this machine, with S3 on loopback. `benchmarks/coldstart.py` prints the result beside that
of the package under Lambda's runtime client.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place
from tests.drawings import drawn

from . import page, s3, servers

#: Django without an app or a URL, Pillow, and a client of S3: the least that anything built on these can do.
FLOOR = """
import django
from django.conf import settings
settings.configure()
django.setup()
from PIL import Image
import boto3
boto3.client("s3")
"""
OURS = """
import sys
from imageservice import api_gateway
from imageservice.wsgi import application
answer = api_gateway.answer(application, {"httpMethod": "GET", "path": "/pictures/one.jpg", "headers": {}})
sys.exit(answer["statusCode"] != 200)
"""
BASE = "Django set up, Pillow, a boto3 client of S3"
STORED = "ours, to a first picture that is stored"
RENDERED = "ours, to a first picture that is rendered"
ROWS = {"Python alone": "", BASE: FLOOR, STORED: OURS, RENDERED: OURS}


def compared(rounds: int) -> tuple[list[str], dict[str, Any]]:
    """The table, and its figures."""
    with s3.running() as variables:
        environment = {
            "PATH": os.environ["PATH"],
            "PLANE": "images",
            "CATALOGUE_URL": "s3://service/catalogue",
            "DERIVATIVES_URL": "s3://service/derivatives",
            **variables,
        }
        client = servers.s3_client(variables)
        alias = Alias("pictures", 1, "photos", Recipe(Geometry(width=256, height=256), Encoding(format="webp")))
        document = Catalogue.of(1, [Bucket("photos", Place("s3", "originals"))], [alias]).encode()
        client.put_object(Bucket="service", Key="catalogue/catalogue.json", Body=document)
        original = drawn(800, 600)
        found: dict[str, list[float]] = {name: [] for name in ROWS}
        for _ in range(rounds + 1):
            for name in (RENDERED, BASE, STORED):
                if name == RENDERED:  # another version, with no stored derivative
                    body = original + time.time_ns().to_bytes(8, "big")
                    client.put_object(Bucket="originals", Key="one.jpg", Body=body)
                found[name].append(processor_seconds(ROWS[name], environment))
            found["Python alone"].append(processor_seconds("", environment))
    # In the first round Python compiles modules and the disk is read; it does not count.
    return to_markdown({name: seconds[1:] for name, seconds in found.items()})


def processor_seconds(code: str, environment: Mapping[str, str]) -> float:
    process = subprocess.Popen([sys.executable, "-c", code], cwd=page.ROOT, env=environment, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"a process did not answer: {code}"
    return used.ru_utime + used.ru_stime


def to_markdown(found: dict[str, list[float]]) -> tuple[list[str], dict[str, Any]]:
    figures = {
        name: {
            "milliseconds": statistics.median(seconds) * 1000,
            "ratio": statistics.median(one / base for one, base in zip(seconds, found[BASE], strict=True)),
        }
        for name, seconds in found.items()
    }
    cells = [(name, f"{one['milliseconds']:.0f}", f"{one['ratio']:.2f}") for name, one in figures.items()]
    rounds = len(found[BASE])
    return [
        f"Medians of {rounds} interleaved starts of a process, in milliseconds of CPU time. Ratios are of the",
        "same round and may be at most 1.25.",
        f"On {page.machine()}.",
        "",
        page.table(("process", "ms", "relative to the floor"), cells),
    ], figures
