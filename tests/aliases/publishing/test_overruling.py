"""Overruling a focus: kept with its history, published at once in its bucket's document, and never undone by chance."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from aliases.models import Alias, Bucket, FocusDocument, Outbox, OverruledFocus
from aliases.publishing import sending
from aliases.publishing.overruling import newest, overrule
from aliases.publishing.publishing import publish
from rendering.catalogue.catalogue import Catalogue
from rendering.imaging.frame.geometry import Box
from rendering.pictures.originals import hash_of
from rendering.pictures.overruled import Overruled
from rendering.storage.errors import Away, Changed
from rendering.storage.factory import configured
from tests.drawings import drawn, opened

pytestmark = pytest.mark.django_db

LEFT, RIGHT = Box.read("0.0x0.0:0.2x0.4"), Box.read("0.8x0.0:1.0x0.4")


def content(name: str) -> bytes:
    kept = configured("catalogue").read(name)
    assert kept
    return kept.content


def document(name: str) -> Any:
    return json.loads(content(name))


def told() -> int:
    """The serial of the bucket's focus in the catalogue."""
    return Catalogue.read(content("catalogue.json")).buckets["photos"].focus


def published(bucket: Bucket, key: str = "cat.jpg") -> list[str] | None:
    """What the document that the catalogue tells of says of an original."""
    read = Overruled.read(content("focus/photos.json"))
    assert read.serial == told()
    boxes = read.boxes.get(hash_of(bucket.frozen("local"), key))
    return None if boxes is None else json.loads(bytes(boxes))


def test_an_overruled_focus_is_published_with_one_act_and_its_images_tag_invalidated_twice(bucket, made, committed):
    ann = made("ann")
    with committed():
        line = overrule(bucket, "cat.jpg", [LEFT], ann, "the cat, not the dog", etag="e1")
    assert line
    assert line == newest(bucket, "cat.jpg")
    assert (line.boxes, line.by, line.why, line.etag) == ([str(LEFT)], ann, "the cat, not the dog", "e1")
    assert published(bucket) == [str(LEFT)]
    write, forget = Outbox.objects.order_by("pk")
    assert (write.kind, write.bucket) == ("catalogue", bucket)
    assert write.sent_at
    assert forget.tags == [f"image:{hash_of(bucket.frozen('local'), 'cat.jpg')}"]
    assert forget.sends_left == 1
    assert sending.send_due(timezone.now() + timedelta(seconds=60)) == 1
    forget.refresh_from_db()
    assert forget.sent_at


def test_the_history_keeps_every_line_and_the_newest_counts(bucket, committed):
    for boxes in ([LEFT], [], [RIGHT], None):
        with committed():
            overrule(bucket, "cat.jpg", boxes, None)
        assert published(bucket) == (None if boxes is None else [str(box) for box in boxes])
    lines = OverruledFocus.objects.filter(bucket=bucket, key="cat.jpg")
    assert [(line.boxes, line.newest) for line in lines] == [
        (None, True),
        ([str(RIGHT)], False),
        ([], False),
        ([str(LEFT)], False),
    ]


@pytest.mark.parametrize("boxes", [None, [], [LEFT]])
def test_what_is_so_already_makes_no_line_and_tells_nobody(bucket, boxes):
    overrule(bucket, "cat.jpg", boxes, None)
    count = Outbox.objects.count()
    assert overrule(bucket, "cat.jpg", boxes, None, "again") is None
    assert Outbox.objects.count() == count
    assert OverruledFocus.objects.count() == (0 if boxes is None else 1)


def test_a_focus_that_is_said_to_fit_an_overwritten_original_is_a_line_of_the_history_and_no_news(bucket):
    overrule(bucket, "cat.jpg", [LEFT], None, etag="old")
    count = Outbox.objects.count()
    line = overrule(bucket, "cat.jpg", [LEFT], None, etag="new")
    assert line
    assert (line.etag, line.newest) == ("new", True)
    assert Outbox.objects.count() == count


