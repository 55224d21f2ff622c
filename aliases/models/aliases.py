"""Aliases. The row is the draft; what viewers get is the revision that `live` points to."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from rendering.catalogue import catalogue
from rendering.dialects.raw_path import path_of
from rendering.imaging.errors import BadRecipe

from ..drafts import content, contradictions, validators
from ..drafts.calibration import Calibration
from ..drafts.choices import Crop, Fit, Format
from ..fields.columns import DecimalNumber, KeyText, LongText, SmallNumber, TextLine, WholeNumber
from .buckets import Bucket
from .revisions import Revision

CACHING = catalogue.Caching()
#: The fields that publishing and measuring set, and saving the draft leaves alone.
NOT_DRAFT = frozenset({"id", "enabled", "live", "live_bucket", "calibration", "created"})


class Alias(models.Model):
    """A public name for a bucket, a prefix and a recipe, as it is being edited."""

    name = TextLine(
        max_length=100,
        unique=True,
        validators=[validators.alias_name],
        help_text="The beginning of its URLs: “profile-image/ios” answers /profile-image/ios/<i>key of an "
        "original</i>. Lower-case letters, digits, - and _, in parts joined by /. Once published it stays: to "
        "rename, duplicate and disable.",
        error_messages={"unique": "There is an alias of that name already. Choose another, or edit that one."},
    )
    label = TextLine(max_length=100, blank=True, help_text="For people, such as “Avatar in the iOS app”.")
    notes = LongText(blank=True, help_text="Who uses it and where, whom to ask before a change. Never published.")
    bucket = models.ForeignKey(
        Bucket,
        models.PROTECT,
        related_name="aliases",
        help_text="Where the originals are.",
    )
    prefix = KeyText(
        max_length=500,
        blank=True,
        validators=[validators.key],
        help_text="What is put before every key, exactly: with “profile_images/”, …/ios/123/image.jpg reads "
        "profile_images/123/image.jpg. It usually ends with /. Empty: the whole bucket can be asked for.",
    )

    width = WholeNumber(
        null=True,
        blank=True,
        validators=[validators.width],
        help_text="In pixels, such as 90. Empty: it follows from the height; both empty: the size of the original.",
    )
    height = WholeNumber(
        null=True,
        blank=True,
        validators=[validators.height],
        help_text="In pixels, such as 90. Empty: it follows from the width.",
    )
    fit = TextLine(
        max_length=20,
        choices=Fit,
        default=Fit.COVER,
        help_text="How a picture of other proportions meets the size.",
    )
    crop = TextLine(
        "crop rule",
        max_length=20,
        choices=Crop,
        default=Crop.CENTER,
        help_text="Which part stays when the fit is cover. The other fits cut nothing off and ignore it.",
    )
    focal_box = TextLine(
        max_length=80,
        blank=True,
        validators=[validators.box],
        help_text="The part to keep in sight, as left x top : right x bottom: “0.2x0.1:0.6x0.5” in parts of the "
        "sides, which suits pictures of every size, or “120x40:380x300” in pixels. Draw it on the original in the "
        "preview.",
    )

    format = TextLine(
        max_length=10,
        choices=Format,
        default=Format.ORIGINAL,
        help_text="“By the browser” saves the most bytes; responses then vary by Accept.",
    )
    ssim = DecimalNumber(
        "visual quality (SSIM)",
        null=True,
        blank=True,
        validators=[validators.likeness],
        help_text=(
            "Target SSIM between the picture before and after encoding, 0.8 to 0.995, instead of qualities. "
            "Before the alias is published, the lowest qualities that keep it are found on the sample and "
            "pictures beside it. 0.98 is for large pictures to be looked at closely, 0.95 is hard to tell from "
            "the original, 0.9 shows blocks and will do for small previews. Whether files become smaller or larger "
            "than with the default qualities depends on the pictures: the publish page shows both. "
            "Empty: the qualities below."
        ),
    )
    jpeg_quality = SmallNumber(
        "JPEG quality",
        null=True,
        blank=True,
        validators=[validators.quality],
        help_text="1 to 100, such as 80. Empty: the service's default.",
    )
    webp_quality = SmallNumber(
        "WebP quality",
        null=True,
        blank=True,
        validators=[validators.quality],
        help_text="1 to 100, such as 80. Empty: the service's default.",
    )
    avif_quality = SmallNumber(
        "AVIF quality",
        null=True,
        blank=True,
        validators=[validators.quality],
        help_text="1 to 100 on AVIF's own scale, where 60 looks like 80 of the others. Empty: the service's default.",
    )
    background = TextLine(
        max_length=30,
        default="ffffff",
        validators=[validators.colour],
        help_text="What shows through transparent parts where the format has none: a name such as “white”, or "
        "digits such as “ff8800”.",
    )

    filters = LongText(
        blank=True,
        validators=[validators.filters],
        help_text="Steps carried out in order, with : between them: “brightness(10):grayscale()”. Choose from the "
        "list below, or write them.",
    )

    max_age = WholeNumber(
        "kept by browsers",
        default=CACHING.max_age,
        validators=[validators.age],
        help_text="Seconds (max-age), such as 60. Browsers cannot be told of a change: this is how long they may "
        "miss one.",
    )
    shared_max_age = WholeNumber(
        "kept by CDNs",
        default=CACHING.shared_max_age,
        validators=[validators.age],
        help_text="Seconds (s-maxage), such as 31536000, a year. Publishing purges them, so long is good.",
    )
    stale_while_revalidate = WholeNumber(
        "shown while a newer one is fetched",
        default=CACHING.stale_while_revalidate,
        validators=[validators.age],
        help_text="Seconds (stale-while-revalidate), such as 60.",
    )
    dprs = TextLine(
        "device-pixel ratios",
        max_length=60,
        blank=True,
        validators=[validators.ratios],
        help_text="Which larger pictures may be asked for, for sharp screens: “2, 3” allows …/ios@2x/… and "
        "…/ios@3x/… Empty: none.",
    )
    fallback = KeyText(
        max_length=500,
        blank=True,
        validators=[validators.key],
        help_text="The key, in the same bucket and without the prefix, of the picture to show when an original is "
        "missing: “defaults/nobody.png”. Empty: a plain 404.",
    )

    sample = KeyText(
        max_length=500,
        blank=True,
        validators=[validators.key],
        help_text="The key of a typical original, as it would stand behind the name in a URL: “123/image.jpg”. "
        "Previews, the list and the start page show it. Never published.",
    )

    enabled = models.BooleanField(default=True, editable=False)
    #: The revision that viewers get; None when never published.
    live = models.ForeignKey(Revision, models.RESTRICT, null=True, editable=False, related_name="+")
    #: The live revision's bucket, so that the database itself refuses to delete it.
    live_bucket = models.ForeignKey(Bucket, models.PROTECT, null=True, editable=False, related_name="live_aliases")
    #: What was last measured for the draft's visual quality; see content.note.
    calibration = models.JSONField(null=True, editable=False)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    #: The fields that are wrong by themselves, for `clean`.
    _unsound: frozenset[str] = frozenset()

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["name"]
        permissions = [("publish_alias", "Can publish, roll back, enable and disable aliases")]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Who saves a draft read it a while ago and must not undo what was published meanwhile.
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name for field in self._meta.concrete_fields if field.name not in NOT_DRAFT
            ]
        super().save(*args, **kwargs)

    def frozen(self, number: int) -> catalogue.Alias:
        """The draft as a revision with that number. Raises BadRecipe for a draft that was never validated."""
        return content.frozen(self, number)

    def content(self) -> dict[str, Any]:
        """What a revision of the draft would hold."""
        return content.of(self)

    def measured(self) -> Calibration | None:
        """What was measured for its visual quality; None where it asks for none, or it is to be measured."""
        return content.measured(self)

    def sample_path(self) -> str:
        """The path of the sample's URL."""
        return path_of(self.name, self.sample)

    @property
    def served(self) -> bool:
        """Whether its URLs answer."""
        return self.live is not None and self.enabled

    def differs(self) -> bool:
        """Whether the draft would make other answers than the live revision."""
        try:
            return self.live is None or content.differ(self.live.content, self.content())
        except BadRecipe:  # a draft saved before a filter was taken away
            return True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self._unsound = frozenset(exclude or ())
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            self._unsound |= error.error_dict.keys()
            raise

    def clean(self) -> None:
        """What fields say against each other; of those alone that are right by themselves."""
        wrong = {"name": self._renamed(), **contradictions.told(self, self._unsound)}
        errors: Any = {name: sentence for name, sentence in wrong.items() if sentence}
        if errors:
            raise ValidationError(errors)

    def _renamed(self) -> str:
        stored = Alias.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.name != self.name and stored.revisions.exists():
            return (
                f"“{stored.name}” was published and stands in URLs, so it stays. Duplicate the alias, then disable "
                "this one."
            )
        return ""
