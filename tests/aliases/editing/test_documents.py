"""Documents of aliases, read as strictly as the form is: the same verdicts, in the same words."""

import io
import json
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import BooleanField

from aliases.drafts.field_lists import FIELDS, WITHOUT_PIXELS
from aliases.editing import documents
from aliases.models import Alias, Bucket, BucketPlace, Revision
from aliases.publishing.publishing import publish
from tests.aliases.forms import form_of, page
from tests.values import KEYS, ODD_TEXTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(tmp_path):
    """Import an alias of these fields, or a file of these bytes; what was printed, or the refusal."""

    def load(said: Any = None, *options: str, content: bytes | None = None, name: str = "b") -> str:
        file = tmp_path / "aliases.json"
        document = {"document": "aliases", "version": 1, "aliases": {name: said}}
        file.write_bytes(json.dumps(document).encode() if content is None else content)
        output = io.StringIO()
        try:
            call_command("import_aliases", str(file), *options, stdout=output)
        except CommandError as error:
            return f"refused: {error}"
        return output.getvalue()

    return load


#: Fields, what stands in a document for them, and what is said of it. None: it is taken.
ODD: list[tuple[str, Any, str | None]] = [
    ("width", "", None),
    ("width", None, None),
    ("width", "90", None),
    ("width", " 90 ", None),
    ("width", "９０", "not a whole number"),
    ("width", "1_000", "not a whole number"),
    ("width", "5.000", "not a whole number"),
    ("width", "1,000", "not a whole number"),
    ("width", "-5", "not a whole number"),
    ("width", "+5", "not a whole number"),
    ("width", "0x10", "not a whole number"),
    ("width", "1e3", "not a whole number"),
    ("width", "9" * 310, "far too large"),
    ("width", "9" * 5000, "far too large"),
    ("width", "99999", "from 1 to 4096"),
    ("ssim", "0,95", "Write a decimal point: 0.95"),
    ("ssim", "nan", "not a number"),
    ("ssim", "inf", "not a number"),
    ("ssim", "1e-1", "not a number"),
    ("ssim", "٠.٩", "not a number"),
    ("max_age", "", "required"),
    ("max_age", "86_400", "not a whole number"),
    ("jpeg_quality", "٨٠", "not a whole number"),
    ("jpeg_quality", "80.0", "not a whole number"),
    ("fit", "fill", "“fill” is none of the choices: cover, contain"),
    ("fit", "x" * 500, "none of the choices"),
    ("crop", "", "required"),
    ("focal_box", "0x0:1x1", "one pixel of the original"),
    ("filters", "focal(0x0:1x1)", "one pixel of the original"),
    ("filters", " " * 2_000_000, "2,000,000 characters"),
    ("filters", "  grayscale() ", None),
    ("background", " #FFF ", None),
    ("background", "#ffff", "not a colour"),
    ("dprs", " 2 , 3 ", None),
    ("dprs", "２", "not a number"),
    ("widths", " @640w , 320,320 ", None),
    ("widths", "640.5", "not a whole number"),
    ("widths", "９", "not a whole number"),
    ("widths", "9" * 119, "not a whole number"),
    ("prefix", "/a", "no key begins with /"),
    ("prefix", "people//", "people/"),
    ("sample", "a\\b.jpg", "no key holds a backslash"),
    ("prefix", "people\x00/", "control character"),
    ("label", "two\nlines", "control character U+000A"),
    ("label", "nul\x00", "control character U+0000"),
    ("notes", "two\nlines\tand a tab", None),
    ("notes", "bell\x07", "control character U+0007"),
    ("notes", "x" * 30_000, "30,000 characters"),
]


@pytest.mark.parametrize(("field", "value", "said"), ODD, ids=lambda value: ascii(value)[:40])
def test_the_form_and_an_import_say_the_same_of_a_value(field, value, said, alias, admin, imported):
    imports = imported({"bucket": "photos", "sample": "cat.jpg", "format": "jpeg", field: value}, "--dry-run")
    fields = form_of(Alias(name="b", bucket=alias.bucket, sample="cat.jpg", format="jpeg"))
    response = admin.post(page("alias_add"), {**fields, field: "" if value is None else value})
    if said is None:
        assert "b: new" in imports
        assert response.status_code == 302
        return
    errors = response.context["adminform"].form.errors
    assert list(errors) == [field]
    (told,) = errors[field]
    assert said in told
    assert f"b: {field}: {told}" in imports
    assert len(told) < 200
    preview = admin.post(page("alias_preview_new"), {**fields, field: value})
    # What says nothing of the picture does not blank it.
    assert preview.status_code == (200 if field in WITHOUT_PIXELS else 422)
    assert field in WITHOUT_PIXELS or preview.json()["errors"] == {field: [told]}


