"""The catalogue in parts as publishing writes it: what is made anew, what stays, and what is never lost."""

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from aliases.models import Alias, Bucket, CatalogueState, Outbox
from aliases.publishing import bucket_changes, catalogue_document, sending
from aliases.publishing.bucket_state import state_of
from aliases.publishing.publishing import publish, roll_back, set_enabled, together
from rendering.catalogue import parts
from rendering.catalogue.catalogue import READER, Catalogue
from rendering.storage.errors import Away, Denied
from rendering.storage.factory import configured

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Parts have four aliases at most."""
    monkeypatch.setattr(parts, "MOST", 4)


@pytest.fixture
def store(monkeypatch):
    """What is written, and what becomes of it: `fails` may raise before a key is written, `then` afterwards."""

    class Noted:
        written: list[str] = []
        fails: Any = staticmethod(lambda key: None)
        then: Any = staticmethod(lambda key: None)

    kind = type(configured("catalogue"))
    write = kind.write

    def noted(self: Any, key: str, content: bytes, *args: Any, **kwargs: Any) -> None:
        if not key.startswith(("catalogue", "aliases/")):
            return write(self, key, content, *args, **kwargs)
        Noted.fails(key)
        Noted.written.append(key)
        write(self, key, content, *args, **kwargs)
        Noted.then(key)
        return None

    Noted.written = []
    monkeypatch.setattr(kind, "write", noted)
    return Noted


def document() -> dict[str, Any]:
    stored = configured("catalogue").read("catalogue.json")
    assert stored
    found: dict[str, Any] = json.loads(stored.content)
    return found


def live() -> dict[str, int]:
    """The aliases that a process which has just started finds, and their revisions."""
    stored = configured("catalogue").read("catalogue.json")
    assert stored
    read = Catalogue.read(stored.content)
    return {name: alias.revision for name in read.aliases if (alias := read.alias(name))}


def in_database() -> dict[str, int]:
    rows = Alias.objects.filter(enabled=True, live__isnull=False).values_list("name", "live__number")
    return dict(rows)


def made(bucket: Bucket, *names: str) -> list[Alias]:
    aliases = [Alias.objects.create(name=name, bucket=bucket) for name in names]
    with together("made"):
        for alias in aliases:
            publish(alias, None)
    return aliases


def changed(alias: Alias, width: int) -> Alias:
    alias.refresh_from_db()
    alias.width = width
    alias.save()
    return alias


def publish_all(aliases: list[Alias]) -> None:
    with together("many"):
        for alias in aliases:
            publish(changed(alias, 30), None)


def folders() -> set[str]:
    return {folder.rstrip("/").split("/")[-1] for folder in configured("catalogue").browse("aliases/", 1000).folders}


def test_few_aliases_stand_in_the_catalogue_itself(bucket):
    made(bucket, "a", "b", "c", "d")
    assert "parts" not in document()
    assert live() == in_database() == dict.fromkeys("abcd", 1)


def test_publishing_one_alias_writes_one_part_and_the_list(bucket, store):
    aliases = made(bucket, *(f"a{number:02}" for number in range(20)))
    assert document()["aliases"] is None
    assert len(document()["parts"]) == 10
    store.written.clear()
    publish(changed(aliases[7], 30), None)
    assert len(store.written) == 2
    assert store.written[0].startswith("aliases/")
    assert store.written[1] == "catalogue.json"
    assert live() == in_database() == {**dict.fromkeys((one.name for one in aliases), 1), "a07": 2}
    store.written.clear()
    set_enabled(aliases[7], False, None)
    assert "a07" not in live()
    roll_back(aliases[3], aliases[3].revisions.get(), None)  # is live already
    bucket_changes.change(bucket, {**state_of(bucket), "immutable": True}, None)
    assert len([key for key in store.written if key != "catalogue.json"]) == 1
    assert live() == in_database()


def test_a_database_that_changes_at_random_and_its_catalogue_agree(bucket):
    some = random.Random(7)
    aliases: list[Alias] = []
    for step in range(40):
        with together("a step"):
            for _ in range(some.choice((1, 1, 2, 5))):
                alias = some.choice(aliases) if aliases and some.random() < 0.6 else None
                if alias is None:
                    name = f"{some.choice('abz')}/{some.choice('abz')}{step}-{some.randrange(10**6)}"
                    alias = Alias.objects.create(name=name, bucket=bucket)
                    aliases.append(alias)
                    publish(alias, None)
                elif some.random() < 0.5:
                    publish(changed(alias, some.randrange(1, 900)), None)
                else:
                    set_enabled(Alias.objects.get(pk=alias.pk), some.random() < 0.4, None)
        assert live() == in_database()
        assert document()["serial"] == CatalogueState.objects.get().serial
    listed = document()["parts"]
    assert sorted(entry["first"] for entry in listed) == [entry["first"] for entry in listed]
    sending.write_catalogue()
    assert live() == in_database()


def test_a_publisher_that_dies_between_parts_and_list_changes_nothing_and_loses_nothing(bucket, store):
    aliases = made(bucket, *(f"a{number:02}" for number in range(20)))
    before, serial = live(), document()["serial"]

    def die(key: str) -> None:
        if key == "catalogue.json":
            raise Away("died")

    store.fails = die
    with together("many"):
        for alias in aliases[::3]:
            publish(changed(alias, 30), None)
    assert (live(), document()["serial"]) == (before, serial)
    store.fails = lambda key: None
    publish(changed(aliases[1], 40), None)
    assert live() == in_database()
    assert document()["serial"] == serial + 1


class Killed(BaseException):
    """A killed process, as far as database and storage can tell: the transaction is undone, what is written stays."""


@pytest.mark.parametrize("at", ["the first part", "the second part", "the list", "the commit"])
def test_a_publisher_that_is_killed_loses_nothing_and_its_parts_are_swept_later(bucket, store, monkeypatch, at):
    aliases = made(bucket, *(f"a{number:02}" for number in range(20)))
    before = live()
    monkeypatch.setattr(catalogue_document, "SIDE_BY_SIDE", 1)
    store.written.clear()

    def die(key: str) -> None:
        parts_written = len([one for one in store.written if one != "catalogue.json"])
        if (at, parts_written) in (("the first part", 0), ("the second part", 1)) or (
            at == "the list" and key[0] == "c"
        ):
            raise Killed

    def die_late(key: str) -> None:
        if at == "the commit" and key == "catalogue.json":
            raise Killed

    store.fails, store.then = die, die_late
    with pytest.raises(Killed):
        publish_all(aliases[::3])
    assert live() == (in_database() if at == "the commit" else before)
    store.fails = store.then = lambda key: None
    left = folders()
    sending.send_due(timezone.now() + timedelta(minutes=10))
    assert live() == in_database() != before
    # Somebody may hold what was listed until now, so nothing is removed yet.
    assert left <= folders()
    assert set(CatalogueState.objects.get().retired) == folders() - {entry["hash"] for entry in document()["parts"]}
    monkeypatch.setattr(catalogue_document, "KEPT", timedelta(0))
    for _ in range(3):
        sending.write_catalogue()
    assert folders() == {entry["hash"] for entry in document()["parts"]}
    assert live() == in_database()


def test_of_many_parts_some_are_looked_at_each_time_and_in_the_end_all(bucket, monkeypatch):
    aliases = made(bucket, *(f"a{number:02}" for number in range(9)))
    strays = {f"{digit:x}" * 32 for digit in range(16)}
    for stray in strays:
        configured("catalogue").write(parts.name_of(stray), b"left behind", "application/json")
    monkeypatch.setattr(catalogue_document, "MANY", 1)
    publish(changed(aliases[0], 30), None)
    assert len(strays & set(CatalogueState.objects.get().retired)) == 1
    for width in range(31, 46):
        publish(changed(aliases[0], width), None)
    assert strays <= set(CatalogueState.objects.get().retired)


def test_without_the_right_to_list_parts_publishing_goes_on(bucket, monkeypatch):
    aliases = made(bucket, *(f"a{number:02}" for number in range(9)))

    def deny(*args: object) -> None:
        raise Denied("not there")

    monkeypatch.setattr(type(configured("catalogue")), "browse", deny)
    publish(changed(aliases[0], 30), None)
    assert live() == in_database()


def test_a_list_that_somebody_else_wrote_is_written_anew_as_a_whole(bucket, store):
    aliases = made(bucket, *(f"a{number:02}" for number in range(9)))
    foreign = {**document(), "serial": 41, "parts": document()["parts"][:1]}
    configured("catalogue").write("catalogue.json", json.dumps(foreign).encode(), "application/json")
    publish(changed(aliases[0], 30), None)
    assert document()["serial"] == 42
    assert live() == in_database()


@pytest.mark.parametrize("content", [b"", b"<Error/>", None])
def test_a_part_that_was_spoiled_is_made_again_from_the_database(bucket, content):
    aliases = made(bucket, *(f"a{number:02}" for number in range(9)))
    spoiled = document()["parts"][0]["hash"]
    if content is None:
        configured("catalogue").remove(parts.folder_of(spoiled))
    else:
        configured("catalogue").write(parts.name_of(spoiled), content, "application/json")
    publish(changed(aliases[0], 30), None)
    assert live() == in_database()


def test_without_the_right_to_write_parts_the_catalogue_is_one_document(bucket, store):
    def deny(key: str) -> None:
        if key.startswith("aliases/"):
            raise Denied("not there")

    store.fails = deny
    made(bucket, *(f"a{number:02}" for number in range(9)))
    assert "parts" not in document()
    assert live() == in_database()


def test_a_row_of_an_earlier_version_has_all_aliases_written(bucket):
    [alias] = made(bucket, "a")
    Alias.objects.filter(pk=alias.pk).update(enabled=False)
    Outbox.objects.create(kind="catalogue", due_at=timezone.now())
    sending.send_due()
    assert live() == {}


def test_replaced_parts_are_removed_when_no_process_can_need_them(bucket, monkeypatch):
    aliases = made(bucket, *(f"a{number:02}" for number in range(9)))
    for width in range(30, 36):
        publish(changed(aliases[0], width), None)
    kept, listed = folders(), {entry["hash"] for entry in document()["parts"]}
    assert listed < kept
    assert set(CatalogueState.objects.get().retired) == kept - listed
    monkeypatch.setattr(catalogue_document, "KEPT", timedelta(0))
    for _ in range(3):
        sending.write_catalogue()
    assert folders() == {entry["hash"] for entry in document()["parts"]}
    assert live() == in_database()


def test_a_process_that_holds_an_earlier_list_finds_its_parts(bucket, settings):
    aliases = made(bucket, *(f"a{number:02}" for number in range(9)))
    READER.forget()
    held = READER.current()
    publish(changed(aliases[8], 30), None)
    found = held.alias("a08")
    assert found
    assert found.revision == 1
