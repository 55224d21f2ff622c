"""Folders: whole files or none, keys as they are, errors by their cause."""

import os
import threading
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from rendering.imaging.errors import TooLarge
from rendering.storage.errors import Changed, Denied, Missing
from rendering.storage.factory import from_url, probe
from rendering.storage.folders import FolderStorage
from rendering.storage.interface import Listing
from rendering.storage.place import Place
from tests.rendering.storage.listings import browsed
from tests.values import KEYS, ODD_FILES


@pytest.fixture
def folder(tmp_path) -> FolderStorage:
    return FolderStorage(str(tmp_path / "folder"))


def test_what_is_written_is_read_back(folder):
    folder.write("a/b c.jpg", b"1", "image/jpeg")
    stored = folder.read("a/b c.jpg")
    assert (stored.content, stored.etag) == (b"1", folder.stat("a/b c.jpg").etag)


def test_djangos_own_save_overwrites_under_the_same_name(folder):
    assert folder.save("a.jpg", ContentFile(b"1")) == "a.jpg"
    assert folder.save("a.jpg", ContentFile(b"22")) == "a.jpg"
    assert folder.read("a.jpg").content == b"22"


@pytest.mark.parametrize(
    "key", ["nobody", "a/nobody", "a", "x" * 300, "file/below", "back\\slash", "a//file", "a/../file"]
)
def test_what_is_no_file_is_missing(folder, key):
    folder.write("file", b"1", "")
    folder.write("a/file", b"1", "")
    for ask in (folder.stat, folder.read):
        with pytest.raises(Missing) as told:
            ask(key)
        assert key in str(told.value)


def test_a_pipe_is_missing_and_not_waited_for(folder):
    folder.write("file", b"1", "")
    os.mkfifo(f"{folder.location}/pipe")
    with pytest.raises(Missing):
        folder.read("pipe")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_denied(folder):
    folder.write("file", b"1", "")
    Path(folder.location, "file").chmod(0)
    with pytest.raises(Denied):
        folder.read("file")


def test_another_version_than_asked_for_has_changed(folder):
    folder.write("file", b"1", "")
    version = folder.stat("file").etag
    folder.write("file", b"22", "")
    with pytest.raises(Changed):
        folder.read("file", version=version)


def test_an_unchanged_file_is_not_read_again(folder):
    folder.write("file", b"1", "")
    assert folder.read("file", unless=folder.stat("file").etag) is None


def test_too_many_bytes_are_refused_before_they_are_taken(folder):
    folder.write("file", b"12345", "")
    with pytest.raises(TooLarge, match="5 bytes"):
        folder.read("file", most=4)


def test_a_write_that_must_replace_what_is_gone_changes_nothing(folder):
    folder.write("file", b"1", "", replacing="")
    first = folder.stat("file").etag
    folder.write("file", b"22", "", replacing=first)
    for late in ("", first):
        with pytest.raises(Changed):
            folder.write("file", b"333", "", replacing=late)
    assert folder.read("file").content == b"22"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(folder, monkeypatch):
    folder.write("file", b"1", "")
    monkeypatch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Exception, match="No space left"):
        folder.write("file", b"22", "")
    assert [path.name for path in Path(folder.location).iterdir()] == ["file"]
    monkeypatch.undo()
    assert folder.read("file").content == b"1"


def test_readers_see_old_or_new_while_it_is_written_again_and_again(folder):
    old, new = b"a" * 300_000, b"b" * 300_001
    folder.write("file", old, "")
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            folder.write("file", new, "")
            folder.write("file", old, "")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(300):
            assert folder.read("file").content in (old, new)
    finally:
        stop.set()
        writer.join()


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("s3://bucket", Place("s3", "bucket")),
        ("s3://bucket/", Place("s3", "bucket")),
        ("s3://bucket/pre/fix", Place("s3", "bucket", "pre/fix/")),
        ("s3://bucket/pre%20fix/", Place("s3", "bucket", "pre%20fix/")),
        ("s3://acme-photos/hash#1/", Place("s3", "acme-photos", "hash#1/")),
        ("s3://acme-photos/q?1", Place("s3", "acme-photos", "q?1/")),
        ("s3://acme-photos/50% off/a:b@c;d=e&f+g/", Place("s3", "acme-photos", "50% off/a:b@c;d=e&f+g/")),
        ("s3://acme-photos/a//b/", Place("s3", "acme-photos", "a//b/")),
        ("S3://Old_Bucket.Name/日本", Place("s3", "Old_Bucket.Name", "日本/")),
        ("file:///srv/a%20b", Place("folder", "/srv/a%20b")),
        ("file:///srv/C# projects/what? now/50%25 off", Place("folder", "/srv/C# projects/what? now/50%25 off")),
        ("file:/srv/pictures", Place("folder", "/srv/pictures")),
        ("/srv/C# projects/what? now/50%25 off", Place("folder", "/srv/C# projects/what? now/50%25 off")),
        ("/srv/pictures", Place("folder", "/srv/pictures")),
        ("samples", Place("folder", "samples")),
    ],
)
def test_places_as_urls(url, place):
    assert Place.from_url(url) == place


@pytest.mark.parametrize(
    "url", ["", "http://example.com/", "s3:///x", "s3://", "s3:x", "file://host/x", "file:x", "ftp://x"]
)
def test_what_is_no_place_says_what_would_be_one(url):
    with pytest.raises(ValueError, match="s3://bucket/prefix"):
        Place.from_url(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3://my bucket/x", "no bucket is called “my bucket”"),
        ("s3://user@bucket/x", "no bucket is called"),
        ("s3://bucket:443/x", "no bucket is called"),
        ("s3://bucket?x/y", "no bucket is called"),
        ("s3://bucket//x", "Keys do not begin with /"),
        ("s3://bucket/a/../b", "segment"),
    ],
)
def test_what_s3_has_no_bucket_or_key_for_says_why(url, words):
    with pytest.raises(ValueError, match=words):
        Place.from_url(url)


