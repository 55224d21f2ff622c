"""The rules of an alias: what its pictures must not do. Fields as those of the draft, which are never published."""

from django.db import models

from ..fields.columns import DecimalNumber, TextLine, WholeNumber
from ..fields.declaration import Section
from . import validators
from .choices import Rule

RULES = Section("Rules for its pictures", collapsed=True)


class Rules(models.Model):
    """By these, `pictures/findings.py` judges what a draft makes of its samples."""

    faces_rule = TextLine(
        "faces kept",
        max_length=10,
        choices=Rule,
        default=Rule.WARN,
        help_text="Whether a crop may cut through a face, or leave every face out.",
        section=RULES,
    )
    transparency_rule = TextLine(
        "transparency kept",
        max_length=10,
        choices=Rule,
        default=Rule.WARN,
        help_text="Whether transparent parts may get the background's colour, as in a JPEG.",
        section=RULES,
    )
    motion_rule = TextLine(
        "motion kept",
        max_length=10,
        choices=Rule,
        default=Rule.WARN,
        help_text="Whether an animation may stand still.",
        section=RULES,
    )
    most_enlarged = DecimalNumber(
        "enlarged at most",
        null=True,
        blank=True,
        default=1.5,
        validators=[validators.enlargement],
        help_text=(
            "How many times a small original may be enlarged, such as 1.5. Beyond, pictures look soft. Empty: as often "
            "as the size asks for."
        ),
        section=RULES,
        unit="×",
    )
    enlarging_rule = TextLine(
        "that limit",
        max_length=10,
        choices=Rule,
        default=Rule.WARN,
        help_text="What it means that a picture is enlarged more.",
        section=RULES,
        beside=True,
    )
    most_kilobytes = WholeNumber(
        "largest file",
        null=True,
        blank=True,
        validators=[validators.kilobytes],
        help_text="The budget of one picture in kB, thousands of bytes, such as 35. Empty: any size.",
        section=RULES,
        unit="kB",
    )
    bytes_rule = TextLine(
        "that budget",
        max_length=10,
        choices=Rule,
        default=Rule.WARN,
        help_text="What it means that a file is larger.",
        section=RULES,
        beside=True,
    )

    class Meta:
        abstract = True
