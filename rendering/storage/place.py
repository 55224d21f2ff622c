"""Where a bucket is, physically: an S3 bucket or a folder."""

import os
import re
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Self

from msgspec import Meta

from ..imaging import stored
from ..imaging.errors import BadDocument
from ..names import wrong_with_length, wrong_with_path, wrong_with_prefix

#: What boto3 takes for a bucket's name. What S3 calls one is less: wrong_with_s3_bucket in names.py.
BUCKET = re.compile(r"[A-Za-z0-9._-]{1,255}")
#: What begins a URL; `s3:x` is none, and no folder either.
SCHEME = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9+.-]*):(?P<slashes>//)?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket is, physically: an S3 bucket or a folder. Never shown to viewers."""

    kind: Annotated[str, Meta(pattern=r"^(?:s3|folder)\Z")]
    #: The S3 bucket's name, or the folder's path; a relative one is taken from the project's folder.
    location: stored.Text
    prefix: str = ""  # what stands before every key, as it is: "originals/"
    region: str = ""
    endpoint_url: str = ""
    role_arn: str = ""  # a role of the bucket's own account, to be assumed
    external_id: str = ""
    requester_pays: bool = False  # who reads from it pays for it, and says so with each request

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `s3://bucket/prefix`, `file:///folder` or a folder's path. Raises ValueError with a sentence.

        What follows the bucket, and a folder's path, is taken as it is: no %20, no query and no fragment is read out of
        it, since keys and folders may be called so.
        """
        scheme = SCHEME.match(url)
        kind, rest = (scheme["name"].lower(), url[scheme.end() :]) if scheme else ("", url)
        if scheme and scheme["slashes"] and kind == "s3" and rest.partition("/")[0]:
            bucket, _, prefix = rest.partition("/")
            if wrong := wrong_with_prefix(prefix):
                raise ValueError(f"“{url}” is no place for pictures: {wrong}")
            if not BUCKET.fullmatch(bucket):
                raise ValueError(f"“{url}” is no place for pictures: no bucket is called “{bucket}”")
            return cls("s3", bucket, prefix if not prefix or prefix.endswith("/") else f"{prefix}/")
        if (kind == "file" and rest.startswith("/")) or (not kind and url):
            return cls("folder", rest)
        raise ValueError(f"“{url}” is no place for pictures; write s3://bucket/prefix or file:///folder")

    def wrong_with(self, key: str) -> str:
        """Why there can be no such key here, whatever is in the place; empty when there can. No store need be asked."""
        if self.kind == "s3":
            return wrong_with_length(self.prefix + key)
        return wrong_with_path(f"{self.location}/{self.prefix}{key}")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read what `to_json` wrote. Raises BadDocument."""
        place = stored.read(data, cls)
        if not all(map(can_be_path, (place.location, place.prefix))):
            raise BadDocument("The location or the prefix of a place can be no part of a path")
        return place


def can_be_path(text: str) -> bool:
    """Whether a file, or an object, can be called so: as bytes, and none of them zero."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False
