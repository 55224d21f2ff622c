"""What S3's and boto3's errors mean here. The one place where they become those of `storage/errors.py`.

The codes are those of docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and of stores that speak S3. Only a
bare refusal, `AccessDenied` without more, may stand for a missing object: whatever is wrong with our credentials,
clock, account or keys has a code, and is told as what it is.
"""

import contextlib
import http.client
import json
import re
from collections.abc import Iterator

import urllib3.exceptions
from botocore import exceptions as botocore_errors
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.parsers import ResponseParserError

from rendering.imaging.errors import UnsupportedFormat

from ..content_encoding import TOO_MANY
from ..errors import (
    Archived,
    Away,
    BadCredentials,
    Changed,
    ClosedAccount,
    Denied,
    Encrypted,
    Misconfigured,
    Missing,
    Nonsense,
    RequesterPays,
    StorageError,
    TooLate,
    WrongClock,
)


class NotModified(StorageError):
    code = "storage_not_modified"


#: S3's error codes, by what they mean here; numbers are the statuses of answers without a code, as to HEAD.
CODES: dict[type[StorageError], str] = {
    # A name that the store gives to no object is one under which there is none.
    Missing: "404 NotFound NoSuchKey KeyTooLongError KeyTooLong InvalidURI InvalidObjectName XMinioInvalidObjectName",
    NotModified: "304 NotModified",
    Changed: "412 PreconditionFailed ConditionalRequestConflict",
    Archived: "InvalidObjectState ObjectNotInActiveTierError",
    Denied: "403 Forbidden AccessDenied",
    BadCredentials: "401 Unauthorized InvalidAccessKeyId InvalidClientTokenId SignatureDoesNotMatch ExpiredToken "
    "ExpiredTokenException InvalidToken TokenRefreshRequired InvalidSecurity MissingSecurityHeader "
    "CredentialsNotSupported IncompleteSignature MissingAuthenticationToken MissingAuthenticationTokenException "
    "UnrecognizedClientException InvalidSignatureException AuthFailure AuthorizationHeaderMalformed",
    WrongClock: "RequestTimeTooSkewed RequestExpired",
    ClosedAccount: "AccountProblem NotSignedUp AllAccessDisabled OptInRequired SubscriptionRequiredException "
    "InvalidPayer UserSuspended",
    Encrypted: "ServerSideEncryptionConfigurationNotFoundError InvalidEncryptionAlgorithmError",
    Misconfigured: "301 307 308 NoSuchBucket InvalidBucketName PermanentRedirect TemporaryRedirect Redirect "
    "IllegalLocationConstraintException IncorrectEndpoint NoSuchAccessPoint InvalidAccessPoint",
    Away: "429 503 SlowDown ServiceUnavailable Throttling ThrottlingException TooManyRequests RequestLimitExceeded "
    "RequestThrottled BandwidthLimitExceeded InternalError",
    TooLate: "408 504 RequestTimeout GatewayTimeout",
}
MEANING = {code: meaning for meaning, codes in CODES.items() for code in codes.split()}

#: What we ask of S3; whatever else botocore asks, of STS or SSO, is for our credentials.
OPERATIONS = frozenset({"HeadObject", "GetObject", "PutObject", "DeleteObject", "ListObjectsV2", "HeadBucket"})

CREDENTIALS = (
    botocore_errors.NoCredentialsError,
    botocore_errors.PartialCredentialsError,
    botocore_errors.CredentialRetrievalError,
    botocore_errors.MetadataRetrievalError,
    botocore_errors.UnknownCredentialError,
    botocore_errors.RefreshWithMFAUnsupportedError,
    botocore_errors.ProfileNotFound,
    botocore_errors.ConfigNotFound,
    botocore_errors.ConfigParseError,
    botocore_errors.InvalidConfigError,
    botocore_errors.NoAuthTokenError,
    botocore_errors.TokenRetrievalError,
    botocore_errors.SSOError,
    botocore_errors.LoginError,
    botocore_errors.MissingDependencyException,
    json.JSONDecodeError,  # of a credential process; S3 itself speaks XML
)


