"""The form of an alias: its sections follow from the fields' declarations."""

from aliases.editing.forms import sections


def test_only_the_section_about_delivery_is_folded():
    folded = {title: "collapse" in options["classes"] for title, options in sections()}
    assert [title for title in folded if folded[title]] == [title for title in folded if title.startswith("Delivery")]
    assert len(folded) > 4
    assert any(folded.values())


def test_a_line_of_one_field_is_its_name_so_that_django_unfolds_its_section_for_an_error():
    lines = [line for _, options in sections() for line in options["fields"]]
    assert "fallback" in lines
    assert all(isinstance(line, str) or len(line) > 1 for line in lines)
