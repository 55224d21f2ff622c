"""Addresses of clients: read from text, and looked for in networks."""

import ipaddress
import re
from collections.abc import Iterable

from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PORT = re.compile(r"\[(?P<six>[^\]]*)\](?::[0-9]+)?|(?P<four>[0-9.]+):[0-9]+")


def client_address(request: HttpRequest) -> str:
    """The client's address in its usual spelling; empty where it is not known, as on a Unix socket."""
    found = parse(request.META.get("REMOTE_ADDR", ""))
    return str(found) if found else ""


def parse(text: str) -> Address | None:
    """An address, with or without a port; None if it is none. IPv4 within IPv6 is IPv4."""
    if ported := PORT.fullmatch(text):
        text = ported["six"] or ported["four"] or ""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether an address is in one of the networks, or there are none. One that is not known is in none."""
    if not networks:
        return True
    found = parse(address)
    return found is not None and any(found in ipaddress.ip_network(network) for network in networks)
