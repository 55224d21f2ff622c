"""The fields of an alias, each declared once.

Everything else is derived from a field's declaration: its column, its place and help in the form, its member in
revisions and exported documents, and how its differences are worded. `fields/columns.py` explains the options.
"""

from django.db import models

from rendering.catalogue import catalogue

from ..fields.columns import (
    DecimalNumber,
    KeyText,
    LongText,
    Reference,
    SmallNumber,
    TextLine,
    WholeNumber,
)
from ..fields.declaration import Decides, Section
from . import published, summary, validators
from .choices import Crop, Fit, Format
from .steps import step_changes

EVERYDAY = Section("Every day")
MEASURED = Section("Measured quality", collapsed=True)
FILTERS = Section("Filters", collapsed=True)
SCREENS = Section("Sharp screens and widths", collapsed=True)
MISSING = Section("Missing originals", collapsed=True)
DELIVERY = Section("How long it is kept", collapsed=True)
NOTES = Section("Label and notes", collapsed=True)

CACHING = catalogue.Caching()


class Draft(models.Model):
    """What staff edit of an alias. The table is `models.Alias`, which also says what is live."""

    name = TextLine(
        max_length=100,
        unique=True,
        validators=[validators.alias_name],
        help_text="The start of its URLs: “profile-image/ios” serves /profile-image/ios/<i>key of an "
        "original</i>. Lower-case letters, digits, - and _, in segments separated by /. It cannot be "
        "changed once published: to rename an alias, duplicate it, then disable the old one.",
        error_messages={"unique": "There is an alias of that name already. Choose another, or edit that one."},
        section=EVERYDAY,
    )
    bucket = Reference(
        "aliases.Bucket",
        models.PROTECT,
        related_name="aliases",
        help_text="Where the originals are.",
        section=EVERYDAY,
        published=published.bucket,
    )
    prefix = KeyText(
        max_length=500,
        blank=True,
        validators=[validators.key],
        help_text="Put before every key, exactly as written: with “profile_images/”, …/ios/123/image.jpg reads "
        "profile_images/123/image.jpg. It usually ends with /. Empty: every key in the bucket can be "
        "requested.",
        section=EVERYDAY,
        published="prefix",
    )
    sample = KeyText(
        max_length=500,
        blank=True,
        validators=[validators.key],
        help_text="The key of a typical original, as it follows the name in a URL: “123/image.jpg”. Previews, "
        "the list and the start page show it. Never published.",
        section=EVERYDAY,
        decides=Decides.PIXELS,
    )

    width = WholeNumber(
        null=True,
        blank=True,
        validators=[validators.width],
        help_text="In pixels, such as 90. Empty: follows from the height. Both empty: the original's size.",
        section=EVERYDAY,
        published="recipe.geometry.width",
        empty="open",
        summary=summary.size,
    )
    height = WholeNumber(
        null=True,
        blank=True,
        validators=[validators.height],
        help_text="In pixels, such as 90. Empty: follows from the width.",
        section=EVERYDAY,
        beside=True,
        published="recipe.geometry.height",
        empty="open",
    )
    fit = TextLine(
        max_length=20,
        choices=Fit,
        default=Fit.COVER,
        help_text="How a picture with other proportions is made to fit the size.",
        section=EVERYDAY,
        published=published.FitWord("recipe.geometry.fit"),
        words=summary.FITS,
    )
    crop = TextLine(
        "crop rule",
        max_length=20,
        choices=Crop,
        default=Crop.CENTER,
        help_text="Which part is kept when the fit is cover. The other fits cut nothing off and ignore this.",
        section=EVERYDAY,
        published=published.CropRule("recipe.geometry"),
        words=summary.CROPS,
    )
    focal_box = TextLine(
        max_length=80,
        blank=True,
        validators=[validators.box],
        help_text="The part to keep in sight, as left x top : right x bottom: “0.2x0.1:0.6x0.5” as fractions of "
        "the sides, which suits pictures of every size, or “120x40:380x300” in pixels. Draw it on a "
        "sample.",
        section=EVERYDAY,
        published=published.FocalBox("recipe.geometry.focal"),
    )

    format = TextLine(
        max_length=10,
        choices=Format,
        default=Format.ORIGINAL,
        help_text="“By the browser” saves the most bytes: one that reads neither AVIF nor WebP gets the original’s "
        "format. “Unchanged” gives away the metadata, too, such as the place where a photograph was taken.",
        section=EVERYDAY,
        published="recipe.encoding.format",
        words=summary.FORMAT_WORDS,
        summary=summary.format_word,
    )
    jpeg_quality = SmallNumber(
        "JPEG quality",
        null=True,
        blank=True,
        validators=[validators.quality],
        help_text="1 to 100, such as 80. Empty: the service's default.",
        section=EVERYDAY,
        published=published.Quality("recipe.encoding.jpeg_quality"),
        decides=Decides.QUALITY,
        empty="default",
        summary="{label} {value}",
    )
    webp_quality = SmallNumber(
        "WebP quality",
        null=True,
        blank=True,
        validators=[validators.quality],
        help_text="1 to 100, such as 80. Empty: the service's default.",
        section=EVERYDAY,
        beside=True,
        published=published.Quality("recipe.encoding.webp_quality"),
        decides=Decides.QUALITY,
        empty="default",
        summary="{label} {value}",
    )
    avif_quality = SmallNumber(
        "AVIF quality",
        null=True,
        blank=True,
        validators=[validators.quality],
        help_text=(
            "1 to 100 on AVIF's own scale, where 60 looks like 80 in the other formats. Empty: the service's default."
        ),
        section=EVERYDAY,
        beside=True,
        published=published.Quality("recipe.encoding.avif_quality"),
        decides=Decides.QUALITY,
        empty="default",
        summary="{label} {value}",
    )
    background = TextLine(
        max_length=30,
        default="ffffff",
        validators=[validators.colour],
        help_text="The colour behind transparent parts in formats without transparency: a name such as “white”, "
        "or hexadecimal digits such as “ff8800”.",
        section=EVERYDAY,
        published=published.background,
    )
    ssim = DecimalNumber(
        "visual quality (SSIM)",
        null=True,
        blank=True,
        validators=[validators.likeness],
        help_text="Target SSIM between the picture before and after encoding, 0.8 to 0.995, instead of "
        "qualities. Before the alias is published, the lowest qualities that reach it are found on "
        "the sample and on pictures beside it. 0.98 is for large pictures viewed closely, 0.95 is "
        "hard to tell from the original, 0.9 shows blocks and will do for small previews. Files may "
        "become smaller or larger than with the default qualities, depending on the pictures: the "
        "publish page shows both. Empty: the qualities below.",
        section=MEASURED,
        published=published.VisualQuality("calibration.ssim"),
        summary=summary.visual_quality,
    )

    filters = LongText(
        blank=True,
        validators=[validators.filters],
        help_text="Steps carried out in order, separated by colons: “brightness(10):grayscale()”. Choose them by "
        "what they do, or type them.",
        section=FILTERS,
        published=published.filters,
        changes=step_changes,
        summary="{value}",
    )

    dprs = TextLine(
        "device-pixel ratios",
        max_length=60,
        blank=True,
        validators=[validators.ratios],
        help_text="Which larger pictures may be requested, for high-density screens: “2, 3” allows …/ios@2x/… "
        "and …/ios@3x/… Empty: none.",
        section=SCREENS,
        published=published.ratios,
        decides=Decides.DELIVERY,
        summary=summary.ratios,
    )
    widths = TextLine(
        max_length=120,
        blank=True,
        validators=[validators.widths],
        help_text="Which other widths may be requested, in pixels, for pictures as wide as the page: “320, 640” allows "
        "…/hero@320w/… and …/hero@640w/… Heights are in proportion, and no original is enlarged. Empty: none.",
        section=SCREENS,
        published=published.widths,
        decides=Decides.DELIVERY,
        summary=summary.widths,
    )
    fallback = KeyText(
        max_length=500,
        blank=True,
        validators=[validators.key],
        help_text="The key, in the same bucket and without the prefix, of the picture to show when an original is "
        "missing: “defaults/nobody.png”. Empty: a plain 404.",
        section=MISSING,
        published="fallback",
        decides=Decides.DELIVERY,
    )

    max_age = WholeNumber(
        "kept by browsers",
        default=CACHING.max_age,
        validators=[validators.age],
        help_text="Seconds (max-age), such as 60. Browsers cannot be notified of a change: for this long they "
        "may show the old picture.",
        section=DELIVERY,
        published="caching.max_age",
        decides=Decides.AGE,
        unit="s",
    )
    shared_max_age = WholeNumber(
        "kept by CDNs",
        default=CACHING.shared_max_age,
        validators=[validators.age],
        help_text="Seconds (s-maxage), such as 31536000, a year. Publishing purges CDNs, so a long time is best.",
        section=DELIVERY,
        published=published.SharedAge("caching.shared_max_age"),
        decides=Decides.AGE,
        unit="s",
    )
    stale_while_revalidate = WholeNumber(
        "shown while a newer one is fetched",
        default=CACHING.stale_while_revalidate,
        validators=[validators.age],
        help_text="Seconds (stale-while-revalidate), such as 60.",
        section=DELIVERY,
        published="caching.stale_while_revalidate",
        decides=Decides.AGE,
        unit="s",
    )
    label = TextLine(
        max_length=100,
        blank=True,
        help_text="For people, such as “Avatar in the iOS app”.",
        section=NOTES,
    )
    notes = LongText(
        blank=True,
        help_text="Who uses it, where, and whom to ask before changing it. Never published.",
        section=NOTES,
    )

    #: What was last measured for its visual quality, as `content.note` returns it.
    calibration = models.JSONField(null=True, editable=False)

    class Meta:
        abstract = True
