"""Aliases. The row is the draft; what viewers get is the revision that `live` points to."""

from typing import Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.db import models

from rendering import catalogue
from rendering.imaging.errors import BadRecipe

from .. import content, validators
from .buckets import Bucket
from .choices import QUALITIES, Crop, Fit, Format
from .revisions import Revision

CACHING = catalogue.Caching()
#: The fields that publishing sets, and saving the draft leaves alone.
NOT_DRAFT = frozenset({"id", "enabled", "live", "live_bucket", "created"})


class Alias(models.Model):
    """A public name for a bucket, a prefix and a recipe, as it is being edited."""

    name = models.CharField(
        max_length=100,
        unique=True,
        validators=[validators.alias_name],
        help_text="The beginning of its URLs: “profile-image/ios” answers /profile-image/ios/<i>key of an "
        "original</i>. Lower-case letters, digits, - and _, in parts joined by /. Once published it stays: to "
        "rename, duplicate and disable.",
        error_messages={"unique": "There is an alias of that name already. Choose another, or edit that one."},
    )
    label = models.CharField(max_length=100, blank=True, help_text="For people, such as “Avatar in the iOS app”.")
    notes = models.TextField(
        blank=True, help_text="Who uses it and where, whom to ask before a change. Never published."
    )
    bucket = models.ForeignKey(
        Bucket,
        models.PROTECT,
        related_name="aliases",
        help_text="Where the originals are.",
    )
    prefix = models.CharField(
        max_length=500,
        blank=True,
        validators=[validators.key],
        help_text="What is put before every key, exactly: with “profile_images/”, …/ios/123/image.jpg reads "
        "profile_images/123/image.jpg. It usually ends with /. Empty: the whole bucket can be asked for.",
    )

    width = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[validators.width],
        help_text="In pixels, such as 90. Empty: it follows from the height; both empty: the size of the original.",
    )
    height = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[validators.height],
        help_text="In pixels, such as 90. Empty: it follows from the width.",
    )
    fit = models.CharField(
        max_length=20,
        choices=Fit,
        default=Fit.COVER,
        help_text="How a picture of other proportions meets the size.",
    )
    crop = models.CharField(
        "crop rule",
        max_length=20,
        choices=Crop,
        default=Crop.CENTER,
        help_text="Which part stays when the fit is cover. The other fits cut nothing off and ignore it.",
    )
    focal_box = models.CharField(
        max_length=80,
        blank=True,
        validators=[validators.box],
        help_text="The part to keep in sight, as left x top : right x bottom: “0.2x0.1:0.6x0.5” in parts of the "
        "sides, which suits pictures of every size, or “120x40:380x300” in pixels. Draw it on the original in the "
        "preview.",
    )

    format = models.CharField(
        max_length=10,
        choices=Format,
        default=Format.ORIGINAL,
        help_text="A format of the browser's liking saves most bytes; its answers vary by the Accept header.",
    )
    jpeg_quality = models.PositiveSmallIntegerField(
        "JPEG quality",
        null=True,
        blank=True,
        validators=[validators.quality],
        help_text="1 to 100, such as 80. Empty: the service's default.",
    )
    webp_quality = models.PositiveSmallIntegerField(
        "WebP quality",
        null=True,
        blank=True,
        validators=[validators.quality],
        help_text="1 to 100, such as 80. Empty: the service's default.",
    )
    avif_quality = models.PositiveSmallIntegerField(
        "AVIF quality",
        null=True,
        blank=True,
        validators=[validators.quality],
        help_text="1 to 100 on AVIF's own scale, where 60 looks like 80 of the others. Empty: the service's default.",
    )
    background = models.CharField(
        max_length=30,
        default="ffffff",
        validators=[validators.colour],
        help_text="What shows through transparent parts where the format has none: a name such as “white”, or "
        "digits such as “ff8800”.",
    )

    filters = models.TextField(
        blank=True,
        validators=[validators.filters],
        help_text="Steps carried out in order, with : between them: “brightness(10):grayscale()”. Choose from the "
        "list below, or write them.",
    )

    max_age = models.PositiveIntegerField(
        "kept by browsers",
        default=CACHING.max_age,
        validators=[validators.age],
        help_text="Seconds (max-age), such as 60. Browsers cannot be told of a change: this is how long they may "
        "miss one.",
    )
    shared_max_age = models.PositiveIntegerField(
        "kept by CDNs",
        default=CACHING.shared_max_age,
        validators=[validators.age],
        help_text="Seconds (s-maxage), such as 31536000, a year. Publishing purges them, so long is good.",
    )
    stale_while_revalidate = models.PositiveIntegerField(
        "shown while a newer one is fetched",
        default=CACHING.stale_while_revalidate,
        validators=[validators.age],
        help_text="Seconds (stale-while-revalidate), such as 60.",
    )
    dprs = models.CharField(
        "device-pixel ratios",
        max_length=60,
        blank=True,
        validators=[validators.ratios],
        help_text="Which larger pictures may be asked for, for sharp screens: “2, 3” allows …/ios@2x/… and "
        "…/ios@3x/… Empty: none.",
    )
    fallback = models.CharField(
        max_length=500,
        blank=True,
        validators=[validators.key],
        help_text="The key, in the same bucket and without the prefix, of the picture to show when an original is "
        "missing: “defaults/nobody.png”. Empty: a plain 404.",
    )

    sample = models.CharField(
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
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["name"]
        permissions = [("publish_alias", "Can publish, roll back, enable and disable aliases")]

    def __str__(self) -> str:
        return self.name

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

    def sample_path(self) -> str:
        """The path of the sample's URL."""
        return f"/{self.name}/{quote(self.sample, safe='/')}"

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

    def clean(self) -> None:
        wrong = {
            "name": self._renamed(),
            "focal_box": self._wrong_with_focus(),
            "filters": self._wrong_with_overlays(),
            **self._wrong_with_size(),
            **self._wrong_with_qualities(),
        }
        errors: Any = {name: sentence for name, sentence in wrong.items() if sentence}
        if errors:
            raise ValidationError(errors)

    def _renamed(self) -> str:
        stored = Alias.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.name != self.name and stored.revisions.exists():
            return f"“{stored.name}” was published and stands in URLs, so it stays. Duplicate the alias, then "
            "disable this one."
        return ""

    def _wrong_with_focus(self) -> str:
        if self.crop == Crop.FOCAL and not self.focal_box:
            return "The crop rule “focal box” wants a box: 0.2x0.1:0.6x0.5 keeps that part of every picture in sight."
        if self.focal_box and self.crop != Crop.FOCAL:
            return "Only the crop rule “the focal box” looks at this: choose that rule, or empty the box."
        return ""

    def _wrong_with_overlays(self) -> str:
        bucket = Bucket.objects.filter(pk=self.bucket_id).first()
        if not bucket:
            return ""  # told of its own field
        return validators.wrong_with_overlays(
            self.filters, bucket.name, list(bucket.overlays_from.values_list("name", flat=True))
        )

    def _wrong_with_size(self) -> dict[str, str]:
        if self.fit == Fit.STRETCH and bool(self.width) != bool(self.height):
            empty = "height" if self.width else "width"
            return {
                empty: "Stretch wants both sides; with one, the picture keeps its proportions. Fill it in, or "
                "choose cover."
            }
        if not all(isinstance(side, int | None) for side in (self.width, self.height)):
            return {}  # told of their own fields
        wrong = {"width": validators.too_large(self.width, self.height, 1)}
        try:
            largest = max(validators.read_ratios(self.dprs), default=1)
        except BadRecipe:
            return wrong  # told of its own field
        if largest > 1 and not wrong["width"]:
            wrong["dprs"] = validators.too_large(self.width, self.height, largest)
        return wrong

    def _wrong_with_qualities(self) -> dict[str, str]:
        if self.format not in Format.values:
            return {}
        chosen = Format(self.format)
        means = QUALITIES[chosen]
        cure = (
            f"Empty this; {chosen.label} has {' and '.join(means)} quality."
            if means
            else "It loses nothing: empty this."
        )
        return {
            f"{name}_quality": f"The format is {chosen.label}, where this quality has no say. {cure}"
            for name in ("jpeg", "webp", "avif")
            if getattr(self, f"{name}_quality") is not None and name not in means
        }
