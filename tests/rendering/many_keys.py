"""As many keys in moto's S3 as a large bucket has: put there in this process, for a request each would take minutes."""

from collections.abc import Iterable
from typing import Any

import boto3
from moto.s3.models import s3_backends


def fill(bucket: str, keys: Iterable[str], content: bytes = b"x") -> None:
    """Put objects with the same content into a bucket that exists."""
    boto3.client("s3").put_object(Bucket=bucket, Key="the first", Body=content)
    stored = next(
        backend.buckets[bucket].keys
        for account in s3_backends.values()
        for backend in account.values()
        if bucket in backend.buckets
    )
    first = stored["the first"]
    del stored["the first"]
    for key in keys:
        one: Any = object.__new__(type(first))
        one.__dict__ = {**first.__dict__, "name": key}
        dict.__setitem__(stored, key, [one])
