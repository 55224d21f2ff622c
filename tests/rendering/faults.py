"""Faults of a store and of the way to it, which a played S3 shows on demand."""

import socket
import struct
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

XML = b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>%s</Code><Message>played</Message></Error>'

#: Answers in place of the store's: status, media type and body.
INSTEAD = {
    "slowdown": (503, "application/xml", XML % b"SlowDown"),
    "internal": (500, "application/xml", XML % b"InternalError"),
    "denied": (403, "application/xml", XML % b"AccessDenied"),
    "nosuchkey": (404, "application/xml", XML % b"NoSuchKey"),
    "empty200": (200, "", b""),
    "xml200": (200, "application/xml", XML % b"InternalError"),
    "html200": (200, "text/html", b"<!doctype html><title>Welcome</title>"),
    "html404": (404, "text/html", b"<!doctype html><title>Not found</title>"),
}
#: Faults before the store is asked, and after.
BEFORE = ("hang", "reset", "put_lost", "put_half", *INSTEAD)
AFTER = ("latency", "truncate", "drip", "corrupt", "put_acked_late", "stale")
FAULTS = (*BEFORE, *AFTER)
#: Seconds of a hang, of latency and between two packets. The tests' timeouts are between the last two.
HANG, LATENCY, PAUSE = 0.5, 0.05, 0.05


def reset(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def instead(handler: BaseHTTPRequestHandler, fault: str) -> None:
    status, media_type, body = INSTEAD[fault]
    handler.send_response(status)
    if media_type:
        handler.send_header("Content-Type", media_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def play_before(handler: BaseHTTPRequestHandler, fault: str) -> bool:
    """Play a fault that keeps the store from being asked. Returns whether it did."""
    if fault in INSTEAD:
        instead(handler, fault)
    elif fault == "put_half" and handler.command == "PUT":
        instead(handler, "internal")
    elif fault == "hang":
        time.sleep(HANG)
        reset(handler)
    elif fault == "reset" or (fault == "put_lost" and handler.command == "PUT"):
        reset(handler)
    else:
        return False
    return True


def damaged(fault: str, body: bytes) -> bytes:
    """What arrives of a body."""
    if fault == "truncate":
        return body[: len(body) // 2]
    if fault == "corrupt":
        return bytes(byte ^ 0x55 if index % 1024 == 512 else byte for index, byte in enumerate(body))
    return body


def send_slowly(write: Callable[[bytes], object], body: bytes) -> None:
    for start in range(0, len(body), 64):
        write(body[start : start + 64])
        time.sleep(PAUSE)
