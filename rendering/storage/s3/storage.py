"""S3 buckets as stores. Imported on demand, since boto3 is slow to import.

The class inherits from django-storages for what Django does with a storage. It implements `Store` itself, because
django-storages reads an object with two HEADs and a GET, normalises keys ("a//b" becomes "a/b"), and lets botocore wait
for minutes.
"""

import contextlib
from functools import partial
from hashlib import md5
from typing import Any

import boto3
from django.utils.deconstruct import deconstructible
from storages.backends import s3 as django_storages

from rendering.imaging.errors import TooLarge

from ..bulkhead import bounded, bulkhead_of
from ..content_encoding import check_codings
from ..errors import Changed, Denied, Missing, Nonsense, StorageError
from ..interface import Listing, Stat, Stored, check_size
from ..place import Place
from .clients import S3_CONFIG, bucket_parameters, client, session
from .conditional_writes import put_on_condition
from .errors import NotModified, errors, is_about_condition, is_unexplained
from .listings import listing, usable_entries
from .second_looks import SecondLooks
from .versions import differs, is_conditional, is_unversioned, opaque_tag, version_of

CHUNK = 256 * 1024


@deconstructible
class S3Storage(django_storages.S3Storage):  # type: ignore[misc]  # django-storages has no types
    """A place in S3. Writes are atomic: S3 shows an object only when all of it has arrived."""

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
        self.bulkhead = bulkhead_of(f"{place.endpoint_url or 's3:/'}/{place.location}")
        self._looks = SecondLooks()

    def _create_session(self) -> boto3.Session:
        return session(self.place.role_arn, self.place.external_id)

    def _object(self, key: str) -> dict[str, Any]:
        return {**bucket_parameters(self.place), "Key": self.place.prefix + key}

    def prepare(self) -> None:
        client(self.place)

    @bounded
    def reach(self, *, writing: bool = False) -> None:
        with contextlib.suppress(Missing):  # the bucket answered
            self.stat("health-check-of-no-object")

    @bounded
    def sample(self) -> None:
        with contextlib.suppress(Missing, Denied, TooLarge):  # not allowed to list; or read enough
            for key in self.keys("", 1):
                self.read(key, most=0)

    @bounded
    def stat(self, key: str) -> Stat:
        try:
            with errors(key):
                head = client(self.place).head_object(**self._object(key))
        except StorageError as error:
            if is_unexplained(error) and (found := self._second_look(key)):
                return found
            raise
        return Stat(version_of(key, head), head.get("ContentLength"))

    def _second_look(self, key: str) -> Stat | None:
        """HEAD was refused without a reason, so GET one byte, and raise the reason in that response. If GET succeeds
        (some proxies turn HEAD into GET, which breaks its signature), returns the object's Stat. None if there were too
        many second looks."""
        if not self._looks.admit(key):
            return None
        try:
            with errors(key):
                answer = client(self.place).get_object(**self._object(key), Range="bytes=0-0")
                answer["Body"].close()
        except StorageError as error:
            self._looks.record(error)
            raise
        self._looks.record(None)
        length = answer.get("ContentRange", "").rpartition("/")[2]
        size = int(length) if length.isdecimal() else answer.get("ContentLength")
        return Stat(version_of(key, {**answer, "ContentLength": size}), size)

    @bounded
    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        conditions: dict[str, Any] = {
            **({"IfMatch": version} if is_conditional(version, strong=True) else {}),
            **({"IfNoneMatch": unless} if is_conditional(unless) else {}),
        }
        try:
            return self._read(key, version, unless, most, conditions)
        except NotModified:
            return None
        except Nonsense as error:
            # botocore does not retry when a body is truncated (boto3 issue 4111).
            return self._read(key, version, unless, most, {} if is_about_condition(error) else conditions)
        except StorageError as error:
            if not conditions or not is_about_condition(error):
                raise
            # Some stores reject their own ETag. The response to an unconditional request shows whether the version
            # differs.
            return self._read(key, version, unless, most, {})

    def _read(self, key: str, version: str, unless: str, most: int | None, conditions: dict[str, Any]) -> Stored | None:
        with errors(key):
            # Checksums are returned only on demand, where an object has one; botocore then compares it at the end.
            answer: Any = client(self.place).get_object(**self._object(key), **conditions, ChecksumMode="ENABLED")
            with contextlib.closing(answer["Body"]) as body:
                # Stores that do not support conditions ignore them.
                if unless and not differs(unless, answer, unknown=True):
                    return None
                if version and is_unversioned(answer):
                    raise Nonsense(f"{key} comes without its version {version}")
                if version and differs(version, answer):
                    raise Changed(f"{key} is no longer version {version}")
                check_codings(answer.get("ContentEncoding", ""))
                size = answer.get("ContentLength")
                check_size(size or 0, most)
                content = bytearray()
                while chunk := body.read(CHUNK):
                    content += chunk
                    check_size(len(content), most)
            if size is not None and len(content) != size:
                raise Nonsense(f"{key} has {size} bytes, of which {len(content)} arrived")
            if is_unversioned(answer) and (not content or content.lstrip()[:1] == b"<"):
                raise Nonsense(f"{key} is answered with an empty body or a document, and without a version")
            note = answer.get("Metadata", {}).get("note", "")
            return Stored(bytes(content), version_of("", answer), note, answer.get("ContentEncoding", ""))

    @bounded
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
        put = partial(
            self._put,
            key,
            content,
            ContentType=content_type,
            CacheControl=cache_control or "no-cache",
            # CloudFront reads x-amz-meta-cache-tag when it serves the object straight from S3.
            Metadata={**({"cache-tag": tag} if tag else {}), **({"note": note} if note else {})},
        )
        if replacing is not None and put_on_condition(self, key, put, replacing):
            return
        with errors(key):
            put()

    def _put(self, key: str, content: bytes, **more: Any) -> None:
        """Put an object, and believe it only when the response has an ETag, as S3's has, or the object is found."""
        answer = client(self.place).put_object(**self._object(key), Body=content, **more)
        if answer.get("ETag"):
            return
        try:
            found = self.stat(key)
        except Missing:
            raise Nonsense(f"{key} is said to be written, but is not there") from None
        except Nonsense:  # a store that tells nothing of a version
            if (stored := self.read(key)) is None or stored.content != content:
                raise Nonsense(f"{key} is said to be written, but something else is there") from None
            return
        etag = opaque_tag(found.etag) if is_conditional(found.etag) else ""
        if (etag and etag != md5(content, usedforsecurity=False).hexdigest()) or found.size not in (None, len(content)):
            raise Nonsense(f"{key} is said to be written, but something else is there")

    @bounded
    def keys(self, prefix: str, most: int) -> list[str]:
        before = self.place.prefix + prefix
        with errors(before):
            # One page is enough. It has at most 1,000 keys.
            page = client(self.place).list_objects_v2(**bucket_parameters(self.place), Prefix=before, MaxKeys=most)
            return [entry.key for entry in usable_entries(self.place, page)]

    @bounded
    def written(self, prefix: str, most: int) -> dict[str, float]:
        before = self.place.prefix + prefix
        with errors(before):
            page = client(self.place).list_objects_v2(**bucket_parameters(self.place), Prefix=before, MaxKeys=most)
            return {entry.key: entry.written for entry in usable_entries(self.place, page)}

    @bounded
    def browse(self, prefix: str, most: int, more: str = "", *, after: str = "") -> Listing:
        before = self.place.prefix + prefix
        start: dict[str, Any] = {}
        if more:
            start["ContinuationToken"] = more
        elif after:
            start["StartAfter"] = self.place.prefix + after
        with errors(before):
            page = client(self.place).list_objects_v2(
                **bucket_parameters(self.place), Prefix=before, Delimiter="/", MaxKeys=most, **start
            )
            return listing(self.place, page)

    @bounded
    def remove(self, prefix: str) -> int:
        removed = 0
        with errors(prefix):
            pages = (
                client(self.place)
                .get_paginator("list_objects_v2")
                .paginate(**bucket_parameters(self.place), Prefix=self.place.prefix + prefix)
            )
            # One at a time: there are a few dozen, and DeleteObjects would report errors for each object inside a 200.
            for page in pages:
                for item in page.get("Contents", ()):
                    client(self.place).delete_object(**bucket_parameters(self.place), Key=item["Key"])
                    removed += 1
        return removed
