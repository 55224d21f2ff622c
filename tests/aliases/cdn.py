"""A CDN in front of the service, and the moments at which the outbox is due."""

from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import EndpointConnectionError
from django.utils import timezone

ORIGIN = {
    "Id": "o",
    "DomainName": "example.com",
    "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"},
}
#: As moto wants one.
DISTRIBUTION = {
    "CallerReference": "test",
    "Comment": "",
    "Enabled": True,
    "Origins": {"Quantity": 1, "Items": [ORIGIN]},
    "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only"},
}


class Cloud:
    """A CDN's API that notes what it is told, and can be away."""

    def __init__(self) -> None:
        self.told: list[tuple[list[str], str]] = []
        self.away = False

    def create_invalidation(self, DistributionId: str, InvalidationBatch: dict[str, Any]) -> None:  # noqa: N803
        if self.away:
            raise EndpointConnectionError(endpoint_url="https://cloudfront.amazonaws.com")
        paths = InvalidationBatch["Paths"]
        assert DistributionId == "E123"
        assert paths["Quantity"] == len(paths["Items"])
        self.told.append((paths["Items"], InvalidationBatch["CallerReference"]))


def later(seconds: float) -> datetime:
    """The moment this many seconds from now."""
    return timezone.now() + timedelta(seconds=seconds)