@contextlib.contextmanager
def errors(key: str) -> Iterator[None]:
    """Turn what boto3 raises into the error of `storage/errors.py` that says the cause."""
    try:
        yield
    except ClientError as error:
        raise meaning_of(error)(f"{key}: {error.operation_name}: {error}") from error
    except (botocore_errors.ReadTimeoutError, botocore_errors.ConnectTimeoutError) as error:
        raise TooLate(f"{key}: {error}") from error
    except CREDENTIALS as error:
        raise BadCredentials(f"{key}: {error}") from error
    except RecursionError as error:  # botocore follows a redirect by asking where to, which is redirected too
        raise Misconfigured(f"{key}: redirected for ever") from error
    except RuntimeError as error:
        if "credentials" not in str(error):
            raise
        raise BadCredentials(f"{key}: {error}") from error  # renewed by botocore, and expired all the same
    except (botocore_errors.ResponseStreamingError, botocore_errors.IncompleteReadError) as error:
        raise Nonsense(f"{key}: {error}") from error
    except botocore_errors.SSLError as error:  # a certificate that is not the endpoint's
        raise Misconfigured(f"{key}: {error}") from error
    except urllib3.exceptions.HTTPError as error:  # of a body, whatever botocore does not know
        raise Nonsense(f"{key}: {error}") from error
    except HTTPClientError as error:
        if isinstance(error.kwargs.get("error"), urllib3.exceptions.DecodeError):  # also where nobody reads the body
            raise UnsupportedFormat(TOO_MANY) from error
        if isinstance(error.kwargs.get("error"), RecursionError):  # a redirect likewise, where it happens to run out
            raise Misconfigured(f"{key}: redirected for ever") from error
        raise Away(f"{key}: {error}") from error
    except (botocore_errors.ConnectionError, OSError, http.client.HTTPException) as error:
        raise Away(f"{key}: {error}") from error
    except ResponseParserError as error:
        raise Nonsense(f"{key}: {error}") from error
    except BotoCoreError as error:  # a bucket's name, an endpoint's address
        raise Misconfigured(f"{key}: {error}") from error
    except ValueError as error:  # a header that is no number or no time
        raise Nonsense(f"{key}: {error}") from error


def meaning_of(error: ClientError) -> type[StorageError]:
    code, status, message = code_of(error), status_of(error), str(error.response.get("Error", {}).get("Message", ""))
    meaning = MEANING.get(code) or (Away if status >= 500 else Nonsense)
    if code.startswith("KMS"):
        return Away if "Throttling" in code or status >= 500 else Encrypted
    if error.operation_name not in OPERATIONS:
        if "Signature expired" in message or "Signature not yet current" in message:  # STS has no code for it
            return WrongClock
        return meaning if meaning in (Away, TooLate, WrongClock, ClosedAccount) else BadCredentials
    if code == "AuthorizationHeaderMalformed" and "region" in message:
        return Misconfigured
    if code in ("AccessDenied", "InvalidRequest", "InvalidArgument"):
        return reason(message) or meaning
    return meaning


def reason(message: str) -> type[StorageError] | None:
    """What the message of a refusal says beyond its code. The object's name in it is not read: visitors choose that."""
    said = re.sub(r"\"arn:[\w-]*:s3:.*\"|arn:[\w-]*:s3:\S*", "", message, flags=re.DOTALL)
    if re.search(r"\bkms\b|ciphertext|server.side.encryption|customer (master|managed) key", said, re.IGNORECASE):
        return Encrypted
    if re.search(r"request(er)?[ -]?pay", said, re.IGNORECASE):
        return RequesterPays
    return None


def code_of(error: ClientError) -> str:
    """S3's word for what is wrong; the status, as digits, where there is none."""
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


#: What stands for a code in answers to HEAD that may mean anything of what S3 refuses with a code.
BARE = frozenset({"400", "401", "403", "404"})


def bare(error: StorageError) -> bool:
    """Whether S3 refused without a word why: an answer to HEAD has no body, hence no code."""
    cause = error.__cause__
    return isinstance(cause, ClientError) and code_of(cause) in BARE


def about_condition(error: StorageError) -> bool:
    """Whether a conditional request may have failed for its condition: because it did not hold, or because the store
    has no conditions, or none of that kind."""
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        return False
    return status_of(cause) in (412, 501) or (status_of(cause) == 400 and isinstance(error, Nonsense))
