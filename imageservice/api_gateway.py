"""The WSGI server on Lambda: turns events of API Gateway's REST APIs into requests, and responses into its format.

Unlike Zappa's, it passes the raw path on, keeps the stage's name out of URLs, lets no client header pass for one that
CloudFront sets, sets each cookie once, and imports nothing that pictures do not need.

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

#: Headers without the prefix HTTP_ in CGI.
PLAIN = {"CONTENT_TYPE", "CONTENT_LENGTH"}


def is_request(event: Mapping[str, Any]) -> bool:
    """Whether an event is an HTTP request, and not a schedule, an S3 notification or a command."""
    return "httpMethod" in event and "path" in event


def answer(application: Application, event: Mapping[str, Any]) -> dict[str, Any]:
    """Have the application respond to an HTTP event. Returns the response as API Gateway expects it."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        started.append((status, headers))
        return write

    chunks = application(environ(event), start_response)
    try:
        body = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    status, headers = started[-1]
    return response(int(status[:3]), headers, body)


def write(content: bytes) -> None:
    raise NotImplementedError(
        "write() is not supported: it is for old applications (PEP 3333), and Django returns its body"
    )


def environ(event: Mapping[str, Any]) -> dict[str, Any]:
    """The WSGI environ (PEP 3333) of an event."""
    # The path as the client sent it, without the stage's name. API Gateway does not decode it.
    raw = event["path"] or "/"
    body = event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    sent = headers(event)
    addresses = [one.strip() for one in sent.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return {
        **sent,
        # After the headers, so that no client can set these.
        "REQUEST_METHOD": event["httpMethod"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw).decode("latin-1"),
        "RAW_URI": raw,
        "QUERY_STRING": urlencode(event.get("multiValueQueryStringParameters") or {}, doseq=True),
        "CONTENT_LENGTH": str(len(content)),
        # The last is API Gateway's, of who asked it. The one before is CloudFront's, the viewer, if CloudFront asked,
        # which its secret says (rendering/http/origin_secret.py); anybody may have sent those before.
        "REMOTE_ADDR": addresses[-1],
        "imageservice.viewer_address": addresses[-2] if len(addresses) > 1 else "",
        "SERVER_NAME": sent.get("HTTP_HOST", "lambda"),
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
    """An event's headers by their CGI names. Repeated ones are joined (RFC 9110, 5.3)."""
    many = event.get("multiValueHeaders") or {name: [value] for name, value in (event.get("headers") or {}).items()}
    found = {}
    for name, values in many.items():
        # In CGI, X_Viewer_Host is the same as X-Viewer-Host, which only CloudFront may set.
        if "_" in name:
            continue
        cgi = name.upper().replace("-", "_")
        found[cgi if cgi in PLAIN else f"HTTP_{cgi}"] = ("; " if cgi == "COOKIE" else ", ").join(values)
    return found


def response(status: int, sent: Iterable[tuple[str, str]], body: bytes) -> dict[str, Any]:
    """A response as API Gateway expects it. All bodies are in base64, which it decodes, text as well."""
    many: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for name, value in sent:
        # Django's cookies begin with a space.
        many.setdefault(names.setdefault(name.lower(), name), []).append(value.strip())
    return {
        "statusCode": status,
        "multiValueHeaders": many,
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
