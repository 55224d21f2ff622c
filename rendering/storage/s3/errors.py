"""Turns errors of S3 and boto3 into those of `rendering/storage/errors.py`. No other module does.

The codes are those of docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and of compatible stores. A plain
`AccessDenied` may mean that the object is missing. Trouble with credentials, clock, account or encryption keys has
codes of its own, and errors of its own here.
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
    NotAllowed,
    RequesterPays,
    StorageError,
    TooLate,
    WrongClock,
)
from .connections import RefusedAddress


class NotModified(StorageError):
    code = "storage_not_modified"


#: The error codes of S3 for each error here. Numbers are the statuses of responses without a code, such as to HEAD.
CODES: dict[type[StorageError], str] = {
    # If a store allows no object of that name, there is none.
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

#: What the service asks of S3. Any other operation is botocore's, asking STS or SSO for credentials.
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
    json.JSONDecodeError,  # from a credential process; S3 itself sends XML
)


@contextlib.contextmanager
def errors(key: str) -> Iterator[None]:
    """Turn what boto3 raises into a StorageError that names the cause. Messages begin with `key`."""
    try:
        yield
    except ClientError as error:
        raise meaning_of(error)(f"{key}: {error.operation_name}: {error}") from error
    except (botocore_errors.ReadTimeoutError, botocore_errors.ConnectTimeoutError) as error:
        raise TooLate(f"{key}: {error}") from error
    except CREDENTIALS as error:
        raise BadCredentials(f"{key}: {error}") from error
    except RecursionError as error:  # botocore asks where a redirect leads, and that is redirected too
        raise Misconfigured(f"{key}: redirected in a loop") from error
    except RuntimeError as error:
        if "credentials" not in str(error):
            raise
        raise BadCredentials(f"{key}: {error}") from error  # botocore renewed them, and they are expired
    except (
        botocore_errors.ResponseStreamingError,
        botocore_errors.IncompleteReadError,
        botocore_errors.FlexibleChecksumError,
    ) as error:
        raise Nonsense(f"{key}: {error}") from error
    except botocore_errors.SSLError as error:  # for one, the certificate is for another host
        raise Misconfigured(f"{key}: {error}") from error
    except urllib3.exceptions.HTTPError as error:  # while reading a body; botocore wraps only some
        raise Nonsense(f"{key}: {error}") from error
    except HTTPClientError as error:
        if isinstance(error.kwargs.get("error"), urllib3.exceptions.DecodeError):  # even if the body is not read
            raise UnsupportedFormat(TOO_MANY) from error
        if isinstance(error.kwargs.get("error"), RefusedAddress):
            raise NotAllowed(f"{error.kwargs['error']}.") from error
        if isinstance(error.kwargs.get("error"), RecursionError):  # redirects again, in another place
            raise Misconfigured(f"{key}: redirected in a loop") from error
        raise Away(f"{key}: {error}") from error
    except (botocore_errors.ConnectionError, OSError, http.client.HTTPException) as error:
        raise Away(f"{key}: {error}") from error
    except ResponseParserError as error:
        raise Nonsense(f"{key}: {error}") from error
    except BotoCoreError as error:  # a bucket's name, an endpoint's address
        raise Misconfigured(f"{key}: {error}") from error
    except ValueError as error:  # a header that should be a number or a time
        raise Nonsense(f"{key}: {error}") from error


def meaning_of(error: ClientError) -> type[StorageError]:
    """The StorageError for a response of S3 or STS, by its code, its status and, for a few codes, its message."""
    code, status, message = code_of(error), status_of(error), str(error.response.get("Error", {}).get("Message", ""))
    meaning = MEANING.get(code) or (Away if status >= 500 else Nonsense)
    if code.startswith("KMS"):
        return Away if "Throttling" in code or status >= 500 else Encrypted
    if error.operation_name not in OPERATIONS:
        if "Signature expired" in message or "Signature not yet current" in message:  # STS has no code for that
            return WrongClock
        return meaning if meaning in (Away, TooLate, WrongClock, ClosedAccount) else BadCredentials
    if code == "AuthorizationHeaderMalformed" and "region" in message:
        return Misconfigured
    if code in ("AccessDenied", "InvalidRequest", "InvalidArgument"):
        return reason(message) or meaning
    return meaning


def reason(message: str) -> type[StorageError] | None:
    """The cause that a message names beyond its code. Skips the object's name, which visitors choose."""
    text = re.sub(r"\"arn:[\w-]*:s3:.*\"|arn:[\w-]*:s3:\S*", "", message, flags=re.DOTALL)
    if re.search(r"\bkms\b|ciphertext|server.side.encryption|customer (master|managed) key", text, re.IGNORECASE):
        return Encrypted
    if re.search(r"request(er)?[ -]?pay", text, re.IGNORECASE):
        return RequesterPays
    return None


def code_of(error: ClientError) -> str:
    """S3's error code; for a response without one, the status in digits."""
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


#: Codes of responses to HEAD, which has no body: a status alone, which may mean many things.
STATUS_ONLY = frozenset({"400", "401", "403", "404"})


def is_unexplained(error: StorageError) -> bool:
    """Whether S3 refused without an error code, as it does to HEAD."""
    cause = error.__cause__
    return isinstance(cause, ClientError) and code_of(cause) in STATUS_ONLY


def is_about_condition(error: StorageError) -> bool:
    """Whether a conditional request may have failed because of its condition: it did not hold, or the store does not
    support it."""
    cause = error.__cause__
    if not isinstance(cause, ClientError):
        return False
    return status_of(cause) in (412, 501) or (status_of(cause) == 400 and isinstance(error, Nonsense))
