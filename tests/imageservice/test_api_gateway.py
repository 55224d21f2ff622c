"""API Gateway's events as WSGI requests and back, without Lambda; `tests/aws` has the same under its runtime client."""

import base64
from io import BytesIO

import pytest

from imageservice import api_gateway
from tests.aws.rest_api import event


def given(target: str, method: str = "GET", body: bytes = b"", **headers):
    return api_gateway.environ(event(target, method, body, **headers))


@pytest.mark.parametrize(
    ("target", "decoded"),
    [
        ("/a/b.jpg", "/a/b.jpg"),
        ("/a/b%252Fc.jpg", "/a/b%2Fc.jpg"),
        ("/%E6%97%A5.jpg", "/日.jpg".encode().decode("latin-1")),
        ("//a//b.jpg", "//a//b.jpg"),
        ("/%ff.jpg", "/\xff.jpg"),
    ],
)
def test_the_path_is_decoded_once_and_kept_raw_beside_it(target, decoded):
    environ = given(target)
    assert (environ["RAW_URI"], environ["PATH_INFO"], environ["SCRIPT_NAME"]) == (target, decoded, "")


@pytest.mark.parametrize("target", ["/production", "/productions/one.jpg", "/production/one.jpg"])
def test_a_path_that_begins_like_the_stage_is_left_alone(target):
    assert given(target)["PATH_INFO"] == target


def test_a_client_cannot_send_what_the_server_says():
    environ = given("/a", Raw_Uri="/b", Path_Info="/b", Remote_Addr="1.2.3.4", Script_Name="/b", Request_Method="POST")
    assert (environ["RAW_URI"], environ["PATH_INFO"], environ["SCRIPT_NAME"]) == ("/a", "/a", "")
    assert environ["REQUEST_METHOD"] == "GET"


def test_a_header_with_an_underscore_does_not_pass_for_one_with_a_dash():
    asked = event("/a", X_Viewer_Host="images.example.com")
    asked["multiValueHeaders"]["X_Viewer_Host"] = ["evil.example.com"]
    asked["multiValueHeaders"]["x_origin_secret"] = ["guess"]
    environ = api_gateway.environ(asked)
    assert environ["HTTP_X_VIEWER_HOST"] == "images.example.com"
    assert "HTTP_X_ORIGIN_SECRET" not in environ


def test_repeated_headers_and_cookies_are_joined_as_http_joins_them():
    environ = given("/a", Accept=["image/avif", "image/webp;q=0.9"], Cookie=["a=1", "b=2"])
    assert (environ["HTTP_ACCEPT"], environ["HTTP_COOKIE"]) == ("image/avif, image/webp;q=0.9", "a=1; b=2")


def test_a_test_event_of_the_console_has_only_single_headers():
    asked = event("/a", Accept="image/webp")
    del asked["multiValueHeaders"]
    assert api_gateway.environ(asked)["HTTP_ACCEPT"] == "image/webp"
    asked["headers"] = None
    assert "HTTP_ACCEPT" not in api_gateway.environ(asked)


def test_the_address_is_who_asked_the_gateway_and_beside_it_whom_the_cdn_saw():
    asked = event("/a", X_Forwarded_For="6.6.6.6, 203.0.113.9, 198.51.100.7")
    environ = api_gateway.environ(asked)
    assert (environ["REMOTE_ADDR"], environ["imageservice.viewer_address"]) == ("198.51.100.7", "203.0.113.9")


def test_a_query_keeps_its_repeated_and_its_empty_names():
    assert given("/a?x=1&y=%20%26&x=2&z=")["QUERY_STRING"] == "x=1&x=2&y=+%26&z="
    assert given("/a")["QUERY_STRING"] == ""


@pytest.mark.parametrize("body", [b"name=x", b"\x00\xff", b""])
def test_a_body_arrives_as_it_was_sent(body):
    environ = given("/a", "POST", body, Content_Type="application/octet-stream", Content_Length="999")
    assert environ["wsgi.input"].read() == body
    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == (str(len(body)), "application/octet-stream")
    plain = event("/a", "POST") | {"body": "tést", "isBase64Encoded": False}
    assert api_gateway.environ(plain)["wsgi.input"].read() == "tést".encode()


class Said:
    """A WSGI answer that notes whether it was closed, as servers must."""

    closed = False

    def __iter__(self):
        return iter([b"\x00", b"\xff"])

    def close(self):
        self.closed = True


def test_an_answer_is_whole_and_in_base64_with_each_cookie_once():
    said = Said()

    def application(environ, start_response):
        assert isinstance(environ["wsgi.input"], BytesIO)
        start_response("201 Created", [("Set-Cookie", " a=1"), ("Content-Type", "x/y"), ("set-cookie", "b=2")])
        return said

    answer = api_gateway.answer(application, event("/a"))
    assert answer == {
        "statusCode": 201,
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "Content-Type": ["x/y"]},
        "body": base64.b64encode(b"\x00\xff").decode(),
        "isBase64Encoded": True,
    }
    assert said.closed


@pytest.mark.parametrize(
    "other", [{"manage": "migrate"}, {"Records": []}, {"detail-type": "Scheduled Event"}, {"command": "x.y"}, {}]
)
def test_other_events_are_no_requests(other):
    assert not api_gateway.is_request(other)
    assert api_gateway.is_request(event("/a"))
