"""Requests to the API of a CDN: short, to one host, and their failures in a sentence without secrets."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

#: Seconds to connect, and to wait for an answer: the outbox holds a lock meanwhile.
CONNECT, READ = 1.0, 3.0
#: Characters of an answer that an error shows.
SHOWN = 200


class NotPurged(Exception):
    """What was wrong, for staff and the log. It holds no secret."""


@cache
def pool() -> Any:
    import urllib3  # which only deployments with such a CDN need

    timeout = urllib3.Timeout(connect=CONNECT, read=READ)
    # Nobody is followed elsewhere: what is sent has a secret.
    return urllib3.PoolManager(timeout=timeout, retries=urllib3.Retry(connect=1, read=0, redirect=False, status=0))


def send(method: str, url: str, headers: Mapping[str, str], body: object = None) -> bytes:
    """Send a request, with the body as JSON if there is one; return the body of the answer. Raises NotPurged unless
    the answer's status is 2xx."""
    from urllib3.exceptions import HTTPError

    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    try:
        answer = pool().request(method, url, headers=dict(headers), body=content)
    except HTTPError as error:
        raise NotPurged(f"it does not answer: {type(error).__name__}") from error
    if not 200 <= answer.status < 300:
        said = answer.data[:SHOWN].decode("utf-8", "replace")
        raise NotPurged(f"it answered {answer.status}: {' '.join(said.split())}")
    data: bytes = answer.data
    return data


def split(tags: Sequence[str], most: int) -> Iterator[list[str]]:
    """The tags in groups that one request may have."""
    return (list(tags[begin : begin + most]) for begin in range(0, len(tags), most))
