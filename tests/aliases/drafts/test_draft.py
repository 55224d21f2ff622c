"""What the fields of a draft declare, held against the form and against what is published."""

import pytest
from django.db.models import BooleanField, IntegerField

from aliases.admin.alias.admin import AliasAdmin
from aliases.drafts import content
from aliases.drafts.field_lists import DECISIVE, FIELDS, NOTES, PUBLISHED, QUALITIES
from aliases.editing.forms import AliasForm
from aliases.fields.declaration import member, nested
from aliases.models import Alias

#: A value other than the default, for each field that takes not just any number or yes and no; and what a box needs
#: beside it.
OTHER = {
    "prefix": "people/", "width": 70, "height": 50, "fit": "adaptive-outside", "crop": "top-left",
    "focal_box": "0.2x0.1:0.6x0.5", "format": "webp", "jpeg_quality": 71, "webp_quality": 72, "avif_quality": 73,
    "background": "white", "filters": "grayscale()", "max_age": 1, "shared_max_age": 2, "stale_while_revalidate": 3,
    "dprs": "2, 3", "widths": "320, 640", "fallback": "nobody.png",
}  # fmt: skip
BESIDE = {"focal_box": {"crop": "focal"}}


def other(name):
    field = PUBLISHED[name]
    if name in OTHER:
        return OTHER[name]
    if isinstance(field, BooleanField):
        return not field.get_default()
    assert isinstance(field, IntegerField), f"Add a value of {name}, other than its default, to OTHER."
    return (field.get_default() or 0) + 1


def test_a_measured_quality_takes_the_place_of_each_formats_own():
    assert set(QUALITIES) == {"jpeg_quality", "webp_quality", "avif_quality"}
    assert not set(QUALITIES) & set(DECISIVE)


def test_each_field_stands_in_the_form_once():
    fields = [
        name
        for _, options in AliasAdmin.fieldsets
        for line in options["fields"]
        for name in ([line] if isinstance(line, str) else line)
    ]
    assert sorted(fields) == sorted(FIELDS) == sorted(AliasForm.base_fields)


def test_a_field_is_published_or_a_note_or_the_name():
    assert sorted(FIELDS) == sorted([*PUBLISHED, *NOTES, "name"])
    # Measured for: what is not in the list may change without measuring anew.
    assert set(DECISIVE) < set(PUBLISHED)


@pytest.mark.parametrize("name", [name for name in PUBLISHED if name not in ("bucket", "ssim")])
def test_what_a_field_publishes_is_known_to_the_data_plane_and_read_back(name):
    value = other(name)
    draft = Alias(name="a", **{**BESIDE.get(name, {}), name: value})
    field = PUBLISHED[name]
    assert field.published
    members = field.published.freeze(value, draft)
    said = content.filled({**nested(members), "bucket": "photos"})
    assert members
    for path, member_value in members.items():
        found = member(said, path)
        assert found == member_value or member_value == {}, (
            f"The data plane does not read {path}, which {name} publishes: is it a member of catalogue.Alias?"
        )
    canonical = {"background": "ffffff"}.get(name, value)
    assert field.published.thaw(said) == canonical


def test_an_empty_field_leaves_the_default_to_the_data_plane():
    field = PUBLISHED["width"]
    assert field.published
    assert field.published.freeze(None, Alias()) == {}
    assert field.published.thaw(content.filled({"bucket": "photos"})) is None
