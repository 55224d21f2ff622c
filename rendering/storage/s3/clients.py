"""The clients of S3: one for each role, region and endpoint."""

import json
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
import botocore
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

from ..errors import BadCredentials, Misconfigured
from ..place import Place
from .endpoints import for_botocore, of_refusal, restore_host
from .versions import moment

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
                raise BadCredentials(f"there are no AWS credentials with which to assume {role_arn}")
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
                _clients[named] = new_client(own, region, place.endpoint_url)
            _clients[key] = _clients[named]
        return _clients[key]


def new_client(own: boto3.Session, region: str, endpoint_url: str) -> "S3Client":
    """A client. It is made from what the process is told of credentials, which may be anything."""
    endpoint = for_botocore(endpoint_url) or None
    try:
        made = own.client("s3", region_name=region or None, endpoint_url=endpoint, config=S3_CONFIG)
        restore_host(made, endpoint_url)
        return made
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:  # of a process that is to give credentials
        raise BadCredentials(f"no credentials for S3: {error}") from error
    except ValueError as error:  # an endpoint's address
        if not endpoint and (asked := of_refusal(error)):  # that of AWS_ENDPOINT_URL, which boto3 reads for itself
            return new_client(own, region, asked)
        raise Misconfigured(f"no client for S3: {error}") from error


def where(place: Place) -> dict[str, Any]:
    """What every request says: the bucket, and where that is to be said, that we pay."""
    return {"Bucket": place.location, **({"RequestPayer": "requester"} if place.requester_pays else {})}
