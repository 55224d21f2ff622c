"""The form of an alias: its sections follow from the fields' declarations."""

import pytest

from aliases.editing.forms import FocusForm, PublishForm, sections


def test_everyday_sections_come_first_and_open_and_the_others_are_folded():
    folded = ["collapse" in options["classes"] for _, options in sections()]
    assert folded == sorted(folded)
    assert {True, False} == set(folded)
    fields = {name: "collapse" in options["classes"] for _, options in sections() for name in flat(options["fields"])}
    assert not any(fields[name] for name in ("name", "bucket", "width", "fit", "crop", "format"))
    assert all(fields[name] for name in ("filters", "dprs", "fallback", "max_age", "notes"))


def flat(lines):
    return [name for line in lines for name in ([line] if isinstance(line, str) else line)]


def test_a_line_of_one_field_is_its_name_so_that_django_unfolds_its_section_for_an_error():
    lines = [line for _, options in sections() for line in options["fields"]]
    assert "fallback" in lines
    assert all(isinstance(line, str) or len(line) > 1 for line in lines)


@pytest.mark.parametrize("form", [PublishForm, FocusForm])
def test_a_reason_is_for_the_history_and_may_stay_away(form):
    why = form()["why"]
    assert why.help_text.startswith("For the history, such as “")
    assert not why.field.required


@pytest.mark.parametrize("form", [PublishForm, FocusForm])
def test_what_the_page_showed_is_sent_along_unseen(form):
    assert [field.name for field in form().hidden_fields()] == ["seen"]
