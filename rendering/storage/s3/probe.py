"""Tries an S3 bucket and describes what is wrong, for the admin's "Test this bucket"."""

from typing import Any

from botocore import exceptions as botocore_errors
from botocore.exceptions import ClientError
from msgspec.structs import replace

from ..content_encoding import unsupported_coding
from ..errors import (
    Archived,
    Away,
    BadCredentials,
    ClosedAccount,
    Denied,
    Encrypted,
    Misconfigured,
    Nonsense,
    NotAllowed,
    RequesterPays,
    StorageError,
    TooLate,
    WrongClock,
)
from ..interface import Probe
from ..place import Place
from .clients import bucket_parameters, client
from .errors import STATUS_ONLY, code_of, errors
from .listings import usable_entries
from .versions import is_conditional, version_of


def probe_s3(place: Place) -> Probe:
    """List a few keys and read the first byte of one, as the data plane would."""
    try:
        return look(place)
    except StorageError as error:
        if isinstance(error, Denied) and not place.requester_pays and works_if_paid(place):
            return Probe(False, sentence(place, RequesterPays(str(error))))
        return Probe(False, sentence(place, error))


def look(place: Place) -> Probe:
    """Describe a place that can be listed and read. Raises StorageError if it cannot."""
    with errors(place.prefix):
        s3, bucket = client(place), bucket_parameters(place)
        found = s3.list_objects_v2(**bucket, Prefix=place.prefix, MaxKeys=30)
        elsewhere = region_of(place)
        if place.region and elsewhere and elsewhere != place.region:
            return Probe(False, wrong_region(place, elsewhere))
        keys = [entry.key for entry in usable_entries(place, found)]
        if not keys:
            what = f"nothing begins with “{place.prefix}”" if place.prefix else "it is empty"
            return Probe(True, f"The bucket “{place.location}” can be listed, but {what}; put an original into it")
        # GET before HEAD, because only a refused GET says why.
        got = s3.get_object(**bucket, Key=place.prefix + keys[0], Range="bytes=0-0")
        got["Body"].close()
        try:
            head: Any = s3.head_object(**bucket, Key=place.prefix + keys[0])
        except ClientError as error:
            if code_of(error) not in STATUS_ONLY:
                raise
            head = None
    works, oddities = oddities_of(keys[0], head or got)
    if head is None:
        oddities.append("the store refuses HEAD although it allows GET, so each look at an original takes two requests")
    return Probe(
        works,
        "; but ".join([f"The bucket “{place.location}” can be listed and read", *oddities]),
        tuple(keys[:12]),
    )


def oddities_of(key: str, head: Any) -> tuple[bool, list[str]]:
    """Whether the service can use the headers that a store sends, and how they differ from those of S3 itself."""
    oddities = []
    if not head.get("ETag"):
        oddities.append("the store sends no ETag, so versions are distinguished by modification time and size")
    elif not is_conditional(head["ETag"], strong=True):
        oddities.append("the store sends weak ETags, so versions are compared after reading instead of requested")
    if head.get("ContentLength") is None:
        oddities.append("the store sends no sizes, so objects that are too large are only refused while they are read")
    if coding := unsupported_coding(head.get("ContentEncoding", "")):
        oddities.append(f"“{key}” is stored with Content-Encoding: {coding}, which is not supported")
    try:
        version_of(key, head)
    except Nonsense:
        useless = (
            "the store sends neither an ETag nor a Last-Modified, so changes of originals cannot be detected. It can "
            "only be used as a bucket whose originals never change"
        )
        return False, [useless]
    return True, oddities


def works_if_paid(place: Place) -> bool:
    """Whether a place that denies access allows it with requester pays."""
    try:
        return look(replace(place, requester_pays=True)).ok
    except StorageError:
        return False


def region_of(place: Place) -> str:
    """The bucket's region; empty if S3 does not say. A wrong region is easily missed: boto3 follows the redirect to the
    right one, with an extra request each time."""
    try:
        return client(place).head_bucket(Bucket=place.location).get("BucketRegion", "")
    except ClientError:  # or no HeadBucket at all, as some servers have none
        return ""


