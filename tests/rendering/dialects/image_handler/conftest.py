"""A service that answers the URLs of AWS's image handler."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.drawings import drawn
from tests.rendering.dialects.image_handler.urls import KEY
from tests.service import Service


@pytest.fixture
def handler(service: Service, settings: Any) -> Service:
    """The red, green, blue and yellow quarters of 300 x 200, in a bucket for these URLs."""
    settings.IMAGE_HANDLER_BUCKETS = ["photos"]
    settings.ALLOW_UNSAFE_URL = True
    service.put(KEY, drawn(format="PNG"))
    service.bucket = replace(service.bucket, unsafe_allowed=True)
    service.publish()
    return service
