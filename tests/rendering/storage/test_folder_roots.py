"""Folders of buckets: below the roots of the deployment, and without a way out."""

from pathlib import Path

import pytest

from rendering.storage import folders
from rendering.storage.errors import Missing, NotAllowed
from rendering.storage.factory import at, probe
from rendering.storage.place import Place


@pytest.fixture
def root(tmp_path: Path, settings) -> Path:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key.jpg").write_bytes(b"secret")
    folder = tmp_path / "root/pictures of ann"
    folder.mkdir(parents=True)
    (folder / "one.jpg").write_bytes(b"one")
    settings.FOLDER_ROOTS = [str(tmp_path / "root")]
    at.cache_clear()
    return folder


@pytest.mark.parametrize(
    "location", ["/", "/etc", "/home", "/proc/self", "{tmp}/secret", "{tmp}/rooted", "{tmp}/root/.."]
)
def test_no_bucket_is_outside_the_roots(root, tmp_path, location):
    place = Place("folder", location.format(tmp=tmp_path))
    with pytest.raises(NotAllowed):
        at(place)
    found = probe(place)
    assert (found.ok, found.keys, "FOLDER_ROOTS" in found.sentence) == (False, (), True)


def test_a_prefix_is_no_way_out(root):
    with pytest.raises(NotAllowed):
        at(Place("folder", str(root), "../../secret/"))


def test_a_folder_below_a_root_is_read(root):
    store = at(Place("folder", str(root)))
    assert store.stat("one.jpg").size == 3
    assert probe(Place("folder", str(root))).keys == ("one.jpg",)


def test_a_root_that_is_a_link_is_where_it_leads(root, tmp_path, settings):
    (tmp_path / "link").symlink_to(tmp_path / "root")
    settings.FOLDER_ROOTS = [str(tmp_path / "link")]
    assert at(Place("folder", str(root))).stat("one.jpg").size == 3


def test_links_out_of_a_folder_are_not_followed(root, tmp_path):
    (root / "file.jpg").symlink_to(tmp_path / "secret/key.jpg")
    (root / "folder").symlink_to(tmp_path / "secret")
    (root / "inside.jpg").symlink_to(root / "one.jpg")
    store = at(Place("folder", str(root)))
    for key in ("file.jpg", "folder/key.jpg"):
        with pytest.raises(Missing):
            store.stat(key)
        with pytest.raises(Missing):
            store.read(key)
    with pytest.raises(Missing):
        store.browse("folder/", 10)
    assert store.keys("", 10) == ["inside.jpg", "one.jpg"]
    assert store.browse("", 10).keys == ("inside.jpg", "one.jpg")
    assert store.browse("", 10).folders == ()
    assert store.stat("inside.jpg").size == 3


def test_a_bucket_whose_folder_is_a_link_out_is_refused(root, tmp_path):
    (root.parent / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(NotAllowed):
        at(Place("folder", str(root.parent / "link")))


def test_a_few_keys_of_a_large_folder_are_found_without_reading_all(root, monkeypatch):
    for number in range(50):
        (root / f"{number}.jpg").touch()
    seen: list[str] = []

    usable = folders.is_usable

    def look(key: str) -> bool:
        seen.append(key)
        return usable(key)

    monkeypatch.setattr(folders, "is_usable", look)
    assert len(at(Place("folder", str(root))).keys("", 12)) == 12
    assert len(seen) < 20
