"""Columns, and what they declare beside what the database needs."""

import pytest
from django.db import models

from aliases.fields.columns import DeclaredColumn, KeyText, SmallNumber, TextLine, WholeNumber, YesNo
from aliases.fields.declaration import Decides, Published, Section

SECTION = Section("Basics")


def declared(kind: type[DeclaredColumn] = TextLine, **options) -> DeclaredColumn:
    field = kind("its label", **options)
    field.set_attributes_from_name("it")
    return field


@pytest.mark.parametrize(
    ("kind", "column"),
    [(TextLine, "CharField"), (KeyText, "CharField"), (WholeNumber, "PositiveIntegerField"), (YesNo, "BooleanField")],
)
def test_a_migration_holds_djangos_column_and_nothing_that_is_declared_beside_it(kind, column):
    field = declared(
        kind,
        null=True,
        section=SECTION,
        beside=True,
        published="a.b",
        decides=Decides.AGE,
        empty="open",
        unit="s",
        changes=lambda old, new: [],
        summary="{label} {value}",
    )
    _, path, arguments, options = field.deconstruct()
    assert (path, list(arguments)) == (f"django.db.models.{column}", [])
    assert options == {"null": True, "verbose_name": "its label"}
    assert getattr(models, column)(**options).null


def test_what_is_published_decides_the_picture_unless_it_says_otherwise():
    assert declared().decides is Decides.NOTHING
    assert declared(published="a").decides is Decides.PIXELS
    assert declared(published="a", decides=Decides.DELIVERY).decides is Decides.DELIVERY
    assert declared(decides=Decides.PIXELS).decides is Decides.PIXELS


@pytest.mark.parametrize(
    ("options", "value", "shown"),
    [
        ({}, None, "none"),
        ({}, "", "none"),
        ({"empty": "open"}, None, "open"),
        ({"empty": "open"}, 0, "0"),
        ({"unit": "s"}, 0, "0 s"),
        ({"unit": "s"}, None, "none"),
        ({}, True, "yes"),
        ({}, False, "no"),
        ({}, "a b", "a b"),
        ({}, "a ", "“a ”"),
        ({}, " a", "“ a”"),
    ],
)
def test_a_value_is_worded_as_its_field_declares(options, value, shown):
    assert declared(**options).shown(value) == shown


def test_a_difference_begins_with_the_label():
    assert declared(unit="s").changes(1, 2) == ["its label: 1 s → 2 s"]
    listed = declared(changes=lambda old, new: [f"without {old}", f"with {new}"])
    assert listed.changes("a", "b") == ["its label: without a", "its label: with b"]


def test_a_path_is_short_for_a_member_that_is_published_as_it_is():
    published = declared(SmallNumber, published="recipe.encoding.jpeg_quality").published
    assert published
    assert published.freeze(80, None) == {"recipe.encoding.jpeg_quality": 80}
    own = Published("a")
    assert declared(published=own).published is own
    assert declared().published is None


@pytest.mark.parametrize(
    ("options", "value", "summed_up"),
    [
        ({}, "red", ""),
        ({"summary": "{value}"}, "red", "red"),
        ({"summary": "{label} {value}"}, "red", "its label red"),
        ({"summary": "{label} {value}"}, "", ""),
        ({"summary": "{label} {value}"}, None, ""),
        ({"summary": lambda fields, content: f"{fields['other']} of {content['all']}"}, None, "1 of 2"),
    ],
)
def test_a_summary_has_what_a_field_declares_for_it(options, value, summed_up):
    assert declared(**options).summary({"it": value, "other": 1}, {"all": 2}) == summed_up
