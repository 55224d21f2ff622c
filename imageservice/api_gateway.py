"""API Gateway's REST events as WSGI requests, and WSGI's answers as what API Gateway takes back.

To Lambda this is what gunicorn is to one machine: the server. Zappa brings one too, for which this does not hold: the
raw path reaches the application, the stage's name is no part of any URL, no header passes for one that CloudFront sets,
each cookie is set once, and nothing is imported that a picture does not need.

Formats: API Gateway's manual, "Input format" and "Output format of a Lambda function for proxy integration" (REST API,
payload 1.0); PEP 3333.
"""

import base64
import sys
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: What CGI calls without HTTP_.
PLAIN = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def is_request(event: Mapping[str, Any]) -> bool:
    """Whether an event is an HTTP request; the others are schedules, S3 notifications and commands."""
    return "httpMethod" in event and "path" in event


def answer(application: Application, event: Mapping[str, Any]) -> dict[str, Any]:
    """Have the application answer one HTTP event."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        begun.append((status, headers))
        return unwritable

    said = application(environ(event), start_response)
    try:
        body = b"".join(said)
    finally:
        if hasattr(said, "close"):
            said.close()
    status, headers = begun[-1]
    return response(int(status[:3]), headers, body)


def unwritable(content: bytes) -> None:
    raise NotImplementedError("PEP 3333's write() is for old applications; Django returns its body")


def environ(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event's request as PEP 3333 has it."""
    # The path without the stage's name, as the client sent it: API Gateway does not decode it.
    raw = event["path"] or "/"
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    said = headers(event)
    addresses = [one.strip() for one in said.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return {
        **said,
        # After the headers: none of these is a client's to say.
        "REQUEST_METHOD": event["httpMethod"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw).decode("latin-1"),
        "RAW_URI": raw,
        "QUERY_STRING": urlencode(event.get("multiValueQueryStringParameters") or {}, doseq=True),
        "CONTENT_LENGTH": str(len(content)),
        # CloudFront names the viewer, API Gateway adds CloudFront; what stands before these two anybody may have sent.
        "REMOTE_ADDR": addresses[-2] if len(addresses) > 1 else addresses[0],
        "SERVER_NAME": said.get("HTTP_HOST", "lambda"),
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def headers(event: Mapping[str, Any]) -> dict[str, str]:
    """An event's headers under CGI's names, repeated ones joined as RFC 9110 5.3 joins them."""
    many = event.get("multiValueHeaders") or {name: [value] for name, value in (event.get("headers") or {}).items()}
    found = {}
    for name, values in many.items():
        # X_Viewer_Host would become the same name as X-Viewer-Host, which CloudFront sets and the client must not.
        if "_" in name:
            continue
        cgi = name.upper().replace("-", "_")
        found[cgi if cgi in PLAIN else f"HTTP_{cgi}"] = ("; " if cgi == "COOKIE" else ", ").join(values)
    return found


def response(status: int, said: Iterable[tuple[str, str]], body: bytes) -> dict[str, Any]:
    """An answer as API Gateway takes it. Every body in base64: it decodes all of them, text as well."""
    many: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for name, value in said:
        # Django writes cookies with a space before them.
        many.setdefault(names.setdefault(name.lower(), name), []).append(value.strip())
    return {
        "statusCode": status,
        "multiValueHeaders": many,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
