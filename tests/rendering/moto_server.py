"""S3 and STS over real HTTP: moto's server, with every request written down."""

import threading
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

#: Seconds between two looks whether to stop. By default it is half a second, and every test stops one.
POLL = 0.01


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    authorization: str
    #: Of a role's session; a user has none.
    token: str = ""


class MotoServer:
    """Runs until `stop`. `requests` has what came since the last `clear`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        #: Called before each request; may answer instead of moto by returning (status, body).
        self.fault: Callable[[Request], tuple[str, bytes] | None] = lambda request: None
        moto = DomainDispatcherApplication(create_backend_app)

        def recording(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            request = Request(
                environ["REQUEST_METHOD"],
                environ["PATH_INFO"],
                environ.get("HTTP_AUTHORIZATION", ""),
                environ.get("HTTP_X_AMZ_SECURITY_TOKEN", ""),
            )
            self.requests.append(request)
            if answer := self.fault(request):
                start_response(
                    answer[0], [("Content-Type", "application/xml"), ("Content-Length", str(len(answer[1])))]
                )
                return [answer[1]]
            return moto(environ, start_response)  # type: ignore[no-any-return]

        self._server = make_server("127.0.0.1", 0, recording, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def reset(self) -> None:
        """Empty all accounts: their content is the process's, not the server's."""
        self._tell("reset", "")

    def enforce(self, on: bool) -> None:
        """Have IAM policies checked from here on, or not. Unasked, moto checks none."""
        self._tell("reset-auth", "0" if on else str(10**9))

    def _tell(self, what: str, body: str) -> None:
        url, headers = f"{self.url}/moto-api/{what}", {"Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(url, body.encode(), headers, method="POST")).close()

    def clear(self) -> None:
        self.requests.clear()

    def asked(self, bucket: str) -> list[tuple[str, str]]:
        """(method, key) of the requests to one bucket since the last `clear`."""
        prefix = f"/{bucket}/"
        return [(one.method, one.path.removeprefix(prefix)) for one in self.requests if one.path.startswith(prefix)]
