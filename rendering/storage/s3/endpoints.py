"""Endpoints of servers that are compatible with S3, such as MinIO: which are allowed, and their regions.

In networks of containers, host names may have no dot, and may have an underscore: docker compose names hosts after
services. botocore rejects an underscore.
"""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rendering import conf

from ..errors import Misconfigured, NotAllowed

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

AWS_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+", re.ASCII)
#: What botocore accepts as a region: a label of a host name.
REGION = re.compile(r"(?![0-9]+$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
LABEL = r"(?![-_])[A-Za-z0-9_-]{1,63}(?<![-_])"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*\.?")
EXAMPLE = "https://minio.example.com:9000"


def wrong_with_region(region: str, *, own_endpoint: bool) -> str:
    """What is wrong with a region, as a sentence; empty if nothing is. With an endpoint of its own, any word will
    do."""
    if own_endpoint:
        right = REGION.fullmatch(region)
        return "" if right else "With an endpoint, a region is one word of letters, digits and -: auto, garage, fr-par."
    right = AWS_REGION.fullmatch(region)
    return "" if right else "AWS's regions look like eu-central-1; any other word needs the endpoint URL of its server."


def wrong_with_endpoint(url: str) -> str:
    """What is wrong with an endpoint's URL, as a sentence; empty if nothing is."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return f"An endpoint is a URL with its scheme, https:// or http://: {EXAMPLE}"
    if re.search(r"[\s?#]", rest) or not rest.isascii() or not rest.isprintable():
        return f"An endpoint is a scheme, a host and a port, without spaces, ? or #: {EXAMPLE}"
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:  # not an IPv6 address in brackets, or not a port number
        return f"An endpoint's host is a name or an address (IPv6 in brackets), its port 1 to 65535: {EXAMPLE}"
    if "@" in parts.netloc:
        return f"An endpoint has no user and password: requests are signed with AWS credentials. Write only {EXAMPLE}"
    if port == 0 or parts.netloc.endswith(":"):
        return f"An endpoint's port is a number from 1 to 65535: {EXAMPLE}"
    if not parts.netloc.startswith("[") and (not HOST.fullmatch(host) or len(host) > 253):
        return (
            f"An endpoint's host consists of letters, digits, -, _ and dots, such as minio or s3.example.com: {EXAMPLE}"
        )
    return ""


#: S3 of AWS itself, by its public names and by those of endpoints in a VPC. Nobody else has names like these.
OF_AWS = re.compile(
    r"https://(s3|bucket\.vpce-[0-9a-z-]+\.s3)([.-](dualstack|fips))?(\.[a-z]{2,}(-[a-z]+)+-\d)?(\.vpce)?"
    r"\.amazonaws\.com(\.cn)?(:443)?/?",
    re.IGNORECASE,
)
#: Any host, by its scheme. The addresses that such a host may have are limited, in `connections.py`.
ANY = {"http": "http://*", "https": "https://*"}


def is_listed(url: str) -> bool:
    """Whether an endpoint is AWS's, or S3_ENDPOINTS names it: as it is, or by `*` for its port or for the beginning of
    its host. It is then trusted: with any address, and with this service's own credentials."""
    if OF_AWS.fullmatch(url):
        return True
    scheme, host, port = parts_of(url)
    for listed in conf.s3_endpoints():
        if listed in ANY.values():
            continue
        their_scheme, their_host, their_port = parts_of(listed)
        suffix = their_host.removeprefix("*")
        same_host = host == their_host if suffix == their_host else host.endswith(suffix) and host != suffix
        if same_host and their_scheme == scheme and their_port in (port, "*"):
            return True
    return False


def parts_of(url: str) -> tuple[str, str, str]:
    """The scheme, host and port of an endpoint; the port may be `*`, in an endpoint of S3_ENDPOINTS."""
    scheme, _, rest = url.partition("://")
    address = rest.partition("/")[0]
    host, colon, port = address.rpartition(":") if not address.endswith("]") else (address, "", "")
    if not colon:
        host, port = address, {"http": "80", "https": "443"}.get(scheme.lower(), "")
    return scheme.lower(), host.lower().removesuffix("."), port


def wrong_with_permission(url: str) -> str:
    """Why this deployment does not allow an endpoint, as a sentence; empty if it does."""
    if is_listed(url) or ANY.get(parts_of(url)[0]) in conf.s3_endpoints():
        return ""
    allowed = ", ".join(conf.s3_endpoints()) or "none but AWS's own"
    return f"This deployment does not allow the endpoint {url}; S3_ENDPOINTS says which it allows: {allowed}."


def require_allowed(url: str) -> None:
    """Raise Misconfigured for an endpoint that is no URL, NotAllowed for one that this deployment does not allow."""
    if url and (wrong := wrong_with_endpoint(url)):
        raise Misconfigured(wrong)
    if url and (wrong := wrong_with_permission(url)):
        raise NotAllowed(wrong)


def for_botocore(url: str) -> str:
    """The endpoint with a host that botocore accepts: - in place of _."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.replace("_", "-")).geturl()


def endpoint_in(error: ValueError) -> str:
    """The endpoint that botocore found in its own settings and rejected, if it is valid here; else empty."""
    url = str(error).removeprefix("Invalid endpoint: ")
    return "" if url == str(error) or wrong_with_endpoint(url) else url


def restore_host(client: "S3Client", url: str) -> None:
    """Make a client that was created with `for_botocore(url)` send its requests to the host of `url`."""
    right, stand_in = urlsplit(url).netloc, urlsplit(for_botocore(url)).netloc
    if right == stand_in:
        return

    def restore(request: Any, **kwargs: Any) -> None:
        parts = urlsplit(request.url)
        if parts.netloc.endswith(stand_in):  # the bucket's name may come before it
            request.url = parts._replace(netloc=parts.netloc.removesuffix(stand_in) + right).geturl()

    # First, because the signature that comes next covers the host.
    client.meta.events.register_first("request-created.s3", restore)
