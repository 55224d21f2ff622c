"""Connections to S3: no wait on them is longer than what remains of the request, and a server that the deployment does
not name may not be at an address within its network."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError, ReadTimeoutError
from urllib3.util import Timeout, connection

from rendering import conf, trace

from ..bulkhead import received

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

#: Seconds for connecting, and for each wait for bytes. botocore's own, a minute each, outlast every gateway.
CONNECT, READ = 1.0, 3.0
#: Seconds. urllib3 accepts no timeout of 0.
SHORTEST = 0.01
CHUNK = 64 * 1024


class Body:
    """A response of urllib3 whose `read` returns what has arrived: the time is looked at after each packet, since a
    store that sends a byte a second would never exceed a timeout."""

    def __init__(self, response: BaseHTTPResponse, pool: Any, url: str) -> None:
        self._response, self._pool, self._url = response, pool, url

    def read(self, amt: int | None = None) -> bytes:
        """At most `amt` bytes; none at the end. Without `amt`, all that are left."""
        if amt is None:
            return b"".join(self.stream())
        if trace.remaining() <= 0:
            raise ReadTimeoutError(self._pool, self._url, "The response arrives too slowly")
        chunk = self._response.read1(amt)
        received(len(chunk))
        return chunk

    def stream(self) -> Iterator[bytes]:
        while chunk := self.read(CHUNK):
            yield chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._response, name)


class WithinDeadline:
    """A pool of connections whose timeouts end with the request."""

    def urlopen(self, method: str, url: str, **more: Any) -> Body:
        left = max(trace.remaining(), SHORTEST)
        timeout = Timeout(connect=min(CONNECT, left), read=min(READ, left))
        opened = super().urlopen(method, url, **{**more, "timeout": timeout})  # type: ignore[misc]  # of the pool
        return Body(opened, self, url)


class Pool(WithinDeadline, AWSHTTPConnectionPool):  # type: ignore[misc]  # its response is wrapped
    """For http://."""


class TlsPool(WithinDeadline, AWSHTTPSConnectionPool):  # type: ignore[misc]  # likewise
    """For https://."""


class RefusedAddress(Exception):
    """A server's name stands for an address that only the deployment may name. The message is for staff."""


#: IPv6 addresses that end in an IPv4 one, which a gateway translates to (RFC 6052).
TRANSLATED = IPv6Network("64:ff9b::/96")
#: Where clouds tell a machine its credentials, besides the link-local 169.254.169.254: AWS's and Alibaba's.
METADATA = {ip_address("fd00:ec2::254"), ip_address("100.100.100.200")}


def is_permitted(text: str, *, local: bool) -> bool:
    """Whether a server that S3_ENDPOINTS does not name may have this address: a public one or, on a developer's
    machine, one of the machine or its network."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        address = embedded(address) or address
    if address in METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return address.is_global or (local and (address.is_loopback or address.is_private))


def embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


class ToPermittedAddress:
    """A connection that looks at the addresses of its host before it connects to one of them, so that no name can
    change its meaning in between. Through a proxy, it is the proxy that decides."""

    def _new_conn(self) -> socket.socket:
        if self.proxy:  # type: ignore[attr-defined]  # urllib3's, as all below
            return super()._new_conn()  # type: ignore[misc,no-any-return]
        host, port = self._dns_host, self.port  # type: ignore[attr-defined]
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(host, self, socket.gaierror(str(error))) from error  # type: ignore[arg-type]
        addresses = [str(one[4][0]) for one in found]
        if not all(is_permitted(one, local=conf.is_local()) for one in addresses):
            raise RefusedAddress(f"{host} is within this service's network; S3_ENDPOINTS has to name its endpoint")
        return self._connect(addresses, port)

    def _connect(self, addresses: list[str], port: int) -> socket.socket:
        """Connect to the first address that accepts."""
        timeout, options = self.timeout, self.socket_options  # type: ignore[attr-defined]
        try:
            for address in addresses[:-1]:
                with suppress(OSError):
                    return connection.create_connection((address, port), timeout, socket_options=options)
            return connection.create_connection((addresses[-1], port), timeout, socket_options=options)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"Connection timed out after {timeout} s") from error
        except OSError as error:
            raise NewConnectionError(self, f"Failed to connect: {error}") from error  # type: ignore[arg-type]


class CheckedConnection(ToPermittedAddress, AWSHTTPConnection):  # type: ignore[misc]  # as botocore's own
    """For http://."""


class CheckedTlsConnection(ToPermittedAddress, AWSHTTPSConnection):  # type: ignore[misc]  # likewise
    """For https://."""


class CheckedPool(Pool):
    ConnectionCls = CheckedConnection  # type: ignore[assignment]  # botocore's, not urllib3's


class CheckedTlsPool(TlsPool):
    ConnectionCls = CheckedTlsConnection  # type: ignore[assignment]  # likewise


def bind(client: "S3Client", *, checked: bool) -> None:
    """Make a new client use these pools. botocore has no setting for that; its session reads them from this dict."""
    pools = {"http": CheckedPool, "https": CheckedTlsPool} if checked else {"http": Pool, "https": TlsPool}
    client._endpoint.http_session._pool_classes_by_scheme.update(pools)  # type: ignore[attr-defined]
