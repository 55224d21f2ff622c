"""What all tests share: a service of its own for each test, with originals drawn for it."""

import io
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from botocore.loaders import JSONFileLoader
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from PIL import Image, ImageDraw, ImageFilter

from rendering.catalogue import catalogue
from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.http import health
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.pictures import keeping, overruled
from rendering.storage.storages import at, configured
from rendering.storage.stores import Place

# No test fails for the time it takes: the first draw of a text makes a table of all characters, and machines are busy.
hypothesis.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples at every run, so that nothing fails by chance; `make explore` looks for others.
hypothesis.register_profile("steady", hypothesis.get_profile("unhurried"), derandomize=True)
hypothesis.register_profile("exploring", hypothesis.get_profile("unhurried"), max_examples=2000, print_blob=True)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


_load = JSONFileLoader.load_file


@cache
def _loaded(path: str) -> Any:
    return _load(JSONFileLoader(), path)


# botocore reads its descriptions of AWS's services anew for each session, and most tests of S3 have new ones.
JSONFileLoader.load_file = lambda self, file_path: _loaded(file_path)  # type: ignore[method-assign]


def drawn(width: int = 300, height: int = 200, format: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:  # noqa: A002
    """A picture as a file: four coloured quarters, red, green, blue and yellow from the left upper one on."""
    image = Image.new("RGB", (width, height), "yellow")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), "red")
    draw.rectangle((width // 2, 0, width, height // 2 - 1), "lime")
    draw.rectangle((0, height // 2, width // 2 - 1, height), "blue")
    file = io.BytesIO()
    image.convert(mode).save(file, format, **options)
    return file.getvalue()


def textured(width: int = 240, height: int = 160, contrast: int = 60, seed: int = 1) -> Image.Image:
    """Something that costs an encoder as photographs do: colours that change slowly, under a grain (0 to 255) as coarse
    as leaves. The same every time."""
    grains = [
        Image.frombytes("L", (width, height), Random(f"{seed} {band}").randbytes(width * height)).filter(
            ImageFilter.GaussianBlur(1)
        )
        for band in "RGB"
    ]
    across, down = Image.linear_gradient("L").rotate(90).resize((width, height)), Image.linear_gradient("L")
    slow = Image.merge("RGB", (across, down.resize((width, height)), across))
    return Image.blend(slow, Image.merge("RGB", grains), contrast / 255)


def photograph(width: int = 240, height: int = 160, format: str = "PNG", **texture: int) -> bytes:  # noqa: A002
    file = io.BytesIO()
    textured(width, height, **texture).save(file, format, quality=95)
    return file.getvalue()


def noise(width: int, height: int) -> bytes:
    """A PNG that hardly compresses: about three bytes a pixel."""
    file = io.BytesIO()
    Image.frombytes("RGB", (width, height), Random(1).randbytes(width * height * 3)).save(file, "PNG")
    return file.getvalue()


def opened(response: HttpResponse) -> Image.Image:
    image = Image.open(io.BytesIO(response.content))
    image.load()
    return image


class Service:
    """The service under test: its folders, its catalogue, and requests as a server would hand them on."""

    def __init__(self, folder: Path) -> None:
        self.originals = folder / "originals"
        self.derivatives = folder / "derivatives"
        self.originals.mkdir()
        self.serial = 0
        #: Whether a CDN in front is told what to forget.
        self.purged = True
        self.client = Client()
        self.bucket = Bucket("photos", Place("folder", str(self.originals)))
        self.alias = Alias(
            "profile-image/ios", 1, "photos", Recipe(Geometry(width=90, height=90), Encoding(format="png"))
        )

    def put(self, key: str, content: bytes | None = None) -> Path:
        path = self.originals / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(drawn() if content is None else content)
        return path

    def publish(self, *aliases: Alias, buckets: tuple[Bucket, ...] = ()) -> None:
        """Write the catalogue, as publishing would."""
        import json

        self.serial += 1
        published = Catalogue.of(
            self.serial, buckets or (self.bucket,), aliases or (self.alias,), purged=self.purged
        ).to_json()
        configured("catalogue").write(catalogue.NAME, json.dumps(published).encode(), "application/json")

    def get(self, raw: str, method: str = "GET", **headers: str) -> HttpResponse:
        """Ask for a raw, percent-encoded path, and hand it on as gunicorn does: decoded, and raw beside it."""
        path = unquote_to_bytes(raw.split("?")[0]).decode("latin-1")
        response = self.client.generic(
            method,
            "/",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            PATH_INFO=path,
            RAW_URI=raw,
            QUERY_STRING=raw.partition("?")[2],
        )
        assert isinstance(response, HttpResponse)
        return response

    def kept(self) -> list[Path]:
        """The files of derivatives there are, also unfinished ones."""
        return sorted(path for path in self.derivatives.rglob("*") if path.is_file())


@pytest.fixture
def service(tmp_path: Path, settings) -> Iterator[Service]:
    """A data plane on folders of its own, reading the catalogue at every request."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        "derivatives": {
            "BACKEND": "rendering.storage.storages.from_url",
            "OPTIONS": {"url": str(tmp_path / "derivatives")},
        },
        "catalogue": {
            "BACKEND": "rendering.storage.storages.from_url",
            "OPTIONS": {"url": str(tmp_path / "catalogue")},
        },
    }
    settings.CATALOGUE_MAX_AGE = 0
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()  # or WhiteNoise warns that nothing was collected
    forget()
    yield Service(tmp_path)
    forget()


def forget() -> None:
    """What a process remembers between requests: forgotten, as in a new one."""
    catalogue.READER.__init__()  # type: ignore[misc]
    overruled.READERS.clear()
    health._last = (float("-inf"), {})
    keeping.forget()
    at.cache_clear()
