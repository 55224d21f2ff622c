"""S3 buckets, by boto3, also of other AWS accounts. Imported when the first one is opened: boto3 is slow to import.

The class is django-storages' for everything Django does with a storage. The methods of `Store` are written out,
because that class reads an object with two HEADs and a GET, folds keys into one another ("a//b" into "a/b"), and lets
botocore wait for minutes.
"""

import contextlib
import http.client
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
import botocore
import botocore.session
import botocore.utils
from botocore import exceptions as botocore_errors
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.utils.deconstruct import deconstructible
from storages.backends import s3 as django_storages

from . import trace
from .endpoints import for_botocore, restore_host
from .names import wrong_with_key
from .stores import (
    Away,
    Changed,
    Denied,
    Listing,
    Missing,
    Nonsense,
    Place,
    Stat,
    StorageError,
    Stored,
    TooLate,
    check_size,
)

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def config(**more: Any) -> Config:
    """botocore's own defaults (60 s, 60 s, five attempts) would outlast every gateway."""
    return Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2, "mode": "standard"}, **more)


S3_CONFIG = config(
    max_pool_connections=32,
    tcp_keepalive=True,
    # The length of every body is checked; a second checksum of every picture costs a sixth of the call.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    # botocore describes itself and the machine anew for every request, which costs a ninth of the call.
    user_agent=f"imageservice botocore/{botocore.__version__}",
)
CHUNK = 256 * 1024

_lock = threading.Lock()
_sessions: dict[tuple[str, str], boto3.Session] = {}
_clients: dict[tuple[str, str, str, str], "S3Client"] = {}


def session(role_arn: str = "", external_id: str = "") -> boto3.Session:
    """A session with the service's own credentials or, with a role, with that role's: fetched when first needed, kept,
    and renewed by botocore before they expire."""
    if (role_arn, external_id) not in _sessions:
        core = botocore.session.Session()
        core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=moment)
        if role_arn:
            own = core.get_credentials()
            if own is None:
                raise Denied(f"there are no AWS credentials with which to assume {role_arn}")
            # The attribute is botocore's own place for credentials that renew themselves; it has no method for it.
            core._credentials = DeferredRefreshableCredentials(  # type: ignore[attr-defined]  # not in the stubs
                method="assume-role",
                refresh_using=AssumeRoleCredentialFetcher(
                    client_creator=partial(
                        core.create_client,
                        region_name=core.get_config_variable("region") or "us-east-1",
                        config=config(),
                    ),
                    source_credentials=own,
                    role_arn=role_arn,
                    extra_args={
                        "RoleSessionName": "imageservice",
                        **({"ExternalId": external_id} if external_id else {}),
                    },
                ).fetch_credentials,
            )
        _sessions[role_arn, external_id] = boto3.Session(botocore_session=core)
    return _sessions[role_arn, external_id]


