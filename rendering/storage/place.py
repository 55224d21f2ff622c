"""Where a bucket is, physically: an S3 bucket or a folder."""

import os
import re
from typing import Annotated, Self

from msgspec import Meta, Struct

from ..imaging import documents
from ..names import wrong_with_length, wrong_with_path, wrong_with_prefix

#: What boto3 accepts as a bucket's name. S3 itself accepts less: wrong_with_s3_bucket in names.py.
BUCKET = re.compile(r"[A-Za-z0-9._-]{1,255}")
#: The beginning of a URL. `s3:x` is not a URL, and not a folder either.
SCHEME = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9+.-]*):(?P<slashes>//)?")


class Place(Struct, frozen=True):
    """Where a bucket is, physically: an S3 bucket or a folder. Never shown to viewers."""

    kind: Annotated[str, Meta(pattern=r"^(?:s3|folder)\Z")]
    #: The S3 bucket's name, or the folder's path; a relative path starts at the project's folder.
    location: documents.NotEmpty
    prefix: str = ""  # of every key, literally: "originals/"
    region: str = ""
    endpoint_url: str = ""
    role_arn: str = ""  # a role to assume, in the bucket's account
    external_id: str = ""
    requester_pays: bool = False  # the bucket bills the reader; each request agrees to that
    kms_key: str = ""  # the ARN of the key that encrypts the objects: reading needs a right to it, and no parameter

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `s3://bucket/prefix`, `file:///folder` or a folder's path. Raises ValueError with a sentence.

        The prefix and the path are taken literally, without percent-decoding, query or fragment: keys and folders may
        hold such characters.
        """
        scheme = SCHEME.match(url)
        kind, rest = (scheme["name"].lower(), url[scheme.end() :]) if scheme else ("", url)
        if scheme and scheme["slashes"] and kind == "s3" and rest.partition("/")[0]:
            bucket, _, prefix = rest.partition("/")
            if wrong := wrong_with_prefix(prefix):
                raise ValueError(f"“{url}” is not a place for pictures: {wrong}")
            if not BUCKET.fullmatch(bucket):
                raise ValueError(f"“{url}” is not a place for pictures: no bucket is called “{bucket}”")
            return cls("s3", bucket, prefix if not prefix or prefix.endswith("/") else f"{prefix}/")
        if (kind == "file" and rest.startswith("/")) or (not kind and url):
            return cls("folder", rest)
        raise ValueError(f"“{url}” is not a place for pictures; write s3://bucket/prefix or file:///folder")

    def wrong_with(self, key: str) -> str:
        """Why the key cannot exist in this place, as the end of a sentence; empty if it can. No store is asked."""
        if self.kind == "s3":
            return wrong_with_length(self.prefix + key)
        return wrong_with_path(f"{self.location}/{self.prefix}{key}")


def can_be_path(text: str) -> bool:
    """Whether a file or an object can have that name: it can be encoded, and holds no zero byte."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False
