"""Messages between processes."""

import socket
from threading import Thread

import pytest

from rendering.workers import wire


@pytest.fixture
def pair():
    here, there = socket.socketpair()
    with here, there:
        yield here, there


@pytest.mark.parametrize("files", [(), (b"",), (b"\0" * 3_000_000, b"two", b"")])
def test_a_message_arrives_as_it_was_sent(pair, files):
    here, there = pair
    sending = Thread(target=wire.send, args=(here, b'{"a": 1}', files))
    sending.start()
    assert wire.receive(there) == (b'{"a": 1}', list(files))
    sending.join()


def test_an_end_that_is_closed_is_gone(pair):
    here, there = pair
    here.close()
    with pytest.raises(wire.Gone):
        wire.receive(there)
    with pytest.raises(wire.Gone):
        wire.send(there, b"x" * 1_000_000)


def test_a_message_that_breaks_off_is_gone(pair):
    here, there = pair
    here.sendall(wire.HEAD.pack(100, 0) + b"half")
    here.close()
    with pytest.raises(wire.Gone):
        wire.receive(there)


def test_more_files_than_any_message_has_are_none(pair):
    here, there = pair
    here.sendall(wire.HEAD.pack(2, wire.MOST_FILES + 1) + b"{}")
    with pytest.raises(wire.Gone):
        wire.receive(there)