def test_who_did_not_see_the_newest_line_is_refused(bucket):
    first = overrule(bucket, "cat.jpg", [LEFT], None, seen=0)
    assert first
    for seen in (0, first.pk + 1):
        with pytest.raises(ValidationError, match="Somebody set another focus"):
            overrule(bucket, "cat.jpg", [RIGHT], None, seen=seen)
    assert overrule(bucket, "cat.jpg", [RIGHT], None, seen=first.pk)


@pytest.mark.parametrize("key", ["", "a/../b", "x\0", "a" * 1025])
def test_a_key_that_no_original_has_is_refused(bucket, key):
    with pytest.raises(ValidationError):
        overrule(bucket, key, [LEFT], None)
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("boxes", [[Box.read("10x20:30x40")], [LEFT] * 21])
def test_boxes_in_pixels_and_too_many_are_refused(bucket, boxes):
    with pytest.raises(ValidationError, match="in fractions of the sides"):
        overrule(bucket, "cat.jpg", boxes, None)


def test_a_focus_changes_every_smart_alias_within_the_catalogues_age_and_back_without_a_render(
    bucket, service, settings, committed, in_process, monkeypatch
):
    """End to end: from the act to the pictures, in a process that goes on running."""
    settings.CATALOGUE_MAX_AGE = 60
    service.put("cat.jpg", drawn(300, 90))
    for name, width in (("square", 90), ("narrow", 30)):
        alias = Alias.objects.create(name=name, bucket=bucket, width=width, height=90, crop="smart", format="png")
        publish(alias, None)
    with committed():
        publish(Alias.objects.create(name="plain", bucket=bucket, width=90, height=90, format="png"), None)

    def pictures() -> dict[str, Any]:
        return {name: service.get(f"/{name}/cat.jpg") for name in ("square", "narrow", "plain")}

    def etags() -> dict[str, str]:
        return {name: response["ETag"] for name, response in pictures().items()}

    before, tags = etags(), {response["Cache-Tag"].split(",")[-1] for response in pictures().values()}
    with committed():
        overrule(bucket, "cat.jpg", [RIGHT], None)
    assert etags() == before  # not yet: the catalogue is younger than its age
    service.wait(61)
    after = pictures()
    assert {name for name in after if after[name]["ETag"] != before[name]} == {"square", "narrow"}
    for name in ("square", "narrow"):
        red, green, _ = opened(after[name]).convert("RGB").getpixel((2, 2))  # type: ignore[misc]
        assert green > 200 > red
    # What caches hold of them under these tags is what they are told to forget.
    assert set(Outbox.objects.filter(kind="invalidate").latest("pk").tags) == tags
    kept = service.kept()
    with committed():
        overrule(bucket, "cat.jpg", None, None)
    service.wait(61)
    monkeypatch.setattr("rendering.imaging.pipeline.render.render", lambda *args: pytest.fail("rendered again"))
    assert etags() == before
    assert service.kept() == kept


def test_the_documents_serial_is_higher_whatever_was_lost(bucket, committed):
    """The data plane ignores what is not newer than what it holds."""
    with committed():
        overrule(bucket, "cat.jpg", [LEFT], None)
    # Of a publisher that was killed after it had written the document, or of a database from a backup.
    lost = {**document("focus/photos.json"), "serial": 41}
    configured("catalogue").write("focus/photos.json", json.dumps(lost).encode(), "application/json")
    with committed():
        overrule(bucket, "cat.jpg", [RIGHT], None)
    assert told() == 42
    assert published(bucket) == [str(RIGHT)]
    # A bucket that was made again under its name, or whose document was lost: never lower than any catalogue was.
    serial = document("catalogue.json")["serial"]
    bucket.delete()
    again = Bucket.objects.create(name="photos")
    configured("catalogue").write("focus/photos.json", b"not json", "application/json")
    with committed():
        overrule(again, "cat.jpg", [LEFT], None)
    assert told() > serial
    assert published(again) == [str(LEFT)]