@pytest.mark.parametrize("key", [*(key for key in KEYS if len(key) <= 500), " ", "   ", " a", "a ", "\u3000", "\xa0a"])
def test_a_key_is_kept_exactly_as_it_stands_by_form_and_import(key, alias, admin, imported):
    keys = dict.fromkeys(("prefix", "sample", "fallback"), key)
    assert admin.post(page("alias_change", alias.pk), form_of(alias, **keys)).status_code == 302
    assert Alias.objects.filter(pk=alias.pk).values(*keys).get() == keys
    assert "b: new" in imported({"bucket": "photos", **keys})
    twin = Alias.objects.get(name="b")
    assert {field: getattr(twin, field) for field in keys} == keys
    # Opened and saved with only the label changed, they stay.
    form = admin.get(page("alias_change", twin.pk)).context["adminform"].form
    assert {field: form[field].value() for field in keys} == keys
    admin.post(page("alias_change", twin.pk), {**form_of(twin), "label": "new"})
    assert Alias.objects.filter(pk=twin.pk).values(*keys, "label").get() == {**keys, "label": "new"}


def test_a_blank_at_the_end_of_a_key_is_seen_where_differences_are_told(alias, imported):
    assert "prefix: none → “ imgs/”" in imported({"prefix": " imgs/"}, name=alias.name)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_odd_texts_are_refused_wherever_people_read_them_or_kept_as_they_are(text, alias, imported):
    said = imported({"bucket": "photos", "label": text, "notes": text})
    if said.startswith("refused"):
        assert not Alias.objects.filter(name="b").exists()
        assert said.count("b: label: ") == 1
    else:
        assert Alias.objects.get(name="b").label == text.strip()


def test_a_field_without_effect_is_saved_all_the_same_and_told(alias, imported):
    Alias.objects.filter(pk=alias.pk).update(fit="contain")
    told = imported({"crop": "focal", "focal_box": "0.2x0.1:0.6x0.5"}, name=alias.name)
    assert (
        "crop rule: cut around the centre → cut around the focal box (without effect while the fit is contain)" in told
    )
    alias.refresh_from_db()
    assert (alias.crop, alias.focal_box) == ("focal", "0.2x0.1:0.6x0.5")
    assert "unchanged" in imported({"crop": "focal", "focal_box": "0.2x0.1:0.6x0.5"}, name=alias.name)
    assert "filters: none → grayscale() (" not in imported({"filters": "grayscale()"}, name=alias.name)
    assert "(only spelled otherwise)" in imported({"filters": " grayscale( ) "}, name=alias.name)
    imported({"fit": "cover"}, name=alias.name)
    assert "(only spelled otherwise)" in imported({"focal_box": "0.20x0.1:0.6x0.5"}, name=alias.name)


def test_copying_a_revision_keeps_what_it_says_nothing_of(alias, admin):
    Alias.objects.filter(pk=alias.pk).update(fit="contain", crop="focal", focal_box="0.2x0.1:0.6x0.5")
    alias.refresh_from_db()
    publish(alias, None)
    assert admin.post(page("alias_copy", alias.pk, 1)).status_code == 302
    alias.refresh_from_db()
    assert (alias.crop, alias.focal_box) == ("focal", "0.2x0.1:0.6x0.5")


