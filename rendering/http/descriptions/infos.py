"""Descriptions of several pictures at once, at /-/infos/, for pages that show many."""

import binascii
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse

from ...dialects.raw_path import BadPath
from ...dialects.target import Target
from .. import delivery
from ..causes import CAUSES
from ..error_responses import error_response
from ..headers import picture_headers
from . import info

#: The most pictures of one request.
MOST = 20
#: Seconds after which no further picture is begun: each may have to be rendered.
PATIENCE = 2.0
#: Seconds for which caches keep what is complete: nothing purges it.
AGE = 60
LATER = {"error": "later", "message": "There was no time for this picture in this request; ask for it again"}


def respond(request: HttpRequest, encoded: str, target_of: Callable[[str], Target]) -> HttpResponse:
    """Respond with what /-/info/ says of each path, or the error that it gives; `target_of` reads a path. Raises
    BadPath."""
    until = time.monotonic() + PATIENCE
    found: dict[str, dict[str, Any]] = {}
    for path in read(encoded):
        found[path] = describe(request, path, target_of) if time.monotonic() < until else LATER
    response = JsonResponse(found, headers=picture_headers())
    complete = not any(one.get("error") for one in found.values())
    response["Cache-Control"] = f"public, max-age={AGE}, s-maxage={AGE}" if complete else "no-store"
    return response


def describe(request: HttpRequest, path: str, target_of: Callable[[str], Target]) -> dict[str, Any]:
    try:
        response = delivery.serve(request, target_of(path.removeprefix("/")), info.info)
    except tuple(CAUSES) as error:
        response = error_response(error)
    said: dict[str, Any] = json.loads(response.content)
    return said


def read(encoded: str) -> list[str]:
    """The paths, percent-encoded as in URLs. Raises BadPath."""
    try:
        text = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        paths = msgspec.json.decode(text, type=list[str])
    except (binascii.Error, ValueError) as error:
        raise BadPath(
            'What follows /-/infos/ is a JSON list of paths, such as ["hero/one.jpg"], in URL-safe base64'
        ) from error
    if not 1 <= len(paths) <= MOST:
        raise BadPath(f"{len(paths)} pictures were asked for; from 1 to {MOST} are allowed in one request")
    return paths
