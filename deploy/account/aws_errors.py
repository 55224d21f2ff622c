"""Errors of AWS, explained to the person who deploys, with what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions
from botocore.exceptions import ClientError

from ..stages import Refused

#: For AWS's error codes, what to do.
SENTENCES = {
    "ExpiredToken": "The session with AWS has expired; sign in again (aws sso login, or new keys) and run this again",
    "ExpiredTokenException": "The session with AWS has expired; sign in again and run this again",
    "RequestExpired": "AWS finds the request too old; set this machine's clock and run this again",
    "InvalidClientTokenId": "AWS does not know these credentials; check AWS_ACCESS_KEY_ID or AWS_PROFILE",
    "UnrecognizedClientException": "AWS does not know these credentials; check AWS_ACCESS_KEY_ID or AWS_PROFILE",
    "SignatureDoesNotMatch": "AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID",
    **dict.fromkeys(
        (
            "LimitExceeded",
            "LimitExceededException",
            "ServiceQuotaExceededException",
            "TooManyBuckets",
            "CodeStorageExceededException",
        ),
        "The account has as many as AWS allows it; remove what is not needed, or ask for more (Service Quotas), and "
        "run this again",
    ),
    "TooManyRequestsException": "AWS is asked too often at the moment; wait a minute and run this again",
    "Throttling": "AWS is asked too often at the moment; wait a minute and run this again",
    "AccessDenied": "These credentials may not do this; use ones that may deploy (docs/deploying.md lists the rights)",
    "AccessDeniedException": "These credentials may not do this; use ones that may deploy (docs/deploying.md)",
}


@contextmanager
def explain_aws_errors() -> Iterator[None]:
    """Turn errors of AWS into Refused, with a sentence that says what to do."""
    try:
        yield
    except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError):
        raise Refused(
            "There are no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        ) from None
    except exceptions.ProfileNotFound as error:
        raise Refused(f"{error}; AWS_PROFILE names one of ~/.aws/config") from None
    except (exceptions.SSOTokenLoadError, exceptions.UnauthorizedSSOTokenError, exceptions.TokenRetrievalError):
        raise Refused("The session with AWS has expired; run aws sso login, then this again") from None
    except exceptions.EndpointConnectionError as error:
        raise Refused(f"AWS cannot be reached: {error}") from None
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code not in SENTENCES:
            raise Refused(f"AWS refused {error.operation_name}: {error}") from None
        raise Refused(f"{SENTENCES[code]} ({error.operation_name}: {code})") from None
