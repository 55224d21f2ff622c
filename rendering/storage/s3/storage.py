"""S3 buckets, by boto3, also of other AWS accounts. Imported when the first one is opened: boto3 is slow to import.

The class is django-storages' for everything Django does with a storage. The methods of `Store` are written out,
because that class reads an object with two HEADs and a GET, folds keys into one another ("a//b" into "a/b"), and lets
botocore wait for minutes.
"""

import contextlib
from functools import partial
from typing import Any

import boto3
from django.utils.deconstruct import deconstructible
from storages.backends import s3 as django_storages

from rendering import trace
from rendering.imaging.errors import TooLarge

from ..content_encoding import check
from ..errors import Changed, Denied, Missing, Nonsense, StorageError, TooLate
from ..interface import Listing, Stat, Stored, check_size
from ..place import Place
from .clients import S3_CONFIG, client, session, where
from .conditional_writes import put_on_condition
from .errors import NotModified, about_condition, bare, errors
from .listings import askable, listing
from .second_looks import SecondLooks
from .versions import conditional, differs, version_of

CHUNK = 256 * 1024


@deconstructible
class S3Storage(django_storages.S3Storage):  # type: ignore[misc]  # django-storages has no types
    """A place in S3. Objects appear complete: S3 shows a PutObject only when all of it is there."""

    def __init__(self, place: Place) -> None:
        super().__init__(
            bucket_name=place.location,
            location=place.prefix,
            region_name=place.region or None,
            endpoint_url=place.endpoint_url or None,
            client_config=S3_CONFIG,
            file_overwrite=True,
        )
        self.place = place
        self._looks = SecondLooks()

    def _create_session(self) -> boto3.Session:
        return session(self.place.role_arn, self.place.external_id)

    def _object(self, key: str) -> dict[str, Any]:
        return {**where(self.place), "Key": self.place.prefix + key}

    def prepare(self) -> None:
        client(self.place)

    def reach(self) -> None:
        with contextlib.suppress(Missing):  # that there is no such object is an answer
            self.stat("health-check-of-no-object")

    def sample(self) -> None:
        with contextlib.suppress(Missing, Denied, TooLarge):  # who may not list need not; and the answer's head will do
            for key in self.keys("", 1):
                self.read(key, most=0)

    def stat(self, key: str) -> Stat:
        try:
            with errors(key):
                head = client(self.place).head_object(**self._object(key))
        except StorageError as error:
            if bare(error) and (found := self._second_look(key)):
                return found
            raise
        return Stat(version_of(key, head), head.get("ContentLength"))

    def _second_look(self, key: str) -> Stat | None:
        """HEAD was refused without a word why. Ask for one byte, whose refusal says it, and raise that. What is there
        all the same, behind a proxy that makes GET of HEAD and so breaks its signature, is found; None: not asked."""
        if not self._looks.allowed(key):
            return None
        try:
            with errors(key):
                answer = client(self.place).get_object(**self._object(key), Range="bytes=0-0")
                answer["Body"].close()
        except StorageError as error:
            self._looks.found(error)
            raise
        self._looks.found(None)
        length = answer.get("ContentRange", "").rpartition("/")[2]
        size = int(length) if length.isdecimal() else answer.get("ContentLength")
        return Stat(version_of(key, {**answer, "ContentLength": size}), size)

    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        conditions: dict[str, Any] = {
            **({"IfMatch": version} if conditional(version, strong=True) else {}),
            **({"IfNoneMatch": unless} if conditional(unless) else {}),
        }
        try:
            return self._read(key, version, unless, most, conditions)
        except NotModified:
            return None
        except Nonsense as error:
            # botocore does not repeat a request whose body was cut (boto3 issue 4111).
            return self._read(key, version, unless, most, {} if about_condition(error) else conditions)
        except StorageError as error:
            if not conditions or not about_condition(error):
                raise
            # Some stores refuse their own ETag. Whether it is another version the answer itself says.
            return self._read(key, version, unless, most, {})

    def _read(self, key: str, version: str, unless: str, most: int | None, conditions: dict[str, Any]) -> Stored | None:
        with errors(key):
            answer: Any = client(self.place).get_object(**self._object(key), **conditions)
            with contextlib.closing(answer["Body"]) as body:
                # Stores that do not heed a condition answer as if there were none.
                if unless and not differs(unless, answer, unknown=True):
                    return None
                if version and differs(version, answer):
                    raise Changed(f"{key} is no longer {version}")
                check(answer.get("ContentEncoding", ""))
                size = answer.get("ContentLength")
                check_size(size or 0, most)
                content = bytearray()
                # The read timeout is for each chunk; a bucket that drips must not hold the request for ever.
                while chunk := body.read(CHUNK):
                    content += chunk
                    check_size(len(content), most)
                    if trace.remaining() < 0:
                        raise TooLate(f"{key} drips")
            if size is not None and len(content) != size:
                raise Nonsense(f"{key} has {size} bytes and {len(content)} came")
            note = answer.get("Metadata", {}).get("note", "")
            return Stored(bytes(content), version_of("", answer), note, answer.get("ContentEncoding", ""))

    def write(
        self,
        key: str,
        content: bytes,
        content_type: str,
        *,
        cache_control: str = "",
        tag: str = "",
        note: str = "",
        replacing: str | None = None,
    ) -> None:
        with errors(key):
            put = partial(
                client(self.place).put_object,
                **self._object(key),
                Body=content,
                ContentType=content_type,
                CacheControl=cache_control or "no-cache",
                # CloudFront reads x-amz-meta-cache-tag when it serves the object straight from S3.
                Metadata={**({"cache-tag": tag} if tag else {}), **({"note": note} if note else {})},
            )
        if replacing is not None and put_on_condition(self, key, put, replacing):
            return
        with errors(key):
            put()

    def keys(self, prefix: str, most: int) -> list[str]:
        before = self.place.prefix + prefix
        with errors(before):
            # A page has at most a thousand, and the first will do.
            page = client(self.place).list_objects_v2(**where(self.place), Prefix=before, MaxKeys=most)
            return askable(self.place, page)

    def browse(self, prefix: str, most: int, more: str = "") -> Listing:
        before = self.place.prefix + prefix
        going_on: dict[str, Any] = {"ContinuationToken": more} if more else {}
        with errors(before):
            page = client(self.place).list_objects_v2(
                **where(self.place), Prefix=before, Delimiter="/", MaxKeys=most, **going_on
            )
            return listing(self.place, page)

    def remove(self, prefix: str) -> int:
        removed = 0
        with errors(prefix):
            pages = (
                client(self.place)
                .get_paginator("list_objects_v2")
                .paginate(**where(self.place), Prefix=self.place.prefix + prefix)
            )
            # One by one: there are a few dozen, and S3's request for many at once says of each apart what went wrong.
            for page in pages:
                for item in page.get("Contents", ()):
                    client(self.place).delete_object(**where(self.place), Key=item["Key"])
                    removed += 1
        return removed