def test_a_catalogue_without_a_new_focus_leaves_the_documents_alone(bucket, alias, committed):
    with committed():
        overrule(bucket, "cat.jpg", [LEFT], None)
    before = configured("catalogue").stat("focus/photos.json")
    serial = told()
    with committed():
        publish(alias, None)
    assert configured("catalogue").stat("focus/photos.json") == before
    assert told() == serial


def test_a_publisher_killed_before_it_sent_is_made_good_by_the_next_sender(bucket, alias):
    overrule(bucket, "cat.jpg", [LEFT], None)  # nothing is sent: the process is dead
    overrule(bucket, "dog.jpg", [RIGHT], None)
    sending.send_due()
    assert published(bucket) == [str(LEFT)]
    assert published(bucket, "dog.jpg") == [str(RIGHT)]
    assert not Outbox.objects.filter(kind="catalogue", sent_at=None).exists()


@pytest.fixture
def failing(monkeypatch):
    """Writes of documents whose name begins so fail, until the list is emptied."""
    kind = type(configured("catalogue"))
    write, names = kind.write, list[str]()

    def fail(self: Any, key: str, *args: Any, **options: Any) -> None:
        if key.startswith(tuple(names)):
            raise Away("the storage is away")
        write(self, key, *args, **options)

    monkeypatch.setattr(kind, "write", fail)
    return names


def test_a_document_that_cannot_be_written_holds_the_catalogue_and_the_invalidation_back(bucket, failing, committed):
    failing.append("focus/")
    with committed():
        overrule(bucket, "cat.jpg", [LEFT], None)
    with pytest.raises(Exception, match=r"catalogue\.json"):
        document("catalogue.json")
    row = Outbox.objects.get(kind="catalogue")
    assert (row.attempts, row.last_error) == (1, "Away: the storage is away")
    assert Outbox.objects.get(kind="invalidate").sends_left == 2
    failing.clear()
    assert sending.send_due(row.due_at) == 2
    assert published(bucket) == [str(LEFT)]


def test_a_catalogue_that_cannot_be_written_is_written_later_with_a_document_as_new(bucket, failing, committed):
    with committed():
        overrule(bucket, "cat.jpg", [LEFT], None)
    failing.append("catalogue")
    with committed():
        overrule(bucket, "cat.jpg", [RIGHT], None)
    # Nobody is told of the new document yet.
    assert told() < document("focus/photos.json")["serial"]
    failing.clear()
    with committed():
        overrule(bucket, "dog.jpg", [LEFT], None)
    sending.send_due(timezone.now() + timedelta(seconds=60))
    assert published(bucket) == [str(RIGHT)]
    assert published(bucket, "dog.jpg") == [str(LEFT)]


def test_a_late_writer_never_undoes_a_later_one(bucket, committed, monkeypatch):
    """A write that seemed to fail arrives after the next one: it says which version it replaces, and is refused."""
    kind = type(configured("catalogue"))
    write, late = kind.write, list[Any]()

    def slow(self: Any, key: str, *args: Any, **options: Any) -> None:
        if key == "focus/photos.json" and not late:
            late.append(lambda: write(self, key, *args, **options))
            raise Away("no answer in time")
        write(self, key, *args, **options)

    monkeypatch.setattr(kind, "write", slow)
    with committed():
        overrule(bucket, "cat.jpg", [LEFT], None)
    overrule(bucket, "cat.jpg", [RIGHT], None)
    sending.send_due(timezone.now() + timedelta(seconds=60))
    with pytest.raises(Changed):
        late[0]()
    assert published(bucket) == [str(RIGHT)]


def test_writing_the_catalogue_anew_writes_every_document_anew(bucket, committed):
    with committed():
        overrule(bucket, "cat.jpg", [LEFT], None)
    configured("catalogue").write("focus/photos.json", b"lost", "application/json")
    FocusDocument.objects.all().delete()
    call_command("write_catalogue")
    assert published(bucket) == [str(LEFT)]


def test_a_bucket_without_a_focus_has_no_document(alias, committed):
    with committed():
        publish(alias, None)
    call_command("write_catalogue")
    assert told() == 0
    assert not FocusDocument.objects.exists()
