"""Access logs of every server give the paths that were asked for, whatever else stands in them."""

import gzip
from urllib.parse import quote

import pytest

from aliases.comparing.access_log import Entry, entries, lines, sample
from tests.values import KEYS, ODD_TEXTS

COMBINED = '203.0.113.7 - - [30/Nov/2026:10:00:00 +0000] "{} {} HTTP/1.1" {} 2326 "https://a.example/" "Mozilla/5.0"'
COMMON = '203.0.113.7 - frank [30/Nov/2026:10:00:00 +0000] "{} {} HTTP/1.1" {} 2326'
CLOUDFRONT = "2026-11-30\t10:00:00\tFRA56-P1\t2390\t203.0.113.7\t{}\td1.cloudfront.net\t{}\t{}\t-\tMozilla\t-\t-\tHit"


@pytest.mark.parametrize("form", [COMBINED, COMMON, CLOUDFRONT])
@pytest.mark.parametrize("key", KEYS)
def test_a_path_is_read_as_it_was_sent(form, key):
    path = f"/unsafe/300x200/photos/{quote(key, safe='/@')}"
    assert list(entries([form.format("GET", path, 200) + "\n"])) == [Entry(path, 200)]


@pytest.mark.parametrize("form", [COMBINED, COMMON, CLOUDFRONT])
def test_only_what_was_got_is_read_and_every_status(form):
    told = [form.format(method, "/a", status) for method, status in (("POST", 200), ("GET", 404), ("HEAD", 200))]
    assert list(entries(told)) == [Entry("/a", 404)]


def test_cloudfronts_own_line_of_fields_says_where_the_path_is():
    log = ["#Version: 1.0", "#Fields: date cs-method sc-status cs-uri-query cs-uri-stem", "d\tGET\t304\ta=1\t/x/y.jpg"]
    assert list(entries(log)) == [Entry("/x/y.jpg?a=1", 304)]


def test_a_path_or_a_url_a_line():
    log = ["/a/b.jpg", "https://images.example.com/c%20d.jpg?x=1", "", "no path", "ftp://x/y", "http://[x/y"]
    assert list(entries(log)) == [Entry("/a/b.jpg"), Entry("/c%20d.jpg?x=1")]


def test_what_nginx_escapes_is_a_byte_again():
    assert list(entries([COMBINED.format("GET", r"/a/\xC3\xBC\x22.jpg", 200)])) == [Entry("/a/%C3%BC%22.jpg", 200)]


@pytest.mark.parametrize("text", [*ODD_TEXTS, '"GET', '"GET  HTTP/1.1" 200', "\t\t\tGET", "GET\t/x", "\x00", "\udc80"])
def test_no_line_stops_the_reading(text):
    assert Entry("/a", 200) in list(entries([text, COMBINED.format("GET", "/a", 200)]))


def test_a_sample_is_of_different_paths_that_worked_and_always_the_same():
    found = [Entry(f"/{number % 500}.jpg", 200) for number in range(2000)] + [Entry("/wp-login.php", 404)]
    taken = sample(found, 50)
    assert len(set(taken)) == len(taken) == 50
    assert sample(reversed(found), 50) == taken
    # Evenly: neither all from the beginning nor all from the end.
    assert 10 < sum(int(path[1:-4]) < 250 for path in taken) < 40
    assert len(sample(found, 10_000)) == 500
    assert "/wp-login.php" not in sample(found, 10_000)


def test_a_compressed_log_is_read_and_a_broken_one_is_an_error(tmp_path):
    log = tmp_path / "access log 1@%.gz"
    log.write_bytes(gzip.compress(b"/one.jpg\n/two.jpg\n" + b"x" * 50_000))
    assert [one.path for one in entries(lines(log))] == ["/one.jpg", "/two.jpg"]
    log.write_bytes(log.read_bytes()[:-20])
    with pytest.raises(OSError, match="ends in the middle"):
        list(lines(log))
    damaged = bytearray(gzip.compress(b"/one.jpg\n" + bytes(range(256)) * 200))
    damaged[40] ^= 0xFF
    log.write_bytes(damaged)
    with pytest.raises(OSError, match="damaged"):
        list(lines(log))
