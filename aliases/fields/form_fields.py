"""What is typed into a form or stands in an imported document, read strictly: the kinds of fields that Django's own
read too generously, or too strictly. One for both, so that both say the same in the same words.
"""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from rendering.imaging.parameters import excerpt
from rendering.names import address_of, wrong_with_address

#: The most digits a number may have. Every width, quality and age has fewer.
MOST_DIGITS = 9
#: The most addresses that one bucket is also known as.
MOST_ADDRESSES = 50
#: The longest text, in characters, that is processed at all.
LONGEST_TEXT = 20_000


class TextField(forms.CharField):
    """A stripped line of text. A text that is far too long is refused before it is processed."""

    #: The control characters it may contain.
    controls = ""

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value).replace("\r\n", "\n")
        if len(text) > LONGEST_TEXT:
            raise ValidationError(f"This has {len(text):,} characters; at most {LONGEST_TEXT:,} are read.")
        if wrong := wrong_with_text(text, self.controls):
            raise ValidationError(wrong)
        return super().to_python(text) or ""


class LongTextField(TextField):
    """Several lines of text."""

    controls = "\n\t"


class AddressesField(LongTextField):
    """Addresses, one a line."""

    def to_python(self, value: Any) -> str:
        return addresses(super().to_python(value))


def addresses(text: str) -> str:
    """Addresses, one a line, each in its one spelling and listed once, in order. Raises ValidationError."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ADDRESSES:
        raise ValidationError(f"These are {len(lines)} addresses; a bucket has at most {MOST_ADDRESSES}.")
    if wrong := [sentence for sentence in map(wrong_with_address, lines) if sentence]:
        raise ValidationError(wrong)
    return "\n".join(sorted({address_of(line) for line in lines}))


class KeyField(TextField):
    """A key or part of one, not stripped: with a blank at its end it names another object."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "strip": False})


class SlugField(forms.SlugField):
    """The name of an environment."""

    default_error_messages = {
        "invalid": "It is named in letters, digits, - and _, as the ENVIRONMENT setting is: production."
    }


class WholeNumberField(forms.IntegerField):
    """A whole number in plain digits: no sign, no grouping, no digits of other scripts."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        if not re.fullmatch(r"[0-9]+", text):
            raise ValidationError(f"“{excerpt(text)}” is not a whole number: write digits only, such as 90.")
        if len(text) > MOST_DIGITS:
            raise ValidationError(f"“{excerpt(text)}” is far too large.")
        return int(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Not type=number: browsers drop what they do not take for a number, so the server could not report it.
        return {"inputmode": "numeric", "autocomplete": "off", "class": "vIntegerField"}


class DecimalField(forms.FloatField):
    """A number with a decimal point."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> float | None:  # type: ignore[override]  # FloatField inherits from IntegerField
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        if re.fullmatch(r"[0-9]*,[0-9]+", text) and len(text) < MOST_DIGITS:
            raise ValidationError(f"Write a decimal point: {text.replace(',', '.')}")
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{0,18})?|\.[0-9]{1,18}", text):
            raise ValidationError(f"“{excerpt(text)}” is not a number: write one such as 0.95.")
        return float(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "class": "vIntegerField"}


def wrong_with_text(text: str, controls: str = "") -> str:
    """What is wrong with a text meant for people, as a sentence; empty if nothing is."""
    for character in text:
        if (ord(character) < 32 or 127 <= ord(character) < 160) and character not in controls:
            return f"This holds the control character U+{ord(character):04X}, which nobody can see: take it out."
        if "\ud800" <= character <= "\udfff":
            return "This is not valid UTF-8: write it anew."
    return ""


class ChoiceField(forms.TypedChoiceField):
    """A choice."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values and not self.valid_value(value):
            raise none_of(value, self.choices)
        super().validate(value)


def none_of(value: Any, choices: Any) -> ValidationError:
    """The error for a value that is not among a field's choices; its message lists them."""
    words = ", ".join(str(word) for word, _ in choices if word)
    return ValidationError(f"“{excerpt(str(value))}” is none of the choices: {words}.")