def test_a_relative_folder_is_the_projects(settings):
    store = from_url("samples")
    assert isinstance(store, FolderStorage)
    assert store.location == str(settings.BASE_DIR / "samples")


def test_keys_are_listed_by_their_folder(folder):
    for key in ("a/2.jpg", "a/1.jpg", "a/b/3.jpg", "ab/4.jpg", "5.jpg", "a/.hidden"):
        folder.write(key, b"1", "")
    assert folder.keys("a/", 10) == ["a/1.jpg", "a/2.jpg", "a/b/3.jpg"]
    assert folder.keys("a/", 2) == ["a/1.jpg", "a/2.jpg"]
    assert folder.keys("", 10) == ["5.jpg", "a/1.jpg", "a/2.jpg", "a/b/3.jpg", "ab/4.jpg"]
    assert folder.keys("nowhere/", 10) == []
    with pytest.raises(Missing):
        folder.keys("a/../", 10)


@pytest.mark.parametrize("odd", ODD_FILES)
def test_a_file_that_no_url_can_name_is_offered_nowhere(folder, odd):
    for place in ("", "people/"):
        folder.write(f"{place}one.jpg", b"1", "")
        Path(os.fsdecode(folder.location.encode() + b"/" + place.encode() + odd)).write_bytes(b"1")
    odd_folder = Path(os.fsdecode(folder.location.encode() + b"/" + odd.removesuffix(b".jpg")))
    odd_folder.mkdir()
    (odd_folder / "inside.jpg").write_bytes(b"1")
    assert folder.keys("", 9) == ["one.jpg", "people/one.jpg"]
    assert folder.keys("people/", 9) == ["people/one.jpg"]
    assert (folder.browse("", 9).keys, folder.browse("", 9).folders) == (("one.jpg",), ("people/",))
    assert folder.browse("people/", 9).keys == ("people/one.jpg",)
    assert folder.probe().keys == ("one.jpg", "people/one.jpg")


@pytest.mark.parametrize("key", [key for key in KEYS if "/." not in key])
def test_every_key_that_a_folder_can_have_is_offered(folder, key):
    folder.write(key, b"1", "")
    assert folder.keys("", 9) == [key]


def test_a_folder_is_browsed_page_by_page_to_its_last_file(folder):
    for number in range(30):
        folder.write(f"team/{number:02}.jpg", b"x", "image/jpeg")
    folder.write("team/old/x.jpg", b"x", "image/jpeg")
    pages = browsed(folder, "team/", 12)
    assert [len(page.keys) + len(page.folders) for page in pages] == [12, 12, 7]
    assert [key for page in pages for key in page.keys] == [f"team/{number:02}.jpg" for number in range(30)]
    assert pages[-1].folders == ("team/old/",)
    assert folder.browse("", 12) == Listing(folders=("team/",))
    assert folder.browse("te", 12) == Listing(folders=("team/",))
    some = folder.browse("team/2", 3)
    assert (some.keys, some.more) == (("team/20.jpg", "team/21.jpg", "team/22.jpg"), "team/22.jpg")
    assert folder.browse("team/", 2, after="team/28").keys == ("team/28.jpg", "team/29.jpg")
    (last, *_) = folder.browse("team/29", 3).entries
    assert (last.size, last.written) == (1, Path(folder.path("team/29.jpg")).stat().st_mtime)
    assert folder.browse("team/x", 3) == Listing()
    with pytest.raises(Missing):
        folder.browse("nowhere/", 3)


@pytest.mark.parametrize("key", [key for key in KEYS if "/." not in key])
def test_every_key_is_found_by_browsing_folder_after_folder(folder, key):
    folder.write(key, b"x", "image/jpeg")
    found = folder.browse("", 5)
    while found.folders:
        found = folder.browse(found.folders[0], 5)
    assert found.keys == (key,)


def test_a_probe_of_a_folder(folder, tmp_path, settings):
    settings.FOLDER_ROOTS = [str(tmp_path)]
    place = Place("folder", str(tmp_path), "folder")
    assert "no folder" in probe(place).sentence
    folder.write("a.jpg", b"1", "")
    assert probe(place).keys == ("a.jpg",)
    assert "is a file" in probe(Place("folder", f"{folder.location}/a.jpg")).sentence


def test_everything_below_a_prefix_is_removed_and_nothing_beside_it(folder):
    for key in ("a/b/1", "a/b/.2.tmp", "a/b/c/3", "a/bb/4", "a/5"):
        folder.write(key, b"1", "")
    assert folder.remove("a/b/") == 3
    assert folder.keys("", 9) == ["a/5", "a/bb/4"]
    assert not Path(folder.location, "a/b").exists()
    assert folder.remove("a/b/") == 0
    assert folder.remove("nothing/there/") == 0


@pytest.mark.parametrize("prefix", ["", "/", "../", "a/../", "//"])
def test_a_prefix_that_leads_elsewhere_removes_nothing(folder, prefix):
    folder.write("a/1", b"1", "")
    folder.remove(prefix)
    assert folder.keys("", 9) == ["a/1"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may remove everything")
def test_what_may_not_be_removed_is_denied(folder):
    folder.write("a/b/1", b"1", "")
    for mode in (0o500, 0o000):
        Path(folder.location, "a/b").chmod(mode)
        with pytest.raises(Denied):
            folder.remove("a/b/")
    Path(folder.location, "a/b").chmod(0o700)
