"""What stands before a function on AWS, for who asks over HTTP: CloudFront, which adds headers, and API Gateway."""

import base64
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.aws.rest_api import event


class Front:
    """Passes requests on to a function, with these headers, until `stop`."""

    def __init__(self, invoke: Callable[[dict[str, Any]], Any], **headers: Any) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                said = invoke(event(self.path, **headers))
                content = base64.b64decode(said["body"])
                self.send_response(said["statusCode"])
                for name, values in said["multiValueHeaders"].items():
                    for value in values:
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