def sentence(place: Place, error: StorageError) -> str:
    """What S3 or STS refused, why, and what to change."""
    cause = error.__cause__
    code = code_of(cause) if isinstance(cause, ClientError) else ""
    if isinstance(cause, ClientError) and cause.operation_name == "AssumeRole" and isinstance(error, BadCredentials):
        return (
            f"The role {place.role_arn} cannot be assumed ({code}). The service's own policy must allow sts:AssumeRole "
            "on it, and the role's trust policy must name the service's role"
            + (" with this external id" if place.external_id else "")
        )
    match error:
        case BadCredentials() if code:
            return f"AWS rejects the service's credentials ({code}); give its function or machine a valid role"
        case BadCredentials() if isinstance(cause, botocore_errors.NoCredentialsError):
            return "The service has no AWS credentials; give its function or machine a role, or set AWS_ACCESS_KEY_ID"
        case BadCredentials():
            return f"The service cannot get its AWS credentials: {error}"
        case WrongClock():
            return f"The clock of the service's machine is wrong, so its requests are rejected ({code}); correct it"
        case ClosedAccount():
            return f"The AWS account has a problem ({code}); its owner can see in the AWS console which one"
        case Encrypted():
            return (
                f"Access denied: {who(place)} lacks kms:Decrypt on the key that encrypts the bucket's objects, or "
                f"that key is disabled ({code})"
            )
        case RequesterPays():
            return (
                f"Access denied, because “{place.location}” is a requester-pays bucket. Tick “requester pays” in its "
                "place if this service is to pay for what it reads"
            )
        case Archived():
            return (
                f"The bucket “{place.location}” can be listed, but its first object is archived: restore it, or move "
                "what is served to another storage class"
            )
        case Denied():
            return denied(place, cause)
        case TooLate():
            return f"{address(place)} does not respond in time; check the endpoint and the network"
        case Away() if isinstance(cause, ClientError):
            return f"S3 is busy ({code}); try again in a moment"
        case Away():
            return f"Nobody answers at {address(place)}; check the endpoint, the region and the network"
        case NotAllowed():
            return str(error).removesuffix(".")
        case Nonsense() if not isinstance(cause, ClientError):
            return f"{address(place)} answers, but not as S3 does; check the endpoint"
        case Misconfigured() if isinstance(cause, ClientError):
            return misconfigured(place, cause, code)
        case Misconfigured():
            return f"S3 cannot have such a place: {error}"
    return f"S3 refuses: {str(error).removeprefix(': ')}"


def misconfigured(place: Place, error: ClientError, code: str) -> str:
    if code == "NoSuchBucket":
        return f"There is no S3 bucket named “{place.location}” at {address(place)}; check the name and the endpoint"
    if code == "InvalidBucketName":
        return f"S3 cannot have such a place: {error}"
    headers = error.response["ResponseMetadata"].get("HTTPHeaders", {})
    right = headers.get("x-amz-bucket-region") or str(error.response.get("Error", {}).get("Region", ""))
    return wrong_region(place, right)


def denied(place: Place, error: BaseException | None) -> str:
    if isinstance(error, ClientError) and error.operation_name in ("GetObject", "HeadObject"):
        return (
            f"Access denied: {who(place)} lacks s3:GetObject on arn:aws:s3:::{place.location}/{place.prefix}* "
            "(in its policy, or, for a bucket of another account, also in the bucket's policy)"
        )
    return (
        f"Access denied: {who(place)} lacks s3:ListBucket on arn:aws:s3:::{place.location}; without it, a missing "
        "original looks the same as a forbidden one (in a bucket of another account, its bucket policy must allow it "
        "too)"
    )


def who(place: Place) -> str:
    return f"the role {place.role_arn}" if place.role_arn else "the service's role"


def wrong_region(place: Place, right: str) -> str:
    advice = f"it is in {right}: set the region to {right}" if right else "set the region in which it was created"
    return f"The bucket “{place.location}” is not in {place.region or 'the default region'}; {advice}"


def address(place: Place) -> str:
    return place.endpoint_url or f"S3 in {place.region or 'the default region'}"
