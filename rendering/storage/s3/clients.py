"""Clients of S3: one for each role, region and endpoint, and the settings that they share."""

import json
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
import botocore
from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

from rendering import conf

from ..errors import BadCredentials, Misconfigured
from ..place import Place
from .connections import CONNECT, READ, bind
from .descriptions import new_session
from .endpoints import endpoint_in, for_botocore, is_listed, require_allowed, restore_host
from .versions import parse_timestamp

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def config(**more: Any) -> Config:
    """botocore's configuration, with short timeouts and two attempts instead of five."""
    return Config(
        connect_timeout=CONNECT, read_timeout=READ, retries={"total_max_attempts": 2, "mode": "standard"}, **more
    )


S3_CONFIG = config(
    max_pool_connections=32,
    tcp_keepalive=True,
    # The length of every body is checked. A checksum besides would make calls a sixth slower.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    # By default botocore builds this text for every request, which makes calls a ninth slower.
    user_agent=f"imageservice botocore/{botocore.__version__}",
)

_lock = threading.Lock()
_sessions: dict[tuple[str, str], boto3.Session] = {}
_clients: dict[tuple[str, str, str, str], "S3Client"] = {}


def forget() -> None:
    """Begin again as in a new process: without sessions and clients. For tests."""
    with _lock:
        _sessions.clear()
        _clients.clear()


def session(role_arn: str = "", external_id: str = "") -> boto3.Session:
    """A session with the service's own credentials or, with a role, with that role's. botocore assumes the role when
    first needed, and renews its credentials before they expire. Raises BadCredentials."""
    if (role_arn, external_id) not in _sessions:
        core = new_session()
        core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=parse_timestamp)
        if role_arn:
            own = core.get_credentials()
            if own is None:
                raise BadCredentials(f"there are no AWS credentials to assume {role_arn} with")
            # botocore keeps credentials that renew themselves in this attribute, and has no method to set it.
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
    """The client for a place. Places with the same role, region and endpoint share one, and so its connections. Clients
    are thread-safe; creating one is not. Raises BadCredentials and Misconfigured."""
    key = (place.role_arn, place.external_id, place.region, place.endpoint_url)
    require_allowed(place.endpoint_url)
    with _lock:
        if key not in _clients:
            own = session(place.role_arn, place.external_id)
            # A place may name the default region or leave it out. Both get the same client, of which a cold start makes
            # one.
            region = place.region or own.region_name or ""
            with_region = (place.role_arn, place.external_id, region, place.endpoint_url)
            if with_region not in _clients:
                _clients[with_region] = new_client(own, region, place.endpoint_url, of_bucket=bool(place.endpoint_url))
            _clients[key] = _clients[with_region]
        return _clients[key]


def new_client(own: boto3.Session, region: str, endpoint_url: str, *, of_bucket: bool) -> "S3Client":
    """A new client. Its credentials come from the environment and from AWS's own files, which may hold anything.

    An endpoint `of_bucket` was written by staff. Unless the deployment names it too, its address is checked, and it
    gets none of the service's credentials; but on a developer's machine those without a session.
    """
    endpoint = for_botocore(endpoint_url) or None
    trusted = not of_bucket or is_listed(endpoint_url)
    try:
        signed = trusted or (conf.is_local() and not has_session(own))
        settings = S3_CONFIG if signed else S3_CONFIG.merge(Config(signature_version=UNSIGNED))
        made = own.client("s3", region_name=region or None, endpoint_url=endpoint, config=settings)
        restore_host(made, endpoint_url)
        bind(made, checked=not trusted)
        return made
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:  # from a credential process
        raise BadCredentials(f"no credentials for S3: {error}") from error
    except ValueError as error:  # an endpoint that botocore rejects
        if not endpoint and (rejected := endpoint_in(error)):  # from AWS_ENDPOINT_URL, which boto3 reads itself
            return new_client(own, region, rejected, of_bucket=False)
        raise Misconfigured(f"no client for S3: {error}") from error


def has_session(own: boto3.Session) -> bool:
    """Whether the credentials are temporary: who gets a session's token has the session."""
    credentials = own.get_credentials()
    return bool(credentials and credentials.token)


def bucket_parameters(place: Place) -> dict[str, Any]:
    """The parameters that every request shares: the bucket and, for requester pays, the agreement to pay."""
    return {"Bucket": place.location, **({"RequestPayer": "requester"} if place.requester_pays else {})}
