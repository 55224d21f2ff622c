"""Fastly: purging by its Surrogate-Key (www.fastly.com/documentation/reference/api/purging)."""

from urllib.parse import quote

from django.conf import settings

from .http import send, split

API = "https://api.fastly.com"
#: Keys in one request.
MOST = 256


def purge(tags: list[str], reference: str) -> None:
    """Raises NotPurged."""
    url = f"{API}/service/{quote(settings.FASTLY_SERVICE_ID, safe='')}/purge"
    headers = {"Fastly-Key": settings.FASTLY_TOKEN, "Accept": "application/json"}
    for some in split(tags, MOST):
        send("POST", url, {**headers, "Surrogate-Key": " ".join(some)})
