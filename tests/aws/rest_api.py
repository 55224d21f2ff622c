"""API Gateway's REST API in front of a sandbox: a request as an event, an answer as a response.

As in "Input format of a Lambda function for proxy integration" (payload 1.0), with what CloudFront and API Gateway add.
"""

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from tests.aws.sandbox import Sandbox

STAGE = "production"
HOST = "abcdefghij.execute-api.eu-west-1.amazonaws.com"


@dataclass(frozen=True)
class Answer:
    status: int
    #: By lower-case name, each with all its values.
    headers: dict[str, list[str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        (value,) = self.headers[name.lower()]
        return value


def event(target: str, method: str = "GET", body: bytes = b"", **headers: Any) -> dict[str, Any]:
    """The event of a request for `target`: the path without the stage, with the query. Headers are named If_None_Match;
    a list of values is one that is repeated."""
    path, _, asked = target.partition("?")
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(asked, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    said = {"Host": HOST, "X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"}
    many = {name: [value] for name, value in said.items()}
    for given, sent in headers.items():
        many[given.replace("_", "-")] = sent if isinstance(sent, list) else [sent]
    return {
        "resource": "/{proxy+}",
        # still percent-encoded; the proxy parameter is not
        "path": path,
        "httpMethod": method,
        "headers": {name: values[-1] for name, values in many.items()},
        "multiValueHeaders": many,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "stage": STAGE,
            "path": f"/{STAGE}{path}",
            "httpMethod": method,
            "identity": {"sourceIp": "198.51.100.7"},
        },
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }


def ask(sandbox: Sandbox, target: str, method: str = "GET", body: bytes = b"", **headers: str | list[str]) -> Answer:
    """The response that API Gateway would make of the function's answer."""
    said = sandbox.invoke(event(target, method, body, **headers))
    assert set(said) <= {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}  # or it answers 502
    content = said.get("body") or ""
    many = {name.lower(): values for name, values in said["multiValueHeaders"].items()}
    return Answer(
        said["statusCode"], many, base64.b64decode(content) if said.get("isBase64Encoded") else content.encode()
    )
