"""Connections to S3: no wait on them is longer than what remains of the request."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSHTTPConnectionPool, AWSHTTPSConnectionPool
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Timeout

from rendering import trace

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


def bound(client: "S3Client") -> None:
    """Make a new client use these pools. botocore has no setting for that; its session reads them from this dict."""
    client._endpoint.http_session._pool_classes_by_scheme.update(http=Pool, https=TlsPool)  # type: ignore[attr-defined]
