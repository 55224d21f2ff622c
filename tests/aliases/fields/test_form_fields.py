"""What is read of what is typed into a form."""

import pytest
from django.core.exceptions import ValidationError

from aliases.fields.form_fields import WholeNumberField


@pytest.mark.parametrize(
    ("text", "number"), [("90", 90), (" 90 ", 90), ("9" * 9, 999_999_999), ("", None), (None, None)]
)
def test_a_whole_number_has_up_to_nine_digits(text, number):
    assert WholeNumberField().to_python(text) == number


@pytest.mark.parametrize(
    ("text", "wrong"), [("9" * 10, "far too large"), ("-1", "write digits only"), ("٣", "write digits only")]
)
def test_what_is_no_whole_number_is_told_as_that(text, wrong):
    with pytest.raises(ValidationError, match=wrong):
        WholeNumberField().to_python(text)
