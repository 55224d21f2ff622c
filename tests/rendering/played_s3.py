"""An S3 that plays what the emulator never says: refusals with any code, stores without ETags, lengths or conditions,
archived objects, requester-pays buckets. Over real HTTP, for real boto3."""

import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape
from zlib import crc32

from tests.rendering import faults


@dataclass
class Kept:
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)
    archived: bool = False
    #: Seconds since 1970; no two objects are written in one, since Last-Modified tells no less.
    written: int = field(default_factory=count(1_795_914_000).__next__)

    @property
    def etag(self) -> str:
        return f'"{md5(self.content, usedforsecurity=False).hexdigest()}"'


@dataclass(frozen=True)
class Asked:
    method: str
    bucket: str
    key: str
    headers: Any
    query: dict[str, list[str]]


@dataclass(frozen=True)
class Refusal:
    """An error as S3 writes it; to HEAD without its body, hence without its code."""

    status: int
    code: str = ""
    message: str = "played"


#: Says what is refused; None: it is answered.
Refusing = Callable[[Asked], Refusal | None]


class PlayedS3(ThreadingHTTPServer):
    """Runs until `stop`. Its attributes say how it answers, and may be changed while it does."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Kept] = {}
        self.asked: list[Asked] = []
        self.refusing: Refusing = lambda asked: None
        #: "strong", "weak" or "": none is told.
        self.etags = "strong"
        self.lengths = self.moments = True
        #: Whether checksums are returned on demand.
        self.checksums = False
        #: "kept", "refused" (also where they hold), "unknown" (501), "bad" (400) or "ignored".
        self.conditions = "kept"
        #: Buckets of which whoever asks has to pay.
        self.paid: set[str] = set()
        #: Sends half of each body.
        self.cuts = False
        #: Says which of `faults.py` a request meets; empty for none.
        self.fault: Callable[[Asked], str] = lambda asked: ""
        #: The first version of each object that was read.
        self.seen: dict[tuple[str, str], Kept] = {}
        super().__init__(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._thread = Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def put(self, bucket: str, key: str, content: bytes, *, archived: bool = False, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.kept[bucket, key] = Kept(content, named, archived)

    def refuse(self, code: str, status: int, bucket: str, *methods: str, message: str = "played") -> None:
        self.refusing = lambda asked: (
            Refusal(status, code, message)
            if asked.bucket == bucket and (not methods or asked.method in methods)
            else None
        )

    def methods(self, bucket: str) -> list[str]:
        return [one.method for one in self.asked if one.bucket == bucket]


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PlayedS3

    def answer(self) -> None:
        parts = urlsplit(self.path)
        bucket, _, key = unquote(parts.path).lstrip("/").partition("/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, bucket, key, self.headers, parse_qs(parts.query))
        self.server.asked.append(asked)
        self.fault = self.server.fault(asked)
        try:
            if faults.play_before(self, self.fault):
                return
            if self.fault == "latency":
                time.sleep(faults.LATENCY)
            if refusal := self.server.refusing(asked):
                self.refuse(refusal)
            elif bucket in self.server.paid and self.headers.get("x-amz-request-payer") != "requester":
                self.refuse(Refusal(403, "AccessDenied", "Access Denied"))
            elif not key:
                self.list(asked)
            elif self.command == "PUT":
                self.take(asked, body)
            else:
                self.give(asked)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_HEAD = do_PUT = do_POST = answer  # noqa: N815 - http.server's names

    def refuse(self, refusal: Refusal) -> None:
        body = f"<Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message></Error>".encode()
        self.send_response(refusal.status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and refusal.status != 304:
            self.wfile.write(body)

    def list(self, asked: Asked) -> None:
        prefix, most = asked.query.get("prefix", [""])[0], int(asked.query.get("max-keys", ["1000"])[0])
        keys = sorted(key for bucket, key in self.server.kept if bucket == asked.bucket and key.startswith(prefix))
        items = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{self.moment(asked.bucket, key)}</LastModified>"
            "<Size>1</Size></Contents>"
            for key in keys[:most]
        )
        self.send(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{items}</ListBucketResult>".encode(), {})

    def moment(self, bucket: str, key: str) -> str:
        return datetime.fromtimestamp(self.server.kept[bucket, key].written, UTC).isoformat()

    def condition(self, kept: Kept | None) -> Refusal | None:
        matches, none = self.headers.get("If-Match"), self.headers.get("If-None-Match")
        if (not matches and not none) or self.server.conditions == "ignored":
            return None
        if self.server.conditions == "unknown":
            return Refusal(501, "NotImplemented", "A header you provided implies functionality that is not implemented")
        if self.server.conditions == "bad":
            return Refusal(400, "InvalidArgument", "This header is not known")
        if none and self.command != "PUT":
            return Refusal(304) if kept and none.strip('W/"') == kept.etag.strip('"') else None
        holds = (none and not kept) or (matches and kept and matches == kept.etag and self.server.etags == "strong")
        return None if holds and self.server.conditions == "kept" else Refusal(412, "PreconditionFailed")

    def take(self, asked: Asked, body: bytes) -> None:
        if refusal := self.condition(self.server.kept.get((asked.bucket, asked.key))):
            self.refuse(refusal)
            return
        headers = {name: value for name, value in self.headers.items() if name.lower().startswith("x-amz-meta")}
        kept = self.server.kept[asked.bucket, asked.key] = Kept(body, headers)
        self.send(200, b"", {"ETag": kept.etag} if self.server.etags else {})

    def give(self, asked: Asked) -> None:
        kept = self.server.kept.get((asked.bucket, asked.key))
        if kept and self.command == "GET":
            first = self.server.seen.setdefault((asked.bucket, asked.key), kept)
            kept = first if self.fault == "stale" else kept
        if kept is None:
            self.refuse(Refusal(404, "NoSuchKey", "The specified key does not exist."))
        elif refusal := self.condition(kept):
            self.refuse(refusal)
        elif kept.archived and self.command == "GET":
            self.refuse(Refusal(403, "InvalidObjectState", "The operation is not valid for the object's storage class"))
        else:
            told = dict(kept.headers)
            if self.server.etags:
                told["ETag"] = f"W/{kept.etag}" if self.server.etags == "weak" else kept.etag
            if self.server.moments:
                told["Last-Modified"] = formatdate(kept.written, usegmt=True)
            if self.headers.get("x-amz-checksum-mode") == "ENABLED" and self.server.checksums:
                told["x-amz-checksum-crc32"] = b64encode(crc32(kept.content).to_bytes(4, "big")).decode()
            if kept.archived:
                told["x-amz-storage-class"] = "GLACIER"
            if self.command == "GET" and self.headers.get("Range") == "bytes=0-0" and kept.content:
                told["Content-Range"] = f"bytes 0-0/{len(kept.content)}"
                self.send(206, kept.content[:1], told, length=self.server.lengths)
            else:
                self.send(200, kept.content, told, length=self.server.lengths)

    def send(self, status: int, body: bytes, headers: dict[str, str], *, length: bool = True) -> None:
        if self.fault == "put_acked_late" and self.command == "PUT":
            faults.reset(self)
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if length:
            self.send_header("Content-Length", str(len(body)))
        elif self.command != "HEAD":
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and self.fault == "drip":
            faults.send_slowly(self.wfile.write, body)
        elif self.command != "HEAD":
            arrives = faults.damaged("truncate" if self.server.cuts else self.fault, body)
            self.wfile.write(arrives)
            self.close_connection = self.close_connection or len(arrives) != len(body)
            self.close_connection = self.close_connection or self.server.cuts or not length

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Not into the tests' output."""
