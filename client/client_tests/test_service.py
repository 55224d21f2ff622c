"""The client against a service that runs: SERVICE is its URL, KEYS the keys of its originals as JSON."""

import json
import os
from urllib.request import urlopen

import pytest
from imageservice_client import Picture, load, signed_url

SERVICE, KEYS = os.environ.get("SERVICE"), json.loads(os.environ.get("KEYS", "[]"))
pytestmark = pytest.mark.skipif(not SERVICE, reason="no service is named: SERVICE is its URL, and KEYS its originals")


@pytest.fixture(autouse=True)
def service(settings):
    settings.IMAGE_SERVICE = {"URL": SERVICE, "SECURITY_KEY": os.environ.get("SECURITY_KEY", "")}
    assert load()


def test_every_url_that_is_written_is_a_picture():
    assert KEYS
    for key in KEYS:
        picture = Picture("pictures", key)
        assert (picture.width, picture.height) == (90, 90)
        urls = [part.split(" ")[0] for part in picture.srcset.split(", ")]
        assert len(urls) == 2, "the alias allows a second ratio"
        urls += [part.split(" ")[0] for part in picture.srcset_by_width.split(", ")]
        assert len(urls) == 5, "the alias allows two more widths"
        for url in {picture.url, *urls, signed_url("photos", key, width=30)}:
            with urlopen(url) as response:
                assert response.headers["Content-Type"].startswith("image/"), url
