"""Messages between the service and the processes that work for it: a JSON document, and files as they are.

A message is a head of fixed length, with the lengths of what follows, then the document, then each file. Nothing is
pickled: what a process says that a hostile file may have taken over is never more than data.
"""

import socket
import struct

#: Lengths are unsigned: of the document in bytes, and the number of files; then of each file in bytes.
HEAD, LENGTH = struct.Struct("!II"), struct.Struct("!Q")

#: The most files of one message: an original or two, and overlays.
MOST_FILES = 64


class Gone(Exception):
    """The other process has closed its end, or has ended."""


def send(connection: socket.socket, document: bytes, files: tuple[bytes, ...] = ()) -> None:
    """Send a message. Raises Gone, and TimeoutError as the socket is set."""
    lengths = b"".join(LENGTH.pack(len(file)) for file in files)
    try:
        connection.sendall(HEAD.pack(len(document), len(files)) + lengths + document)
        for file in files:
            connection.sendall(file)
    except TimeoutError:
        raise
    except OSError as error:
        raise Gone from error


def receive(connection: socket.socket) -> tuple[bytes, list[bytes]]:
    """Receive a message: its document and its files. Raises Gone, and TimeoutError as the socket is set."""
    document, files = HEAD.unpack(_read(connection, HEAD.size))
    if files > MOST_FILES:
        raise Gone
    lengths = [LENGTH.unpack(_read(connection, LENGTH.size))[0] for _ in range(files)]
    return _read(connection, document), [_read(connection, length) for length in lengths]


def _read(connection: socket.socket, length: int) -> bytes:
    buffer = bytearray(length)
    view, done = memoryview(buffer), 0
    while done < length:
        try:
            got = connection.recv_into(view[done:])
        except TimeoutError:
            raise
        except OSError as error:
            raise Gone from error
        if not got:
            raise Gone
        done += got
    return bytes(buffer)
