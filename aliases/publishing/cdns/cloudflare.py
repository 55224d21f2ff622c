"""Cloudflare: purging by tag (developers.cloudflare.com/api/resources/cache/methods/purge)."""

from urllib.parse import quote

from django.conf import settings

from .http import send, split

API = "https://api.cloudflare.com/client/v4"
#: Tags in one request, of the plans that allow the fewest.
MOST = 30


def purge(tags: list[str], reference: str) -> None:
    """Raises NotPurged."""
    url = f"{API}/zones/{quote(settings.CLOUDFLARE_ZONE_ID, safe='')}/purge_cache"
    headers = {"Authorization": f"Bearer {settings.CLOUDFLARE_TOKEN}", "Content-Type": "application/json"}
    for some in split(tags, MOST):
        send("POST", url, headers, {"tags": some})
