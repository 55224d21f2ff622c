"""CloudFront: invalidations by tag.

See docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-by-tags.html.
"""

from functools import lru_cache
from typing import Any

from django.conf import settings


def purge(tags: list[str], reference: str) -> None:
    """The same reference twice is one invalidation. Raises BotoCoreError, ClientError."""
    items = [f"#{tag}" for tag in tags]
    client().create_invalidation(
        DistributionId=settings.CLOUDFRONT_DISTRIBUTION_ID,
        InvalidationBatch={"Paths": {"Quantity": len(items), "Items": items}, "CallerReference": reference},
    )


@lru_cache(maxsize=1)
def client() -> Any:
    import boto3  # it takes 0.2 s to import, which only deployments with a CDN need
    from botocore.config import Config

    config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
    # CloudFront is a global service; its API is reached by the region us-east-1.
    return boto3.client("cloudfront", region_name="us-east-1", config=config)
