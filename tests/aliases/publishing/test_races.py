"""Several at once: on the database that DATABASE_URL names, with a connection for each thread."""

import json
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from aliases.models import Alias, Bucket, CatalogueState, Outbox, OverruledFocus, Publication, Revision
from aliases.publishing import sending
from aliases.publishing.cdns import purgers
from aliases.publishing.overruling import overrule
from aliases.publishing.publishing import publish
from rendering.catalogue.catalogue import NAME
from rendering.imaging.frame.geometry import Box
from rendering.pictures.originals import hash_of
from rendering.pictures.overruled import name_of
from rendering.storage.factory import configured
from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*functions: Callable[[], Any]) -> None:
    """Run each in a thread of its own, begun together; raise what any of them raised."""
    barrier = threading.Barrier(len(functions))
    errors: list[Exception] = []

    def run(function: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            function()
        except Exception as error:  # noqa: BLE001 - whatever it was, the test has to know
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[function]) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def stored(name: str = NAME) -> dict[str, Any]:
    kept = configured("catalogue").read(name)
    assert kept
    document: dict[str, Any] = json.loads(kept.content)
    return document


def test_what_editors_save_at_once_in_fields_of_their_own_is_all_kept(alias, made):
    mine = {"label": "Avatar", "width": "70", "height": "71", "filters": "grayscale()"}
    clients = []
    for name in mine:
        client = Client()
        client.force_login(made(f"editor-of-{name}", is_superuser=True))
        form = client.get(page("alias_change", alias.pk)).context["adminform"].form
        clients.append((client, {**form_of(alias, **{name: mine[name]}), "_opened": form.opened, "_continue": "1"}))

    def save(client: Client, posted: dict[str, Any]) -> None:
        assert client.post(page("alias_change", alias.pk), posted).status_code == 302

    at_once(*[partial(save, *one) for one in clients])
    alias.refresh_from_db()
    assert {name: str(getattr(alias, name)) for name in mine} == mine


def test_two_who_publish_the_same_draft_at_once_make_one_revision(alias):
    at_once(*[lambda: publish(Alias.objects.get(pk=alias.pk), None)] * 4)
    assert Revision.objects.count() == Publication.objects.count() == 1
    assert stored()["aliases"]["profile-image/ios"]["revision"] == 1


def test_many_who_publish_at_once_all_end_up_in_the_catalogue(bucket, monkeypatch):
    serials = []
    write = type(configured("catalogue")).write

    def noting(self: Any, name: str, content: bytes, *args: Any, **kwargs: Any) -> None:
        serials.append(json.loads(content)["serial"])
        write(self, name, content, *args, **kwargs)

    monkeypatch.setattr(type(configured("catalogue")), "write", noting)
    aliases = [Alias.objects.create(name=f"a{number}", bucket=bucket) for number in range(6)]
    at_once(*[lambda alias=alias: publish(alias, None) for alias in aliases])
    assert set(stored()["aliases"]) == {alias.name for alias in aliases}
    # Each was written after the one before, and none twice.
    assert serials == sorted(set(serials))
    assert stored()["serial"] == serials[-1] == CatalogueState.objects.get().serial
    assert not Outbox.objects.filter(kind="catalogue", sent_at=None).exists()


def test_a_slow_writer_never_lands_on_top_of_a_newer_catalogue(bucket, monkeypatch):
    """The first writer has built its catalogue and waits; a second publishes meanwhile and has to wait for it."""
    first, second = (Alias.objects.create(name=name, bucket=bucket) for name in ("first", "second"))
    building, go_on = threading.Event(), threading.Event()
    write = type(configured("catalogue")).write

    def slow(self: Any, *args: Any, **kwargs: Any) -> None:
        if not building.is_set():
            building.set()
            go_on.wait(0.5)  # the other cannot say that it waits for a lock
        write(self, *args, **kwargs)

    monkeypatch.setattr(type(configured("catalogue")), "write", slow)

    def follow() -> None:
        building.wait()
        publish(second, None)
        go_on.set()

    at_once(lambda: publish(first, None), follow)
    sending.send_due()
    assert set(stored()["aliases"]) == {"first", "second"}


def test_several_senders_at_once_send_each_invalidation_only_once(alias, monkeypatch):
    told = []
    monkeypatch.setattr(purgers, "purge", lambda tags, reference: told.append(reference))
    monkeypatch.setattr("aliases.publishing.publishing.send_due", lambda: None)
    publish(alias, None)
    sending.write_catalogue()
    at_once(*[sending.send_due] * 4)
    assert len(told) == 1


def test_publishing_and_editing_at_once_lose_neither(alias):
    def edit() -> None:
        draft = Alias.objects.get(pk=alias.pk)
        draft.label = "edited"
        draft.save()

    at_once(lambda: publish(alias, None), edit, edit)
    alias.refresh_from_db()
    assert alias.label == "edited"
    assert alias.live is not None


def test_many_who_overrule_originals_of_one_bucket_at_once_all_end_up_in_its_document(bucket):
    box = Box.read("0.1x0.1:0.2x0.2")
    keys = [f"{number}.jpg" for number in range(6)]
    at_once(*[lambda key=key: overrule(bucket, key, [box], None) for key in keys])
    frozen = Bucket.objects.get().frozen("local")
    assert stored()["buckets"]["photos"]["focus"] == frozen.focus == stored(name_of("photos"))["serial"]
    assert set(stored(name_of("photos"))["boxes"]) == {hash_of(frozen, key) for key in keys}
    assert not Outbox.objects.filter(kind="catalogue", sent_at=None).exists()


def test_of_many_who_overrule_one_original_at_once_having_seen_the_same_one_succeeds(bucket):
    refused = []

    def act(number: int) -> None:
        try:
            overrule(bucket, "cat.jpg", [Box.read(f"0.1x0.1:0.{number}x0.5")], None, seen=0)
        except ValidationError as error:
            refused.append(error)

    at_once(*[lambda number=number: act(number) for number in range(2, 6)])
    assert len(refused) == 3
    line = OverruledFocus.objects.get()
    assert stored(name_of("photos"))["boxes"] == {hash_of(bucket.frozen("local"), "cat.jpg"): line.boxes}


@pytest.mark.parametrize("model", ["alias", "bucket"])
def test_of_two_who_add_the_same_name_at_once_one_is_told_at_its_field(model, bucket, made, service):
    made("root", is_superuser=True)
    alias = form_of(Alias(name="new", bucket=bucket, width=30))
    place = {"environment": "local", "kind": "folder", "location": str(service.originals), "prefix": ""}
    forms = {
        "alias": alias,
        "bucket": {
            "name": "new",
            "places-TOTAL_FORMS": 1,
            "places-INITIAL_FORMS": 0,
            **{f"places-0-{name}": value for name, value in place.items()},
        },
    }
    answers: list[int] = []
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(User.objects.get(username="root"))
    at_once(
        *(
            lambda client=client: answers.append(client.post(page(f"{model}_add"), forms[model]).status_code)
            for client in clients
        )
    )
    assert sorted(answers) == [200, 302]
    made_once = Alias.objects if model == "alias" else Bucket.objects
    assert made_once.filter(name="new").count() == 1


def test_an_alias_that_is_deleted_while_it_is_published_is_told_of(alias, made):
    gone = Alias.objects.get(pk=alias.pk)
    alias.delete()
    with pytest.raises(ValidationError, match="was deleted meanwhile"):
        publish(gone, None)
