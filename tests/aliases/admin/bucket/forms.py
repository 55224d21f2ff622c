"""A bucket's form and the page that decides on its change, as a browser sends them."""

import re
from typing import Any

from django.test import Client

from aliases.models import Bucket
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.service import Service

PLACE = ("environment", "kind", "location", "prefix", "region", "endpoint_url", "role_arn", "external_id")


def opened(client: Client, bucket: Bucket, **changes: Any) -> dict[str, Any]:
    """The form of a bucket as a browser would send it back, with changes: `label`, or `0-prefix` of the first place."""
    context = client.get(page("bucket_change", bucket.pk)).context
    posted: dict[str, Any] = {
        "label": bucket.label,
        "notes": bucket.notes,
        "known_as": bucket.known_as,
        "_opened": context["adminform"].form.opened,
        "_places_opened": context["places"].opened,
        "places-TOTAL_FORMS": bucket.places.count(),
        "places-INITIAL_FORMS": bucket.places.count(),
    }
    for name in ("immutable", "unsafe_allowed", "svg_allowed"):
        if getattr(bucket, name):
            posted[name] = "on"
    for number, place in enumerate(bucket.places.all()):
        posted |= {f"places-{number}-{name}": getattr(place, name) for name in PLACE}
        posted |= {f"places-{number}-id": place.pk, f"places-{number}-bucket": bucket.pk}
    for name, value in changes.items():
        posted["places-" + name if name[0].isdigit() else name] = value
    return posted


def save(client: Client, bucket: Bucket, posted: dict[str, Any]) -> Any:
    return client.post(page("bucket_change", bucket.pk), posted, follow=True)


def decision(response: Any) -> dict[str, Any]:
    """What the form of the page that asks would post."""
    told = response.content.decode()
    assert 'name="seen"' in told, told
    form = told[told.index('class="decide"') :]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found[name] = value.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    return found


def moved(service: Service, content: bytes | None = None) -> None:
    service.put("elsewhere/cat.jpg", drawn(300, 200) if content is None else content)
