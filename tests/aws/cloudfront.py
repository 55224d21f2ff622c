"""What stands before a function on AWS, for who asks over HTTP: CloudFront, which adds headers, and API Gateway."""

import base64
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.aws.rest_api import STAGE, event
from tests.rendering.moto_server import POLL


class Front:
    """Passes requests on to a function, until `stop`, with or without the stage's name before their path."""

    def __init__(self, invoke: Callable[[dict[str, Any]], Any]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                headers: dict[str, Any] = {
                    name.replace("-", "_"): value for name, value in self.headers.items() if name != "Host"
                }
                said = invoke(event(self.path.removeprefix(f"/{STAGE}"), self.command, **headers))
                content = base64.b64decode(said["body"])
                self.send_response(said["statusCode"])
                for name, values in said["multiValueHeaders"].items():
                    for value in values:
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_HEAD = do_GET  # noqa: N815 - http.server's names

            def log_message(self, *args: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(POLL,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
