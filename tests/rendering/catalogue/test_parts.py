"""A catalogue in parts: what a process reads of it, and what it goes on with while a part cannot be read."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rendering.catalogue import catalogue, parts
from rendering.catalogue.catalogue import READER, Alias, Document, NoCatalogue
from rendering.imaging import documents
from rendering.storage.errors import Away
from rendering.storage.factory import configured
from tests.service import Service


@pytest.fixture
def reads(monkeypatch):
    """The names of the documents that are read; those with a word of the set `away` cannot be."""
    store = type(configured("catalogue"))
    read, names, away = store.read, [], set[str]()

    def noted(self: Any, key: str, **options: Any) -> Any:
        if key.startswith(("catalogue", "aliases/")):
            names.append(key)
        if any(word in key for word in away):
            raise Away(f"{key} is away")
        return read(self, key, **options)

    monkeypatch.setattr(store, "read", noted)
    return names, away


def write(service: Service, serial: int, *groups: list[Alias]) -> list[str]:
    """Write a catalogue with a part for each group; return the hashes of the parts."""
    store, entries = configured("catalogue"), []
    for group in groups:
        content = parts.encode({one.name: raw(one) for one in group})
        entries.append(parts.Entry(group[0].name, parts.hash_of(content)))
        store.write(parts.name_of(entries[-1].hash), content, "application/json")
    buckets = {service.bucket.name: documents.to_builtins_unnamed(service.bucket)}
    document = Document[Any](serial=serial, buckets=buckets, aliases=None, parts=tuple(entries))
    store.write(catalogue.NAME, msgspec.json.encode(document), "application/json")
    return [entry.hash for entry in entries]


def raw(alias: Alias) -> msgspec.Raw:
    return msgspec.Raw(documents.encode(documents.to_builtins_unnamed(alias)))


def named(service: Service, *names: str) -> list[Alias]:
    return [replace(service.alias, name=name) for name in names]


def newer(settings) -> None:
    settings.CATALOGUE_MAX_AGE = 0


def test_a_process_reads_only_the_parts_that_it_is_asked_for(service: Service, reads):
    service.put("one.jpg")
    first, second = write(service, 1, named(service, "a", "a/b"), named(service, "m", "m/n"))
    READER.forget()
    reads[0].clear()
    assert service.get("/a/b/one.jpg").status_code == 200
    assert service.get("/a/one.jpg").status_code == 200
    assert [name for name in reads[0] if name != catalogue.NAME] == [parts.name_of(first)]
    assert service.get("/z/x/y/one.jpg").status_code == 404
    assert service.get("/-/info/m/n/one.jpg").status_code == 200
    assert [name for name in reads[0] if name != catalogue.NAME] == [parts.name_of(first), parts.name_of(second)]


def test_after_a_change_only_the_changed_part_is_read_again(service: Service, reads, settings):
    service.put("one.jpg")
    write(service, 1, named(service, "a"), named(service, "m"))
    for name in "am":
        assert service.get(f"/{name}/one.jpg").status_code == 200
    _, changed = write(service, 2, named(service, "a"), named(service, "m", "n"))
    newer(settings)
    reads[0].clear()
    for name in "amn":
        assert service.get(f"/{name}/one.jpg").status_code == 200
    assert {name for name in reads[0] if name != catalogue.NAME} == {parts.name_of(changed)}


def test_while_a_part_cannot_be_read_its_earlier_version_answers_for_a_short_time(service: Service, reads, settings):
    service.put("one.jpg")
    write(service, 1, named(service, "a"), named(service, "m"))
    for name in "am":
        assert "max-age=60," in service.get(f"/{name}/one.jpg")["Cache-Control"]
    _, changed = write(service, 2, named(service, "a"), named(service, "m", "n"))
    newer(settings)
    reads[1].add(changed)
    response = service.get("/m/one.jpg")
    assert (response.status_code, READER.may_be_behind()) == (200, True)
    assert "max-age=0," in response["Cache-Control"]
    assert service.client.get("/readyz").json()["checks"]["catalogue"] != "ok"
    reads[1].clear()
    assert service.get("/n/one.jpg").status_code == 200
    assert not READER.may_be_behind()


@pytest.mark.parametrize("first", [b"", b"<Error/>", b"{}", b'{"aliases":{}}', None])
def test_a_part_that_is_none_is_our_fault_and_no_other_suffers(service: Service, first):
    service.put("one.jpg")
    spoiled, _ = write(service, 1, named(service, "a"), named(service, "m"))
    if first is None:
        configured("catalogue").remove(parts.folder_of(spoiled))
    else:
        configured("catalogue").write(parts.name_of(spoiled), first, "application/json")
    READER.forget()
    response = service.get("/a/one.jpg")
    assert (response.status_code, json.loads(response.content)["error"]) == (503, "no_catalogue")
    assert response["Cache-Control"] == "no-store"
    assert service.get("/m/one.jpg").status_code == 200


@pytest.mark.parametrize("value", [{}, {"recipe": 5}, None, float("nan")])
def test_an_alias_that_says_nonsense_spoils_no_other_of_its_part(service: Service, value):
    service.put("one.jpg")
    good, other = named(service, "a", "m")
    content = json.dumps({"aliases": {"a": json.loads(bytes(raw(good))), "b": value}}).encode()
    entry = parts.Entry("a", parts.hash_of(content))
    configured("catalogue").write(parts.name_of(entry.hash), content, "application/json")
    write(service, 1, [good], [other])
    stored = configured("catalogue").read(catalogue.NAME)
    assert stored
    document = {**json.loads(stored.content), "parts": [{"first": "a", "hash": entry.hash}]}
    configured("catalogue").write(catalogue.NAME, json.dumps(document).encode(), "application/json")
    READER.forget()
    assert service.get("/a/one.jpg").status_code == 200
    assert service.get("/b/one.jpg").status_code == 503


@pytest.mark.parametrize(
    "change", [{"parts": []}, {"parts": None}, {"parts": [5]}, {"aliases": {}}, {"parts": [{"first": "", "hash": "x"}]}]
)
def test_a_list_of_parts_that_is_none_leaves_the_last_good_catalogue(service: Service, settings, change):
    service.put("one.jpg")
    write(service, 1, named(service, "a"), named(service, "m"))
    assert service.get("/a/one.jpg").status_code == 200
    stored = configured("catalogue").read(catalogue.NAME)
    assert stored
    document = {**json.loads(stored.content), "serial": 2, **change}
    configured("catalogue").write(catalogue.NAME, json.dumps(document).encode(), "application/json")
    newer(settings)
    assert service.get("/a/one.jpg").status_code == 200
    assert READER.stale
    READER.forget()
    with pytest.raises(NoCatalogue):
        READER.current()


NAMES = st.sets(st.text("abz-_/", min_size=1, max_size=4), min_size=1, max_size=40)


@given(NAMES, st.text("abz-_/", max_size=5), st.integers(1, 5))
def test_a_name_is_looked_for_where_it_was_put(names, other, each):
    ordered = sorted(names)
    groups = [ordered[begin : begin + each] for begin in range(0, len(ordered), each)]
    firsts = [group[0] for group in groups]
    for name in names:
        assert name in groups[parts.index_of(firsts, name)]
    assert (other in names) == (other in groups[parts.index_of(firsts, other)])


@given(st.integers(0, 5 * parts.MOST))
def test_groups_have_room_for_more(count):
    groups = parts.split({f"{number:05}": number for number in range(count)})
    assert [number for group in groups for number in group.values()] == list(range(count))
    assert all(groups)
    assert len(groups) <= 1 if count <= parts.MOST else all(len(group) <= parts.MOST // 2 for group in groups)