DOCUMENT = {"document": "aliases", "version": 1, "aliases": {"b": {"bucket": "photos", "label": "Größe 日本"}}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_a_document_is_read_in_every_encoding_that_json_has(encoding, bucket, imported):
    assert "b: new" in imported(content=json.dumps(DOCUMENT, ensure_ascii=False).encode(encoding))
    assert Alias.objects.get().label == "Größe 日本"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe\x00", "cannot be read"),
        ('{"Größe"'.encode("latin-1"), "cannot be read"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deep"),
        (b'{"document":"aliases","version":1,"aliases":{"b":{},"b":{}}}', "“b” occurs twice in it"),
        (b'{"document":"aliases","version":1,"aliases":{"b":{"width":1,"width":2}}}', "“width” occurs twice in it"),
        (b'{"document":"aliases","version":1,"version":1,"aliases":{}}', "“version” occurs twice in it"),
        (
            b'{"document":"aliases","version":1,"aliases":{"b":{"ssim":1' + b"0" * 5000 + b"}}}",
            "far too large a number",
        ),
        (b'{"document":"aliases","version":NaN}', "NaN is no number"),
        (b'{"document":"aliases","version":1,"aliases":{"b":{"ssim":Infinity}}}', "Infinity is no number"),
        (b'{"document":"aliases","version":2}', "version is 2"),
        (b'{"document":"aliases","version":"' + b"2" * 9000 + b'"}', "version is"),
        (b"[1]", "not a document of aliases"),
        (b"null", "not a document of aliases"),
        (b'{"document":"aliases","version":1,"aliases":{"b\\u0000":{}}}', "name: An alias's name has lower-case"),
        (b'{"document":"aliases","version":1,"aliases":{"b\\ud800":{}}}', "name: An alias's name has lower-case"),
        (b'{"document":"aliases","version":1,"aliases":{"b":{"bucket":"\\u0000"}}}', "There is no bucket"),
        (b'{"document":"aliases","version":1,"aliases":{"b":{"\\ud800":1}}}', "There is no field"),
        (
            b'{"document":"aliases","version":1,"aliases":{"b":{"bucket":"photos","label":"\\ud800"}}}',
            "not valid UTF-8",
        ),
        (
            b'{"document":"aliases","version":1,"aliases":{"b":{"bucket":"photos","sample":"\\udfff"}}}',
            "not valid UTF-8",
        ),
        (b'{"document":"aliases","version":1,"aliases":{"b":{"bucket":"photos","ssim":1e999}}}', "b: ssim: “inf”"),
    ],
    ids=lambda value: ascii(value)[:50],
)
@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--publish",)])
def test_what_is_no_document_is_refused_in_a_short_sentence(content, said, options, bucket, imported):
    told = imported(None, *options, content=content)
    assert told.startswith("refused: ")
    assert said in told
    assert len(told) < 1000
    assert not Alias.objects.exists()


@pytest.mark.parametrize(
    "field", ["label", "notes", "sample", "prefix", "fit", "crop", "format", "filters", "fallback"]
)
def test_null_is_no_text(field, bucket, imported):
    assert f"b: {field}: null is not a text." in imported({"bucket": "photos", field: None})


def test_each_wrong_alias_and_field_is_told_of(bucket, imported):
    said = imported({"bucket": "photos", "label": None, "notes": 5, "sise": 1})
    assert "b: label: null is not a text." in said
    assert "b: notes: 5 is not a text." in said
    assert "b: There is no field “sise”; the fields are" in said
    said = imported({"bucket": "photos", "width": "x", "fit": "y", "background": "z"})
    assert all(f"b: {field}: " in said for field in ("width", "fit", "background"))


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252", "utf-8", "utf-16"])
def test_an_export_is_utf_8_whatever_the_terminal_has(encoding, alias, tmp_path, monkeypatch):
    Alias.objects.filter(pk=alias.pk).update(label="Größe 日本 🦊 → “x”")
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, newline="\r\n"))
    call_command("export_aliases")
    assert b"\r" not in raw.getvalue()
    exported = json.loads(raw.getvalue().decode("utf-8"))
    assert exported["aliases"][alias.name]["label"] == "Größe 日本 🦊 → “x”"
    assert documents.load(exported)[0].differences == []


def test_what_cannot_be_exported_is_left_out_and_told(alias, bucket):
    Alias.objects.create(name="other", bucket=bucket)
    for one in Alias.objects.all():
        publish(one, None)
    unknown = {"bucket": "photos", "recipe": {"geometry": {"fit": "orbit"}}}
    Revision.objects.filter(alias__name="other").update(content=unknown)
    output = io.StringIO()
    with pytest.raises(CommandError, match=r"Left out, and all others written. “other”: The revision says something"):
        call_command("export_aliases", "--live", stdout=output)
    assert list(json.loads(output.getvalue())["aliases"]) == [alias.name]


@pytest.mark.parametrize("prefix", ["/a/", "people//", "//"])
def test_a_prefix_in_s3_that_is_hardly_meant_is_warned_of(prefix, imported):
    bucket = Bucket.objects.create(name="far")
    BucketPlace.objects.create(bucket=bucket, environment="local", kind="s3", location="acme-pictures")
    assert "begins with / or holds //" in imported({"bucket": "far", "prefix": prefix})
    assert Alias.objects.get().prefix == prefix


@pytest.mark.parametrize(
    ("value", "wrong"),
    [(True, ""), (False, ""), (None, "null"), (1, "1"), ("true", '"true"'), ({}, "an object or a list")],
)
def test_a_field_that_is_ticked_takes_true_and_false_alone_and_is_told_as_yes_and_no(value, wrong):
    # No field of an alias is of this kind yet.
    assert documents.wrong_with_type(BooleanField(), value) == (wrong and f"{wrong} is neither true nor false.")
    assert [FIELDS["width"].shown(one) for one in (True, False, None, 0)] == ["yes", "no", "open", "0"]
