"""What is wrong with an S3 bucket, in words: for the admin's "Test this bucket"."""

from botocore import exceptions as botocore_errors
from botocore.exceptions import BotoCoreError, ClientError

from .s3 import askable, client
from .stores import Denied, Place, Probe

CREDENTIALS = ("InvalidAccessKeyId", "InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken")


def probe_s3(place: Place) -> Probe:
    """List a few keys and read the first byte of one, as the data plane would."""
    try:
        found = client(place).list_objects_v2(Bucket=place.location, Prefix=place.prefix, MaxKeys=30)
        elsewhere = region_of(place)
        if place.region and elsewhere and elsewhere != place.region:
            return Probe(False, wrong_region(place, elsewhere))
        keys = askable(place, found)
        if not keys:
            what = f"nothing begins with “{place.prefix}”" if place.prefix else "it is empty"
            return Probe(True, f"The bucket “{place.location}” can be listed, but {what}; put an original into it")
        client(place).get_object(Bucket=place.location, Key=place.prefix + keys[0], Range="bytes=0-0")
    except ClientError as error:
        return Probe(False, sentence(place, error))
    except botocore_errors.NoCredentialsError:
        return Probe(False, "The service has no AWS credentials; give its function or machine a role")
    except Denied as error:
        return Probe(False, f"The role cannot be assumed: {error}")
    except (botocore_errors.ConnectTimeoutError, botocore_errors.ReadTimeoutError):
        return Probe(False, f"{address(place)} does not answer in time; check the endpoint and the network")
    except botocore_errors.EndpointConnectionError:
        return Probe(False, f"Nobody answers at {address(place)}; check the endpoint, the region and the network")
    except (BotoCoreError, ValueError) as error:
        return Probe(False, f"The place is not one that S3 has: {error}")
    return Probe(
        True,
        f"The bucket “{place.location}” can be listed and read",
        tuple(keys[:12]),
    )


def region_of(place: Place) -> str:
    """Where the bucket is. boto3 follows S3's redirect to the right region, at the price of a request each time: only
    asking shows it."""
    try:
        return client(place).head_bucket(Bucket=place.location).get("BucketRegion", "")
    except ClientError:
        return ""


def sentence(place: Place, error: ClientError) -> str:
    """The cause of S3's or STS's refusal, and what to change."""
    code = error.response.get("Error", {}).get("Code", "")
    if error.operation_name == "AssumeRole":
        return (
            f"The role {place.role_arn} cannot be assumed ({code}). The service's own policy must allow sts:AssumeRole "
            "on it, and the role's trust policy must name the service's role"
            + (" with this external id" if place.external_id else "")
        )
    if code == "NoSuchBucket":
        return f"There is no S3 bucket named “{place.location}” at {address(place)}; check the name and the endpoint"
    if code in CREDENTIALS:
        return f"AWS does not accept the service's credentials ({code}); give its function or machine a valid role"
    if code in ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"):
        headers = error.response["ResponseMetadata"].get("HTTPHeaders", {})
        right = headers.get("x-amz-bucket-region") or str(error.response.get("Error", {}).get("Region", ""))
        return wrong_region(place, right)
    if error.response["ResponseMetadata"].get("HTTPStatusCode") == 403:
        return denied(place, error.operation_name, str(error))
    return f"S3 refuses: {error}"


def denied(place: Place, operation: str, message: str) -> str:
    who = f"the role {place.role_arn}" if place.role_arn else "the service's role"
    if "kms" in message.lower():
        return f"Access denied: {who} lacks kms:Decrypt on the key with which the bucket's objects are encrypted"
    if operation == "GetObject":
        return (
            f"Access denied: {who} lacks s3:GetObject on arn:aws:s3:::{place.location}/{place.prefix}* "
            "(in its policy, or, for a bucket of another account, also in the bucket's policy)"
        )
    return (
        f"Access denied: {who} lacks s3:ListBucket on arn:aws:s3:::{place.location}; without it a missing original "
        "cannot be told from a forbidden one (in a bucket of another account, its bucket policy must allow it too)"
    )


def wrong_region(place: Place, right: str) -> str:
    told = f"it is in {right}: set the region to {right}" if right else "set the region in which it was made"
    return f"The bucket “{place.location}” is not in {place.region or 'the default region'}; {told}"


def address(place: Place) -> str:
    return place.endpoint_url or f"S3 in {place.region or 'the default region'}"
