"""A webhook: any other cache is told by a program of the deployment's own, which can trust what is signed.

The request is a POST of `{"tags": [...], "reference": "..."}`. `X-Signature` is `t=<seconds>,v1=<hex>`: the
HMAC-SHA256 of the seconds since 1970, a dot and the body, by PURGE_WEBHOOK_KEY. A receiver that refuses old times
cannot be sent the same request later by somebody else.
"""

import hmac
import json
import time

from django.conf import settings

from .http import send


def purge(tags: list[str], reference: str) -> None:
    """Raises NotPurged."""
    body = json.dumps({"tags": tags, "reference": reference}).encode()
    signature = sign(body, int(time.time()))
    send("POST", settings.PURGE_WEBHOOK_URL, {"Content-Type": "application/json", "X-Signature": signature}, body)


def sign(body: bytes, seconds: int) -> str:
    mac = hmac.new(settings.PURGE_WEBHOOK_KEY.encode(), f"{seconds}.".encode() + body, "sha256")
    return f"t={seconds},v1={mac.hexdigest()}"
