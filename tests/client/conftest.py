"""The service that the clients are tried against, with an original for every odd key."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from rendering.catalogue.catalogue import Catalogue
from tests.drawings import drawn
from tests.running import Running
from tests.values import KEYS

#: Signs Thumbor URLs.
KEY = "a-key-of-16-characters"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("service")
    running = Running(folder, LIST_ALIASES="on", SECURITY_KEY=KEY, CATALOGUE_MAX_AGE="0.1")
    allow_ratios_and_widths(folder)
    for key in KEYS:
        running.put(key, drawn())
    yield running
    running.kill()


def allow_ratios_and_widths(folder: Path) -> None:
    """Publish the aliases again, with a second ratio and two more widths for one."""
    path = folder / "catalogue" / "catalogue.json"
    held = Catalogue.read(path.read_bytes())
    aliases = [held.alias(name) for name in held.aliases]
    allowed = [replace(one, dprs=(2,), widths=(30, 120)) if one.name == "pictures" else one for one in aliases if one]
    path.write_bytes(Catalogue.of(2, held.buckets.values(), allowed).encode())


@pytest.fixture(scope="session")
def environment(running: Running) -> dict[str, str]:
    """What tells a client's tests of the service."""
    return {"SERVICE": f"http://127.0.0.1:{running.port}", "SECURITY_KEY": KEY, "KEYS": json.dumps(KEYS)}
