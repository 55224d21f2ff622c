"""Watching the service from beside: its health check and a stored picture, asked for again and again."""

import threading
import time
from dataclasses import dataclass

from . import asking

#: Seconds between two requests.
EVERY = 0.1
#: Seconds after which an answer is no longer waited for.
PATIENCE = 20.0


@dataclass(frozen=True)
class Seen:
    """The slowest answer since the last look, in seconds, and what was wrong with one."""

    slowest: float
    wrong: str


class Watch(threading.Thread):
    """Asks until it is stopped. The stored picture has to be the same bytes each time."""

    def __init__(self, port: int, kept: str) -> None:
        super().__init__(daemon=True)
        self.port, self.paths = port, ("/healthz", kept)
        self.right = {path: asking.ask(port, asking.compose(path)) for path in self.paths}
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._slowest, self._wrong, self._asked_at = 0.0, "", 0.0
        self.start()

    def run(self) -> None:
        while not self._over.is_set():
            for path in self.paths:
                self._ask(path)
                self._over.wait(EVERY)

    def _ask(self, path: str) -> None:
        self._asked_at = time.monotonic()
        answer = asking.ask(self.port, asking.compose(path), PATIENCE)
        right = self.right[path]
        with self._lock:
            self._slowest, self._asked_at = max(self._slowest, answer.seconds), 0.0
            if (answer.status, answer.body) != (right.status, right.body):
                said = answer.body[:200].decode(errors="replace") if (answer.status or 200) >= 400 else ""
                self._wrong = f"{path}: {answer.status or answer.fault} and {len(answer.body)} bytes {said}"

    def take(self) -> Seen:
        """What was seen since the last look. An answer that is still missing counts with the time until now."""
        with self._lock:
            waiting = time.monotonic() - self._asked_at if self._asked_at else 0.0
            seen = Seen(max(self._slowest, waiting), self._wrong)
            self._slowest, self._wrong = 0.0, ""
        return seen

    def stop(self) -> None:
        self._over.set()
        self.join()
