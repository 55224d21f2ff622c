"""Pictures of originals that change while they are read are never kept under a version that they are not of."""

import os

import pytest

from rendering.storage import files
from tests.drawings import drawn, opened
from tests.service import Service

URL = "/profile-image/ios/people/one.jpg"


def test_no_picture_is_kept_of_a_file_that_was_written_a_moment_ago(service: Service, monkeypatch):
    monkeypatch.setattr(files, "UNSETTLED", 2.0)
    path = service.put("people/one.jpg")
    service.publish()
    response = service.get(URL)
    assert (response.status_code, response.has_header("ETag")) == (200, False)
    assert "max-age=60" in response["Cache-Control"]
    assert not service.kept()
    os.utime(path, (1, 1))
    response = service.get(URL)
    assert (response.status_code, response.has_header("ETag")) == (200, True)
    assert service.kept()


@pytest.mark.parametrize("same_inode", [True, False])
def test_another_file_of_the_same_size_and_time_is_another_version(service: Service, same_inode):
    first, second = drawn(), drawn(mode="L")
    length = max(len(first), len(second))
    path = service.put("people/one.jpg", first.ljust(length, b"\0"))
    os.utime(path, (1000, 1000))
    service.publish()
    before = service.get(URL)
    if not same_inode:
        path.rename(path.with_suffix(".old"))
    path.write_bytes(second.ljust(length, b"\0"))
    os.utime(path, (1000, 1000))
    after = service.get(URL)
    assert before["ETag"] != after["ETag"]
    assert (opened(before).mode, opened(after).mode) == ("RGB", "L")


def test_what_is_wrong_with_a_file_that_is_being_written_is_soon_asked_again(service: Service, monkeypatch):
    monkeypatch.setattr(files, "UNSETTLED", 2.0)
    path = service.put("people/one.jpg", drawn()[:300])
    service.publish()
    response = service.get(URL)
    assert (response.status_code, response["Cache-Control"]) == (422, "public, max-age=1")
    os.utime(path, (1, 1))
    assert service.get(URL)["Cache-Control"] == "public, max-age=10"


def test_files_that_killed_processes_left_are_removed_when_their_folder_is_written_again(service: Service):
    service.put("people/one.jpg")
    service.publish()
    service.get(URL)
    [kept] = service.kept()
    left, new = kept.parent / ".left.tmp", kept.parent / ".new.tmp"
    for path in (left, new):
        path.write_bytes(b"half")
    os.utime(left, (1, 1))
    kept.unlink()
    service.get(URL)
    assert set(service.kept()) == {kept, new}
