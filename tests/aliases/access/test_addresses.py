"""The client's address, which no client chooses; and the networks from which the control plane may be used."""

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from aliases.access.addresses import AddressMiddleware, customer
from rendering.http.addresses import client_address, is_within
from tests.aliases.control_plane import PATTERNS, url

pytestmark = pytest.mark.django_db


def seen(settings, proxies: int, peer: str, *forwarded: str) -> str:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": ", ".join(forwarded)})
    AddressMiddleware(lambda request: request)(request)  # type: ignore[arg-type, return-value]  # it only passes on
    return client_address(request)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, (), "192.0.2.9"),
        (0, ("203.0.113.1",), "192.0.2.9"),
        (1, ("203.0.113.1",), "203.0.113.1"),
        (1, ("6.6.6.6", "203.0.113.1"), "203.0.113.1"),
        (2, ("6.6.6.6", "203.0.113.1", "198.51.100.1"), "203.0.113.1"),
        (2, ("198.51.100.1",), "192.0.2.9"),  # it passed by one of them
        (1, (), "192.0.2.9"),
        (1, ("203.0.113.1:4711",), "203.0.113.1"),
        (1, ("[2001:db8::1]:4711",), "2001:db8::1"),
        (1, ("2001:DB8:0::1",), "2001:db8::1"),
        (1, ("::ffff:203.0.113.1",), "203.0.113.1"),
        (1, ("0:0:0:0:0:ffff:cb00:7101",), "203.0.113.1"),
        (1, ("[::ffff:203.0.113.1]:4711",), "203.0.113.1"),
        (1, ("203.0.113.001",), ""),  # is it octal?
        (1, ("203.0.113.1 6.6.6.6",), ""),
        (1, ("fe80::1%203.0.113.1",), "fe80::1"),
        (1, ("6.6.6.6", "unknown"), ""),
        (1, ("6.6.6.6", ""), ""),
    ],
)
def test_only_what_our_own_proxies_saw_counts(settings, proxies, forwarded, expected):
    assert seen(settings, proxies, "192.0.2.9", *forwarded) == expected


def test_on_a_socket_without_addresses_none_is_known(settings):
    assert seen(settings, 0, "") == ""


def test_failures_are_counted_by_customer_which_has_many_addresses_of_ipv6():
    def counted(address: str) -> str | None:
        return customer(RequestFactory().get("/", REMOTE_ADDR=address))

    assert counted("2001:db8:1:2:3::4") == counted("2001:db8:1:2:ffff::1") == "2001:db8:1:2::"
    assert counted("2001:db8:1:3::1") != counted("2001:db8:1:2::1")
    assert (counted("203.0.113.1"), counted("")) == ("203.0.113.1", None)


@pytest.mark.parametrize(
    ("address", "networks", "expected"),
    [
        ("203.0.113.1", [], True),
        ("", [], True),
        ("", ["0.0.0.0/0", "::/0"], False),
        ("203.0.113.1", ["203.0.113.0/24"], True),
        ("203.0.114.1", ["203.0.113.0/24", "198.51.100.7/32"], False),
        ("::ffff:203.0.113.1", ["203.0.113.0/24"], True),
        ("2001:db8::1", ["203.0.113.0/24", "2001:db8::/32"], True),
        ("2001:db9::1", ["0.0.0.0/0"], False),
    ],
)
def test_an_address_is_within_one_of_the_networks(address, networks, expected):
    assert is_within(address, networks) == expected


@pytest.mark.parametrize("method", ["get", "post"])
def test_from_elsewhere_no_page_of_the_control_plane_answers_and_from_there_all_do(settings, alias, method):
    settings.ADMIN_NETWORKS = ["203.0.113.0/24"]
    rows = dict.fromkeys(
        ("alias", "bucket", "publication", "change", "user", "group", "outbox", "auditentry"), alias.pk
    )
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    for name in PATTERNS:
        refused = getattr(client, method)(url(name, rows), headers={"X-Forwarded-For": "203.0.113.1"})
        assert refused.status_code == 403, name
        assert refused.json()["error"] == "address_not_allowed"
        assert "not open to the address 127.0.0.1" in refused.json()["message"]
        assert refused["Cache-Control"] == "no-store"
    assert client.get("/healthz").status_code == 200
    assert client.get("/profile-image/ios/cat.jpg").status_code == 503  # there is no catalogue yet
    assert client.get("/admin/", REMOTE_ADDR="203.0.113.1").status_code == 200
