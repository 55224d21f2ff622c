"""Endpoints of S3 that is not AWS's own, such as MinIO's, and regions as such servers have them.

Hosts in networks of containers have names without a dot, and with _: docker compose names a host for its service.
"""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

AWS_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+", re.ASCII)
#: What botocore takes for a region: a label of a host name.
REGION = re.compile(r"(?![0-9]+$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
LABEL = r"(?![-_])[A-Za-z0-9_-]{1,63}(?<![-_])"
HOST = re.compile(rf"{LABEL}(\.{LABEL})*\.?")
EXAMPLE = "https://minio.example.com:9000"


def wrong_with_region(region: str, *, own_endpoint: bool) -> str:
    """What is wrong with a region, as a sentence; empty when nothing is. Beside an endpoint it is any word."""
    if own_endpoint:
        right = REGION.fullmatch(region)
        return "" if right else "With an endpoint a region is one word of letters, digits and -: auto, garage, fr-par."
    right = AWS_REGION.fullmatch(region)
    return "" if right else "AWS writes a region like eu-central-1; another word needs the endpoint URL of its server."


def wrong_with_endpoint(url: str) -> str:
    """What is wrong with an endpoint, as a sentence; empty when nothing is."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return f"An endpoint is a URL with its scheme, https:// or http://: {EXAMPLE}"
    if re.search(r"[\s?#]", rest) or not rest.isascii() or not rest.isprintable():
        return f"An endpoint is a scheme, a host and a port, without blanks, ? and #: {EXAMPLE}"
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:  # what is in brackets is no IPv6 address, or the port no number up to 65535
        return f"An endpoint's host is a name or an address (IPv6 in brackets), its port 1 to 65535: {EXAMPLE}"
    if "@" in parts.netloc:
        return f"An endpoint has no user and password: the service signs with AWS's credentials. Write only {EXAMPLE}"
    if port == 0 or parts.netloc.endswith(":"):
        return f"An endpoint's port is a number from 1 to 65535: {EXAMPLE}"
    if not parts.netloc.startswith("[") and (not HOST.fullmatch(host) or len(host) > 253):
        return (
            f"An endpoint's host is made of letters, digits, -, _ and dots, such as minio or s3.example.com: {EXAMPLE}"
        )
    return ""


def for_botocore(url: str) -> str:
    """An endpoint under a name that botocore takes: to it, a host with _ is none."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.replace("_", "-")).geturl()


def of_refusal(error: ValueError) -> str:
    """The endpoint that botocore found in its own settings and refused, where it is one all the same; else empty."""
    url = str(error).removeprefix("Invalid endpoint: ")
    return "" if url == str(error) or wrong_with_endpoint(url) else url


def restore_host(client: "S3Client", url: str) -> None:
    """Have a client that was made `for_botocore` ask the host that is meant, and sign for it."""
    meant, asked = urlsplit(url).netloc, urlsplit(for_botocore(url)).netloc
    if meant == asked:
        return

    def restore(request: Any, **kwargs: Any) -> None:
        parts = urlsplit(request.url)
        if parts.netloc.endswith(asked):  # a bucket's name may stand before it
            request.url = parts._replace(netloc=parts.netloc.removesuffix(asked) + meant).geturl()

    # First: what is signed next is the request as it is sent.
    client.meta.events.register_first("request-created.s3", restore)
