"""Where a request comes from: the client's address, which no client can choose, and whether it may use the admin.

`REMOTE_ADDR` is who connected. Behind proxies that is the nearest of them, and each has added to `X-Forwarded-For` whom
it saw. What stands left of that anybody may have sent. So `PROXIES` says how many there are, and only as many are
counted, from the right. Behind CloudFront, the secret that it sends vouches for the address
(`rendering/http/origin_secret.py`).
"""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from rendering.http.addresses import client_address, is_within, parse
from rendering.http.causes import AddressNotAllowed
from rendering.http.error_responses import error_response

#: What one customer of a provider has of IPv6: as many addresses as they like.
CUSTOMER = 64


class AddressMiddleware:
    """Set `REMOTE_ADDR` to the client's address, once for everything that reads it; and refuse views of the control
    plane to clients outside of ADMIN_NETWORKS. Pictures and health checks are for anybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PROXIES:
            forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            if len(forwarded) >= settings.PROXIES and forwarded != [""]:
                request.META["REMOTE_ADDR"] = forwarded[-settings.PROXIES].strip()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if view.__module__.startswith("rendering.") or is_within(client_address(request), settings.ADMIN_NETWORKS):
            return None
        response = error_response(
            AddressNotAllowed(
                f"The admin is not open to the address {client_address(request) or 'of this client'}. Come from one of "
                "its networks, such as the office's or the VPN's; its operator can add others to ADMIN_NETWORKS"
            )
        )
        response["Cache-Control"] = "no-store"
        return response


def customer(request: HttpRequest) -> str | None:
    """The address by which failures are counted; of IPv6 the customer's network. None where it is not known."""
    return customer_of(request.META.get("REMOTE_ADDR", "")) or None


def customer_of(address: str) -> str:
    found = parse(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, CUSTOMER), strict=False).network_address)
    return str(found) if found else ""
