"""The address of the page of an original's focus, which other pages link to."""

from urllib.parse import urlencode

from django.urls import reverse

from aliases.models import Bucket


def focus_url(bucket: Bucket, key: str) -> str:
    return f"{reverse('admin:aliases_bucket_focus', args=[bucket.pk])}?{urlencode({'key': key})}"