def moment(text: Any) -> datetime:
    """A time as S3's headers tell it. botocore tries every notation there is, which costs a tenth of the call."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, AttributeError):  # as in the body of a list, and as STS tells it
        return botocore.utils.parse_timestamp(text)


def client(place: Place) -> "S3Client":
    """The client for a place's role and region; one each, since it holds the connections. Clients are thread-safe,
    making one is not."""
    key = (place.role_arn, place.external_id, place.region, place.endpoint_url)
    with _lock:
        if key not in _clients:
            own = session(place.role_arn, place.external_id)
            # The region of the process, named or not, is one region: with two clients a cold start would make both.
            region = place.region or own.region_name or ""
            named = (place.role_arn, place.external_id, region, place.endpoint_url)
            if named not in _clients:
                endpoint = for_botocore(place.endpoint_url)
                made = own.client("s3", region_name=region or None, endpoint_url=endpoint or None, config=S3_CONFIG)
                restore_host(made, place.endpoint_url)
                _clients[named] = made
            _clients[key] = _clients[named]
        return _clients[key]


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

    def _create_session(self) -> boto3.Session:
        return session(self.place.role_arn, self.place.external_id)

    def _object(self, key: str) -> dict[str, Any]:
        return {"Bucket": self.place.location, "Key": self.place.prefix + key}

    def prepare(self) -> None:
        client(self.place)

    def reach(self) -> None:
        with contextlib.suppress(Missing):  # that there is no such object is an answer
            self.stat("health-check-of-no-object")

    def stat(self, key: str) -> Stat:
        with errors(key):
            head = client(self.place).head_object(**self._object(key))
            return Stat(head["ETag"], head["ContentLength"])

    def read(self, key: str, *, version: str = "", unless: str = "", most: int | None = None) -> Stored | None:
        conditions: dict[str, Any] = {
            **({"IfMatch": version} if version else {}),
            **({"IfNoneMatch": unless} if unless else {}),
        }
        try:
            return self._read(key, conditions, most)
        except NotModified:
            return None
        except Nonsense:
            # botocore does not repeat a request whose body was cut (boto3 issue 4111).
            return self._read(key, conditions, most)

    def _read(self, key: str, conditions: dict[str, Any], most: int | None) -> Stored:
        with errors(key):
            answer = client(self.place).get_object(**self._object(key), **conditions)
            with contextlib.closing(answer["Body"]) as body:
                check_size(answer["ContentLength"], most)
                content = bytearray()
                # The read timeout is for each chunk; a bucket that drips must not hold the request for ever.
                while chunk := body.read(CHUNK):
                    content += chunk
                    if trace.remaining() < 0:
                        raise TooLate(f"{key} drips")
            if len(content) != answer["ContentLength"]:
                raise Nonsense(f"{key} has {answer['ContentLength']} bytes and {len(content)} came")
            return Stored(bytes(content), answer["ETag"], answer.get("Metadata", {}).get("note", ""))

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
        conditions: dict[str, Any] = {}
        if replacing is not None:
            conditions = {"IfMatch": replacing} if replacing else {"IfNoneMatch": "*"}
        with errors(key):
            client(self.place).put_object(
                **self._object(key),
                **conditions,
                Body=content,
                ContentType=content_type,
                CacheControl=cache_control or "no-cache",
                # CloudFront reads x-amz-meta-cache-tag when it serves the object straight from S3.
                Metadata={**({"cache-tag": tag} if tag else {}), **({"note": note} if note else {})},
            )

    def keys(self, prefix: str, most: int) -> list[str]:
        before = self.place.prefix + prefix
        with errors(before):
            # A page has at most a thousand, and the first will do.
            page = client(self.place).list_objects_v2(Bucket=self.place.location, Prefix=before, MaxKeys=most)
            return askable(self.place, page)

    def browse(self, prefix: str, most: int, more: str = "") -> Listing:
        before = self.place.prefix + prefix
        going_on: dict[str, Any] = {"ContinuationToken": more} if more else {}
        with errors(before):
            page = client(self.place).list_objects_v2(
                Bucket=self.place.location, Prefix=before, Delimiter="/", MaxKeys=most, **going_on
            )
        folders = (one["Prefix"].removeprefix(self.place.prefix) for one in page.get("CommonPrefixes", ()))
        return Listing(
            tuple(askable(self.place, page)),
            tuple(folder for folder in folders if not wrong_with_key(folder)),
            page.get("NextContinuationToken", ""),
        )

    def remove(self, prefix: str) -> int:
        removed = 0
        with errors(prefix):
            pages = (
                client(self.place)
                .get_paginator("list_objects_v2")
                .paginate(Bucket=self.place.location, Prefix=self.place.prefix + prefix)
            )
            # One by one: there are a few dozen, and S3's request for many at once says of each apart what went wrong.
            for page in pages:
                for item in page.get("Contents", ()):
                    client(self.place).delete_object(Bucket=self.place.location, Key=item["Key"])
                    removed += 1
        return removed


def askable(place: Place, page: Mapping[str, Any]) -> list[str]:
    """The keys of a page of a list, without the place's prefix, that can be asked for."""
    keys = (item["Key"].removeprefix(place.prefix) for item in page.get("Contents", ()))
    # A "folder" made in the console is an empty object whose key ends in /.
    return [key for key in keys if not key.endswith("/") and not wrong_with_key(key)]


class NotModified(StorageError):
    code = "storage_not_modified"


#: S3's error codes and bare statuses (HEAD has no body, hence no code), as what they mean here.
MEANING: dict[str, type[StorageError]] = {
    "NoSuchKey": Missing,
    "404": Missing,
    "304": NotModified,
    "NotModified": NotModified,
    "412": Changed,
    "PreconditionFailed": Changed,
    "ConditionalRequestConflict": Changed,  # two conditional writes at once
    "403": Denied,
    "AccessDenied": Denied,
    "AllAccessDisabled": Denied,
    "ExpiredToken": Denied,
    "InvalidAccessKeyId": Denied,
    "InvalidClientTokenId": Denied,
    "SignatureDoesNotMatch": Denied,
    "SlowDown": Away,
    "Throttling": Away,
    "ThrottlingException": Away,
    "TooManyRequests": Away,
    "429": Away,
    "RequestTimeout": TooLate,
    "NoSuchBucket": Nonsense,
}


@contextlib.contextmanager
def errors(key: str) -> Iterator[None]:
    """The one place where boto3's errors become ours."""
    try:
        yield
    except ClientError as error:
        raise meaning_of(error)(f"{key}: {error.operation_name}: {error}") from error
    except (botocore_errors.ReadTimeoutError, botocore_errors.ConnectTimeoutError) as error:
        raise TooLate(f"{key}: {error}") from error
    except (botocore_errors.NoCredentialsError, botocore_errors.CredentialRetrievalError) as error:
        raise Denied(f"{key}: {error}") from error
    except (botocore_errors.ResponseStreamingError, botocore_errors.IncompleteReadError) as error:
        raise Nonsense(f"{key}: {error}") from error
    except (HTTPClientError, OSError, http.client.HTTPException) as error:
        raise Away(f"{key}: {error}") from error
    except BotoCoreError as error:  # a bucket's name, an endpoint's address, an answer that cannot be parsed
        raise Nonsense(f"{key}: {error}") from error


def meaning_of(error: ClientError) -> type[StorageError]:
    status: Any = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = error.response.get("Error", {}).get("Code", "")
    if code in MEANING:
        return MEANING[code]
    if str(status) in MEANING:
        return MEANING[str(status)]
    return Away if status >= 500 else Nonsense
