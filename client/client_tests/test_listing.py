"""The list of aliases: nothing waits for it, and what is wrong with it is no page's end."""

import threading
import time

import pytest
from imageservice_client import Picture, listing, load

WITHOUT = '<img src="{url}/hero/one.jpg" alt="" loading="lazy" decoding="async">'


def ready() -> None:
    """Wait until no thread reads the list."""
    one = listing.listing()
    assert one._reading.acquire(timeout=10)
    one._reading.release()


def test_the_first_page_does_not_wait_and_the_next_one_has_sizes(server):
    server.may_answer.clear()
    picture = Picture("hero", "one.jpg")
    assert picture.html() == WITHOUT.format(url=server.url)
    server.may_answer.set()
    ready()
    assert (picture.width, picture.height) == (1200, 400)
    assert 'width="1200"' in picture.html()
    assert len(server.asked) == 1


def test_an_old_list_is_used_while_a_newer_one_is_read(listed, settings):
    one = listing.listing()
    one._read_at = time.monotonic() - 61
    listed.content = b'{"aliases": {"hero": {"width": 1, "height": 2, "exact": true}}}'
    listed.may_answer.clear()
    assert [one.get("hero").width for _ in range(5)] == [1200] * 5
    listed.may_answer.set()
    ready()
    assert one.get("hero").width == 1
    assert len(listed.asked) == 2


def test_a_list_that_is_as_it_was_is_not_sent_again(listed):
    assert load()
    assert listed.asked[0] == ""
    assert listed.asked[1]
    assert Picture("hero", "one.jpg").width == 1200


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (404, b"{}"),
        (503, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"aliases": []}'),
        (200, b'{"aliases": {"hero": 3}}'),
        (200, b'{"aliases": {"hero": {"ratios": ["x"]}}}'),
        (200, b'{"aliases": {"hero": {"width": []}}}'),
        (200, b'{"aliases": {"hero": {"widths": ["x"]}}}'),
        (200, b"\xff\xfe"),
    ],
)
def test_a_list_that_is_broken_leaves_the_one_before_and_is_logged_in_one_line(listed, caplog, status, content):
    listed.status, listed.content = status, content
    assert not load()
    assert Picture("hero", "one.jpg").width == 1200
    (line,) = caplog.messages
    assert line.startswith(f"The list of aliases at {listed.url}/-/aliases.json cannot be read: ")
    assert line.endswith("The one before goes on.")


def test_without_any_list_pages_have_plain_urls(settings, caplog):
    settings.IMAGE_SERVICE = {"URL": "http://127.0.0.1:9"}
    assert not load()
    assert Picture("hero", "one.jpg").html() == WITHOUT.format(url="http://127.0.0.1:9")
    assert "Pictures have no width and height." in caplog.text


def test_a_file_is_read_as_well(settings, tmp_path):
    (tmp_path / "aliases.json").write_text('{"aliases": {"hero": {"width": 5, "height": 6, "exact": true}}}')
    settings.IMAGE_SERVICE = {"URL": "http://images.test", "ALIASES": str(tmp_path / "aliases.json")}
    assert load()
    assert Picture("hero", "one.jpg").height == 6


def test_many_threads_start_one_that_reads(server):
    server.may_answer.clear()
    threads = [threading.Thread(target=lambda: Picture("hero", "one.jpg").html()) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    server.may_answer.set()
    ready()
    assert len(server.asked) == 1
