"""What the tests of the focus of originals ask for, and what they look at."""

from typing import Any
from urllib.parse import urlencode

from django.test import Client

from aliases.models import Alias, Bucket
from rendering.imaging.frame.geometry import Box
from tests.aliases.forms import page
from tests.drawings import opened


def path(bucket: Bucket, key: str = "cat.jpg", **more: str) -> str:
    return f"{page('bucket_focus', bucket.pk)}?{urlencode({'key': key, **more})}"


def told(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def posted(choice: str, **fields: Any) -> dict[str, Any]:
    return {"choice": choice, "box": "", "why": "", "seen": 0, **fields}


def corner(client: Client, alias: Alias, **query: str) -> Any:
    """The upper corner of a crop that the page shows."""
    url = page("bucket_crop", alias.bucket_id, alias.pk)
    response: Any = client.get(url, {"key": "cat.jpg", **query})
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    return opened(response).convert("RGB").getpixel((2, 2))


def reddish(colour: Any) -> bool:
    return bool(colour[0] > 200 > colour[1])


LEFT, RIGHT = Box.read("0.0x0.0:0.2x0.4"), Box.read("0.8x0.0:1.0x0.4")
