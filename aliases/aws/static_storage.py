"""The admin's static files in an S3 bucket, under names that hold a hash of their content; a CDN serves them."""

import re
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3StaticStorage

from rendering.storage.place import Place

HASHED = re.compile(r"\.[0-9a-f]{12}(\.|$)")
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=60"


class BucketStorage(S3StaticStorage):  # type: ignore[misc]  # django-storages has no types
    """A bucket whose files have URLs of this site's, not of S3's."""

    def __init__(self, url: str) -> None:
        place = Place.from_url(url)
        super().__init__(bucket_name=place.location, location=place.prefix)

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        return {"CacheControl": FOREVER if HASHED.search(name) else BRIEFLY}

    def url(self, name: str) -> str:
        return f"{settings.STATIC_URL}{filepath_to_uri(name)}"


class StaticStorage(ManifestFilesMixin, BucketStorage):
    """`manage.py collectstatic` writes into it. Older files stay: open pages and older versions refer to them."""

    #: Modules import others by their hashed names, too: under two names, a module would run twice.
    support_js_module_import_aggregation = True
