"""What is wrong with an S3 bucket, in words: for the admin's "Test this bucket"."""

from dataclasses import replace
from typing import Any

from botocore import exceptions as botocore_errors
from botocore.exceptions import ClientError

from ..content_encoding import unknown
from ..errors import (
    Archived,
    Away,
    BadCredentials,
    ClosedAccount,
    Denied,
    Encrypted,
    Misconfigured,
    Nonsense,
    RequesterPays,
    StorageError,
    TooLate,
    WrongClock,
)
from ..interface import Probe
from ..place import Place
from .clients import client, where
from .errors import BARE, code_of, errors
from .listings import askable
from .versions import conditional, version_of


def probe_s3(place: Place) -> Probe:
    """List a few keys and read the first byte of one, as the data plane would."""
    try:
        return look(place)
    except StorageError as error:
        if isinstance(error, Denied) and not place.requester_pays and paid(place):
            return Probe(False, sentence(place, RequesterPays(str(error))))
        return Probe(False, sentence(place, error))


def look(place: Place) -> Probe:
    """What is found in a place that can be listed and read. Raises StorageError."""
    with errors(place.prefix):
        s3, bucket = client(place), where(place)
        found = s3.list_objects_v2(**bucket, Prefix=place.prefix, MaxKeys=30)
        elsewhere = region_of(place)
        if place.region and elsewhere and elsewhere != place.region:
            return Probe(False, wrong_region(place, elsewhere))
        keys = askable(place, found)
        if not keys:
            what = f"nothing begins with “{place.prefix}”" if place.prefix else "it is empty"
            return Probe(True, f"The bucket “{place.location}” can be listed, but {what}; put an original into it")
        # First what may be refused with a reason: HEAD is refused without.
        got = s3.get_object(**bucket, Key=place.prefix + keys[0], Range="bytes=0-0")
        got["Body"].close()
        try:
            head: Any = s3.head_object(**bucket, Key=place.prefix + keys[0])
        except ClientError as error:
            if code_of(error) not in BARE:
                raise
            head = None
    works, oddities = oddities_of(keys[0], head or got)
    if head is None:
        oddities.append("the store refuses HEAD where it answers GET, so each look at an original takes two requests")
    return Probe(
        works,
        "; but ".join([f"The bucket “{place.location}” can be listed and read", *oddities]),
        tuple(keys[:12]),
    )


def oddities_of(key: str, head: Any) -> tuple[bool, list[str]]:
    """Whether the service can do with what a store tells of an object, and what it does not tell as S3 itself would."""
    told = []
    if not head.get("ETag"):
        told.append("tells no ETag, so originals are told apart by when they were written, and by their size")
    elif not conditional(head["ETag"], strong=True):
        told.append("gives weak ETags, so what is read is compared with them instead of asked for by them")
    if head.get("ContentLength") is None:
        told.append("does not tell how large an object is, so too large ones are refused only while they are read")
    if coding := unknown(head.get("ContentEncoding", "")):
        told.append(f"“{key}” is stored with Content-Encoding: {coding}, which is not read here")
    try:
        version_of(key, head)
    except Nonsense:
        useless = (
            "it tells neither an ETag nor when an object was written, so nobody could see that an original changed. "
            "Only as a bucket whose originals never change can it be used"
        )
        return False, [useless]
    return True, [one if one.startswith("“") else f"the store {one}" for one in told]


def paid(place: Place) -> bool:
    """Whether a place that denies can be read by who says that he pays."""
    try:
        return look(replace(place, requester_pays=True)).ok
    except StorageError:
        return False


def region_of(place: Place) -> str:
    """Where the bucket is. boto3 follows S3's redirect to the right region, at the price of a request each time: only
    asking shows it."""
    try:
        return client(place).head_bucket(Bucket=place.location).get("BucketRegion", "")
    except ClientError:
        return ""


def sentence(place: Place, error: StorageError) -> str:
    """The cause of a refusal by S3, or by STS, and what to change."""
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
            return f"AWS does not accept the service's credentials ({code}); give its function or machine a valid role"
        case BadCredentials() if isinstance(cause, botocore_errors.NoCredentialsError):
            return "The service has no AWS credentials; give its function or machine a role, or set AWS_ACCESS_KEY_ID"
        case BadCredentials():
            return f"The service's AWS credentials cannot be had: {error}"
        case WrongClock():
            return f"The clock of the service's machine is wrong, so its requests are refused ({code}); set it right"
        case ClosedAccount():
            return f"The AWS account has a problem of its own ({code}); its owner sees in the AWS console which"
        case Encrypted():
            return (
                f"Access denied: {who(place)} lacks kms:Decrypt on the key with which the bucket's objects are "
                f"encrypted, or that key is disabled ({code})"
            )
        case RequesterPays():
            return (
                f"Access denied, but not to who pays: “{place.location}” is a requester-pays bucket. Tick “requester "
                "pays” in its place, if this service is to pay for what it reads"
            )
        case Archived():
            return (
                f"The bucket “{place.location}” can be listed, but its first object is archived: restore it, or move "
                "what is served to another storage class"
            )
        case Denied():
            return denied(place, cause)
        case TooLate():
            return f"{address(place)} does not answer in time; check the endpoint and the network"
        case Away() if isinstance(cause, ClientError):
            return f"S3 is busy ({code}); try again in a moment"
        case Away():
            return f"Nobody answers at {address(place)}; check the endpoint, the region and the network"
        case Misconfigured() if isinstance(cause, ClientError):
            return misconfigured(place, cause, code)
        case Misconfigured():
            return f"The place is not one that S3 has: {error}"
    return f"S3 refuses: {str(error).removeprefix(': ')}"


def misconfigured(place: Place, error: ClientError, code: str) -> str:
    if code == "NoSuchBucket":
        return f"There is no S3 bucket named “{place.location}” at {address(place)}; check the name and the endpoint"
    if code == "InvalidBucketName":
        return f"The place is not one that S3 has: {error}"
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
        f"Access denied: {who(place)} lacks s3:ListBucket on arn:aws:s3:::{place.location}; without it a missing "
        "original cannot be told from a forbidden one (in a bucket of another account, its bucket policy must allow it "
        "too)"
    )


def who(place: Place) -> str:
    return f"the role {place.role_arn}" if place.role_arn else "the service's role"


def wrong_region(place: Place, right: str) -> str:
    told = f"it is in {right}: set the region to {right}" if right else "set the region in which it was made"
    return f"The bucket “{place.location}” is not in {place.region or 'the default region'}; {told}"


def address(place: Place) -> str:
    return place.endpoint_url or f"S3 in {place.region or 'the default region'}"
