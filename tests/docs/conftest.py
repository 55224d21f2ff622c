"""The docs are tried on a fresh checkout, and on what `make run` serves there."""

import json
from collections.abc import Iterator

import pytest

from tests.docs.checkout import KEY, Checkout, Site, cloned


@pytest.fixture(scope="session")
def checkout(tmp_path_factory) -> Checkout:
    return cloned(tmp_path_factory.mktemp("docs") / "imageservice")


@pytest.fixture(scope="session")
def site(checkout) -> Iterator[Site]:
    """`make run`, as it is."""
    with checkout.serving() as site:
        yield site


@pytest.fixture(scope="session")
def keyed(checkout, site) -> Iterator[Site]:
    """The same with a key for Thumbor URLs, with URLs of AWS's image handler, with aliases one inside the other, and
    with those of the tutorial, whose own buckets test_tutorial.py tries."""
    more = {name: {"bucket": "samples", "width": 100} for name in ("home", "home/page", "cloud")}
    more["square"] = {"bucket": "samples", "width": 300, "height": 300, "crop": "smart", "dprs": "2"}
    document = json.dumps({"document": "aliases", "version": 1, "aliases": more})
    done = checkout.run(".venv/bin/python manage.py import_aliases - --publish", stdin=document)
    assert done.returncode == 0, done.stderr
    with checkout.serving(SECURITY_KEY=KEY, IMAGE_HANDLER_BUCKETS="samples,brand") as keyed:
        yield keyed
