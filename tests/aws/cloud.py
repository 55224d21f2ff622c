"""AWS on this machine: moto for the control plane, and a Lambda that runs what was uploaded to it, in a sandbox.

moto lacks two routes that are asked of Lambda, and runs functions only in Docker; these three are answered here, and of
each published version, what it runs is kept. Every
call is written down, since what moto tells afterwards is not always what it was told.
"""

import base64
import io
import json
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote
from urllib.request import urlopen

from moto.awslambda.models import LambdaFunction
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from tests.aws.sandbox import FunctionError, Sandbox
from tests.aws.stacks import Stacks, refused
from tests.aws.versions import numbering
from tests.rendering.moto_server import POLL


@dataclass(frozen=True)
class Call:
    """One call of AWS's API."""

    service: str
    method: str
    path: str
    #: As text; large ones are left out.
    body: str
    status: int
    #: The operation, of services that name it in a header.
    target: str = ""


@dataclass
class Function:
    """What Lambda holds of a function."""

    code: bytes = b""
    environment: dict[str, str] = field(default_factory=dict)
    sandbox: Sandbox | None = None


class Cloud:
    """Runs until `stop`."""

    def __init__(self, folder: Path) -> None:
        self.calls: list[Call] = []
        #: By name; those of published versions as "name:1".
        self.functions: dict[str, Function] = {}
        #: What aliases point at: the version, and the shares of others.
        self.aliases: dict[str, tuple[str, dict[str, float]]] = {}
        self.stacks = Stacks()
        #: A service (or "" for all), and the code and message with which it refuses everything.
        self.refuses: tuple[str, str, str] | None = None
        #: The method and path of the call with which the session expires.
        self.expires: tuple[str, str] | None = None
        self._folder = folder
        setattr(LambdaFunction, "set_version", numbering())  # noqa: B010 - mypy refuses it otherwise
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True).start()

    def stop(self) -> None:
        for name in self.functions:
            self._forget(name)
        self._server.shutdown()
        self._server.server_close()

    def said(self, service: str, method: str, path: str) -> list[Call]:
        """The calls of that method to paths that match."""
        return [
            one for one in self.calls if (one.service, one.method) == (service, method) and re.search(path, one.path)
        ]

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        content = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(content)
        signed = re.search(r"/([a-z0-9-]+)/aws4_request", environ.get("HTTP_AUTHORIZATION", ""))
        service = signed[1] if signed else ""

        def noted(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            body = content.decode(errors="replace") if length < 100_000 else ""
            if (service, method, status[:3]) == ("lambda", "POST", "200") and path.endswith("/policy"):
                status = "201 Created"  # as Lambda answers, and as Zappa wants it
            target = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
            self.calls.append(Call(service, method, unquote(path), body, int(status[:3]), target))
            return start_response(status, headers, exc_info)

        if self.expires and self.expires == (method, path):
            self.refuses = ("", "ExpiredToken", "The security token included in the request is expired")
        if self.refuses and service.startswith(self.refuses[0]):
            return reply(noted, "403 Forbidden", *refusal(service, *self.refuses[1:]))
        if service == "lambda":
            if path.startswith("/2016-08-19/account-settings"):
                return reply(noted, "200 OK", b'{"AccountLimit": {"ConcurrentExecutions": 1000}}')
            if method == "GET" and path.endswith("/urls"):
                return reply(noted, "200 OK", b'{"FunctionUrlConfigs": []}')
            if invoked := re.fullmatch(r"/2015-03-31/functions/(.+)/invocations", path):
                name = self._qualified(unquote(invoked[1]), environ["QUERY_STRING"])
                return self._invoke(noted, name, json.loads(content))
            self._note(method, path, content)
            said = b"".join(self._moto(environ, noted))
            self._note_versions(method, path, content, said)
            return [said]
        if service == "cloudformation" and (answer := self.stacks.answer(content.decode())):
            lines = {200: "200 OK", 400: "400 Bad Request"}
            return reply(noted, lines[answer[0]], answer[1].encode(), [("Content-Type", "text/xml")])
        return self._moto(environ, noted)  # type: ignore[no-any-return]

    def _note(self, method: str, path: str, content: bytes) -> None:
        """Hold what Lambda would hold after this call."""
        if method not in ("POST", "PUT"):
            return
        said = json.loads(content or b"{}")
        if path == "/2015-03-31/functions":
            self.functions[said["FunctionName"]] = Function(self._uploaded(said["Code"]), variables(said))
        elif updated := re.fullmatch(r"/2015-03-31/functions/(.+)/(code|configuration)", path):
            name = unquote(updated[1]).rpartition(":")[2]
            self._forget(name)
            if updated[2] == "code":
                self.functions[name].code = self._uploaded(said)
            else:
                self.functions[name].environment = variables(said)

    def _note_versions(self, method: str, path: str, content: bytes, answer: bytes) -> None:
        """Hold what published versions run, and what aliases point at."""
        if not (found := re.fullmatch(r"/2015-03-31/functions/([^/]+)(/.*)?|/2015-03-31/functions", path)):
            return
        said = json.loads(content or b"{}")
        name = said.get("FunctionName") or unquote(found[1] or "").rpartition(":")[2]
        action = (found[2] or "").strip("/").partition("/")
        if method in ("POST", "PUT") and (action[0] == "versions" or said.get("Publish")):
            version = json.loads(answer).get("Version", "")
            if version.isdigit():
                held = self.functions[name]
                self.functions.setdefault(f"{name}:{version}", Function(held.code, dict(held.environment)))
        if method in ("POST", "PUT") and action[0] == "aliases":
            weights = (said.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
            self.aliases[f"{name}:{action[2] or said['Name']}"] = (said["FunctionVersion"], weights)

    def _qualified(self, function: str, query: str) -> str:
        """The function, or the version of it, that is called: by its name, its ARN, and with or without an alias."""
        name, _, qualifier = function.rpartition(":function:")[2].partition(":")
        qualifier = dict(parse_qsl(query)).get("Qualifier", qualifier)
        version = self.aliases[f"{name}:{qualifier}"][0] if f"{name}:{qualifier}" in self.aliases else qualifier
        return f"{name}:{version}" if version and version != "$LATEST" else name

    def _uploaded(self, code: dict[str, Any]) -> bytes:
        if "ZipFile" in code:
            return base64.b64decode(code["ZipFile"])
        with urlopen(f"{self.url}/{code['S3Bucket']}/{code['S3Key']}") as answer:
            return bytes(answer.read())

    def _forget(self, name: str) -> None:
        if sandbox := self.functions[name].sandbox:
            sandbox.close()
            self.functions[name].sandbox = None

    def _invoke(self, start_response: Any, name: str, event: dict[str, Any]) -> Iterable[bytes]:
        function = self.functions[name]
        if function.sandbox is None:
            folder = self._folder / f"{name.replace(':', '-')}-{len(self.calls)}"
            folder.mkdir()
            (folder / "code.zip").write_bytes(function.code)
            environment = function.environment | {"AWS_ENDPOINT_URL": self.url}
            function.sandbox = Sandbox(folder / "code.zip", folder, name.partition(":")[0], **environment)
            before = 0
        else:
            before = function.sandbox.log.stat().st_size
        headers = []
        try:
            answer = json.dumps(function.sandbox.invoke(event)).encode()
        except FunctionError as error:
            answer = json.dumps({"errorMessage": str(error)}).encode()
            headers = [("X-Amz-Function-Error", "Unhandled")]
        log = function.sandbox.log.read_bytes()[before:][-4096:]
        return reply(start_response, "200 OK", answer, [*headers, ("X-Amz-Log-Result", base64.b64encode(log).decode())])


def variables(said: dict[str, Any]) -> dict[str, str]:
    return dict((said.get("Environment") or {}).get("Variables") or {})


def refusal(service: str, code: str, message: str) -> tuple[bytes, list[tuple[str, str]]]:
    """As the service words it: in XML or in JSON."""
    if service in ("iam", "s3", "sts", "cloudformation"):
        return refused(code, message)[1].encode(), [("Content-Type", "text/xml")]
    return json.dumps({"__type": code, "message": message}).encode(), [("x-amzn-ErrorType", code)]


def reply(start_response: Any, status: str, body: bytes, headers: Iterable[tuple[str, str]] = ()) -> Iterable[bytes]:
    said = {"Content-Type": "application/json", "Content-Length": str(len(body)), **dict(headers)}
    start_response(status, list(said.items()))
    return [body]
