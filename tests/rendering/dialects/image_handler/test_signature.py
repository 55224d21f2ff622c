"""URLs of AWS's image handler with a signature, or that expire."""

import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from msgspec.structs import replace

from rendering.dialects.image_handler.signature import sign
from tests.drawings import drawn, opened
from tests.rendering.dialects.image_handler.urls import KEY, url
from tests.service import Service
from tests.values import KEYS

OLDER, CURRENT = "an-older-key-of-the-team", "the-key-in-secrets-manager"


@pytest.fixture
def signing(handler: Service, settings) -> Service:
    """A service that answers signed URLs alone."""
    settings.SECURITY_KEY, settings.SECURITY_KEY_FALLBACKS = CURRENT, [OLDER]
    settings.ALLOW_UNSAFE_URL = False
    handler.bucket = replace(handler.bucket, unsafe_allowed=False)
    handler.publish()
    return handler


def signed(path: str, query: str = "", key: str = CURRENT, text: str = "") -> str:
    said = text or (f"{path}?{query}" if query else path)
    return f"{path}?{query}{'&' if query else ''}signature={sign(key, said)}"


def test_it_is_the_hmac_that_awss_function_compares():
    assert sign("key", "/fit-in/a.jpg") == hmac.new(b"key", b"/fit-in/a.jpg", sha256).hexdigest()


@pytest.mark.parametrize("key", [CURRENT, OLDER])
@pytest.mark.parametrize("path", [f"/fit-in/60x40/{KEY}", url({"resize": {"width": 60}})])
def test_a_signed_url_is_answered_where_unsigned_ones_are_not_and_its_picture_is_kept(signing, key, path):
    response = signing.get(signed(path, key=key))
    assert (response.status_code, opened(response).size) == (200, (60, 40))
    assert len(signing.kept()) == 1
    assert signing.get(path).json()["error"] == "unsafe_not_allowed"


def test_the_query_is_signed_sorted_and_decoded_or_as_it_is_sent(signing):
    path = f"/{KEY}"
    asked = signed(path, "width=60&format=webp", text=f"{path}?format=webp&width=60")
    assert signing.get(asked)["Content-Type"] == "image/webp"
    escaped = signed(path, "%66it=fill&width=30&height=30", text=f"{path}?fit=fill&height=30&width=30")
    assert opened(signing.get(escaped)).size == (30, 30)
    assert signing.get(signed(path, "%66it=fill")).status_code == 200


def test_a_signature_of_the_path_alone_says_nothing_of_edits(signing):
    path = f"/fit-in/60x40/{KEY}"
    only_path = signed(path).partition("?")[2]
    assert signing.get(f"{path}?utm_source=mail&{only_path}").status_code == 200
    for query in ("width=9", "format=webp", "expires=20990101T000000Z"):
        response = signing.get(f"{path}?{query}&{only_path}")
        assert (response.status_code, response.json()["error"]) == (403, "wrong_signature")


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("format=webp&width=60", "format=webp%26width%3D60"),
        ("fit=fill&width=60", "fit=fill%26width%3D60"),
        ("width=60", "width=60&width=90"),
    ],
)
def test_a_signature_of_one_query_is_none_of_another(signing, said, sent):
    path = f"/{KEY}"
    response = signing.get(f"{path}?{sent}&signature={sign(CURRENT, f'{path}?{said}')}")
    assert response.json()["error"] == "wrong_signature"


@pytest.mark.parametrize("wrong", ["", "0" * 64, "abc", "é", "%FF", "a" * 10_000])
def test_a_wrong_signature_is_refused_also_where_unsigned_urls_are_answered(handler, settings, wrong):
    settings.SECURITY_KEY = CURRENT
    response = handler.get(f"/{KEY}?signature={wrong}")
    assert response.status_code == (403 if wrong else 200)


@pytest.mark.parametrize("key", KEYS)
def test_any_key_may_be_signed(signing, key):
    signing.put(key, drawn())
    path = "/" + b64encode(json.dumps({"key": key}, ensure_ascii=False).encode()).decode()
    assert signing.get(signed(path)).status_code == 200
    # Clients may escape what they signed unescaped.
    assert signing.get(f"{path.replace('=', '%3D')}?signature={sign(CURRENT, path)}").status_code == 200
    assert signing.get(f"{path}?signature={sign(CURRENT, path + 'x')}").json()["error"] == "wrong_signature"


def test_a_path_that_was_signed_decoded_is_no_other_path(signing):
    signing.put("a%20b.jpg", drawn())
    signing.put("a b.jpg", drawn())
    of_the_other = sign(CURRENT, "/a%20b.jpg")
    assert signing.get(f"/a%20b.jpg?signature={of_the_other}").status_code == 200
    assert signing.get(f"/a%2520b.jpg?signature={of_the_other}").json()["error"] == "wrong_signature"


def test_a_query_that_was_signed_is_no_part_of_a_key(signing):
    signing.put(f"{KEY}?width=60", drawn())
    of_the_query = sign(CURRENT, f"/{KEY}?width=60")
    assert signing.get(f"/{KEY}?width=60&signature={of_the_query}").status_code == 200
    path = f"/{KEY}%3Fwidth=60"
    assert signing.get(f"{path}?signature={of_the_query}").json()["error"] == "wrong_signature"
    assert signing.get(signed(path)).status_code == 200


# --- Until when


def moment(**ahead: int) -> str:
    return f"{datetime.now(UTC) + timedelta(**ahead):%Y%m%dT%H%M%SZ}"


def test_until_it_expires_a_url_is_answered_and_no_cache_keeps_it_longer(handler):
    response = handler.get(f"/{KEY}?expires={moment(hours=1)}")
    assert response.status_code == 200
    age = int(response["Cache-Control"].partition("max-age=")[2])
    assert 3000 < age <= 3600


def test_once_it_has_expired_it_is_gone(handler):
    response = handler.get(f"/{KEY}?expires={moment(seconds=-5)}")
    assert (response.status_code, response.json()["error"]) == (410, "expired")


@pytest.mark.parametrize("text", ["", "tomorrow", "20300102", "20301302T000000Z", "20300102T120304", "9" * 500])
def test_what_is_no_moment_is_refused_with_one_that_is(handler, text):
    response = handler.get(f"/{KEY}?expires={text}")
    assert (response.status_code, "such as 20300102T120304Z" in response.json()["message"]) == (400, True)


@pytest.mark.parametrize("text", ["00010101T000000Z", "19690101T000000Z", "99991231T235959Z"])
def test_moments_at_either_end(handler, text):
    assert handler.get(f"/{KEY}?expires={text}").status_code == (200 if text.startswith("9999") else 410)
