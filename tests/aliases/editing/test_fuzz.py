"""Odd values, in forms, previews, documents and what comes of them: no fault anywhere; form and import say the same;
what is previewed is what is served. `make fuzz` looks for new examples for minutes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from aliases.editing import documents
from aliases.editing.documents import BadImport
from aliases.models import Alias, Bucket
from aliases.publishing.catalogue_document import encode, whole_draft
from aliases.publishing.publishing import publish
from rendering.catalogue.catalogue import NAME
from rendering.storage.factory import configured
from tests.aliases.forms import form_of, page
from tests.drawings import drawn
from tests.rendering.imaging.pictures import saved
from tests.rendering.imaging.strategies import calls
from tests.values import KEYS, NO_KEYS, ODD_TEXTS, ONLY_S3_KEYS

pytestmark = pytest.mark.django_db

#: As many as take seconds; those who explore have more.
EXAMPLES = settings.default.max_examples if settings.default and settings.default.max_examples > 100 else 40
bounded = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))

texts = st.one_of(
    st.sampled_from([*ODD_TEXTS, *KEYS, *ONLY_S3_KEYS, *NO_KEYS]),
    st.text(st.characters(codec="utf-8"), max_size=30),
).filter(lambda text: not any("\ud800" <= one <= "\udfff" for one in text))
numbers = st.one_of(
    st.integers(-2, 5000).map(str),
    st.sampled_from(
        [
            "",
            "0",
            "90",
            " 90",
            "9" * 310,
            "９０",
            "1_000",
            "5.000",
            "1e3",
            "-0",
            "+1",
            "NaN",
            "0.95",
            "0,95",
            ".9",
            "1.0",
        ]
    ),
    texts,
)
boxes = (
    st.sampled_from(["", "0.2x0.1:0.6x0.5", "0x0:1x1", "10x10:50x50", "0.0x0:1x1", "1x1:0x0", " 0.1x0.1:0.5x0.5 "])
    | texts
)
filters = (
    st.lists(calls(), max_size=3).map(lambda made: ":".join(str(call) for call in made))
    | st.sampled_from(
        [
            "",
            " grayscale() ",
            "focal(0x0:1x1)",
            "frame(photos/tiny.png)",
            "watermark(photos/cat.jpg,0,0,50)",
            "blur(",
            "::",
            "blur(150)",
        ]
    )
    | texts
)
FIELDS: dict[str, st.SearchStrategy[str]] = {
    "label": texts,
    "notes": texts,
    "prefix": st.sampled_from(["", "people/", " people/", "/a", "people//"]) | texts,
    "sample": st.sampled_from(["cat.jpg", "", "tiny.png", "gone.jpg", " cat.jpg"]) | texts,
    "width": numbers,
    "height": numbers,
    "fit": st.sampled_from(["cover", "contain", "stretch", "adaptive-outside", "COVER", ""]) | texts,
    "crop": st.sampled_from(["center", "smart", "focal", "top-left", ""]) | texts,
    "focal_box": boxes,
    "format": st.sampled_from(["original", "jpeg", "png", "gif", "webp", "JPEG", ""]) | texts,
    "ssim": st.just("") | numbers,
    "jpeg_quality": st.just("") | numbers,
    "webp_quality": st.just("") | numbers,
    "background": st.sampled_from(["ffffff", "#fff", "#FFFF", " white ", "#white", "rgb(1,2,3)"]) | texts,
    "filters": filters,
    "max_age": numbers,
    "shared_max_age": numbers,
    "dprs": st.sampled_from(["", "2, 3", "@2x", "2;3", "9", "2,2,2", "１"]) | texts,
    "widths": st.sampled_from(["", "320, 640", "@640w", "320;640", "9000", "1,1,1", "１"]) | texts,
    "fallback": st.sampled_from(["", "cat.jpg", "gone.jpg"]) | texts,
}  # fmt: skip

#: Those where a document says null for nothing, instead of an empty text.
NUMBERS = (
    "width", "height", "ssim", "jpeg_quality", "webp_quality", "avif_quality", "max_age", "shared_max_age",
    "stale_while_revalidate",
)  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written in it is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@st.composite
def odd_fields(draw):
    """A few fields of an alias, some of them odd."""
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=4, unique=True))
    return {name: draw(FIELDS[name]) for name in names}


@pytest.fixture
def drawer(bucket, service):
    """A bucket with the smallest pictures there are beside an ordinary one."""
    service.put("tiny.png", saved(Image.new("RGB", (1, 2))))
    service.put("people/cat.jpg", drawn(40, 30))
    return bucket


@bounded
@given(fields=odd_fields())
@example(fields={})
def test_form_and_import_say_the_same_and_what_is_previewed_is_served(fields, drawer, admin, service):
    posted = {**form_of(Alias(name="b", bucket=drawer, sample="cat.jpg", width=30)), **fields}
    preview = admin.post(page("alias_preview_new"), posted)
    assert preview.status_code in (200, 422)
    with undone():
        answer = admin.post(page("alias_add"), posted)
        assert answer.status_code in (200, 302)
        by_form = answer.context["adminform"].form.errors if answer.status_code == 200 else {}
        Alias.objects.all().delete()
        said = {name: value for name, value in posted.items() if name != "name" and not (name in NUMBERS and not value)}
        said = {**said, "bucket": drawer.name, **{name: None for name in NUMBERS if not posted[name]}}
        try:
            documents.load({"document": "aliases", "version": 1, "aliases": {"b": json.loads(json.dumps(said))}})
            by_import = ""
        except BadImport as error:
            by_import = str(error)
        told = "\n".join(f"b: {name}: {' '.join(errors)}" for name, errors in by_form.items())
        assert sorted(by_import.removeprefix("b: ").split("\nb: ")) == sorted(told.removeprefix("b: ").split("\nb: "))
        if by_form:
            assert fields  # without anything odd it is saved
            return
        alias = Alias.objects.get(name="b")
        if alias.ssim is None:
            publish(alias, None)
            document = encode(1, whole_draft())
            configured("catalogue").write(NAME, document, "application/json")
            served = service.get(Alias.objects.get().sample_path()) if alias.sample else None
            assert (preview.status_code == 200) == (served is not None and served.status_code == 200)
            if served is not None and served.status_code == 200:
                assert served.content == preview.content
            for one in (
                "/",
                page("alias_changelist"),
                page("alias_history", alias.pk),
                page("alias_publish", alias.pk),
            ):
                assert admin.get(one).status_code == 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@bounded
@given(
    aliases=st.dictionaries(
        st.sampled_from(["a", "b/c", "B", "", "a\0"]) | texts,
        st.dictionaries(st.sampled_from([*FIELDS, "bucket", "nothing"]), json_values, max_size=4) | json_values,
        max_size=3,
    ),
    known=st.booleans(),
)
def test_any_json_is_imported_or_refused_in_a_sentence(aliases, known, drawer):
    if known:
        aliases = {
            name: {"bucket": "photos", **said} if isinstance(said, dict) else said for name, said in aliases.items()
        }
    text = json.dumps({"document": "aliases", "version": 1, "aliases": aliases})
    with undone():
        try:
            told = [str(change) for change in documents.load(documents.read(text))]
        except BadImport as error:
            told = str(error).split("\n")
    assert told or not aliases
    assert all(told)


PLACES = {
    "environment": st.sampled_from(["local", "Local", "staging", "", "a b"]) | texts,
    "kind": st.sampled_from(["folder", "s3", "", "ftp"]) | texts,
    "location": st.sampled_from(["samples", "s3://x", "~", "..", "a/" * 400, "x" * 300, "acme-photos"]) | texts,
    "prefix": st.sampled_from(["", "originals/", " lead/", "/a", "x" * 300]) | texts,
    "region": st.sampled_from(["", "eu-west-1", "auto"]) | texts,
    "endpoint_url": st.sampled_from(["", "http://minio:9000", "minio"]) | texts,
    "role_arn": st.sampled_from(["", "arn:aws:iam::123456789012:role/x"]) | texts,
    "external_id": st.just("") | texts,
}
places = st.fixed_dictionaries({}, optional=PLACES)


@bounded
@given(
    name=st.sampled_from(["other", "photos", "300x200", ""]) | texts,
    made=st.lists(places, max_size=2),
    total=st.sampled_from(["", "1", "2", "x", "-1"]),
)
def test_any_bucket_is_saved_or_refused_by_its_form(name, made, total, drawer, admin):
    data: dict[str, Any] = {"name": name, "places-TOTAL_FORMS": total or len(made), "places-INITIAL_FORMS": "0"}
    for number, place in enumerate(made):
        data |= {f"places-{number}-{field}": value for field, value in place.items()}
    with undone():
        assert admin.post(reverse("admin:aliases_bucket_add"), data).status_code in (200, 302)
    with undone():
        data |= {
            "places-INITIAL_FORMS": "1",
            "places-0-id": str(drawer.places.get().pk),
            "places-0-bucket": str(drawer.pk),
        }
        assert admin.post(page("bucket_change", drawer.pk), {**data, "name": "photos"}).status_code in (200, 302)
    assert Bucket.objects.count() == 1
