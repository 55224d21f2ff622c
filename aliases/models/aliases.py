"""Aliases. The row is the draft (`drafts/draft.py` declares it); viewers get the revision that `live` points to."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from rendering.catalogue import catalogue
from rendering.dialects.raw_path import path_of
from rendering.imaging.errors import BadRecipe

from ..drafts import content, contradictions
from ..drafts.calibration import Calibration
from ..drafts.draft import Draft
from ..drafts.rules import Rules
from .buckets import Bucket
from .revisions import Revision

#: Fields set by publishing and measuring. Saving the draft does not write them.
NOT_DRAFT = frozenset({"id", "enabled", "live", "live_bucket", "calibration", "created"})


class Alias(Draft, Rules):
    """A public name for a bucket, a prefix and a recipe: its draft, and which revision is live."""

    enabled = models.BooleanField(default=True, editable=False)
    #: The revision that viewers get. None if it was never published.
    live = models.ForeignKey(Revision, models.RESTRICT, null=True, editable=False, related_name="+")
    #: The live revision's bucket. The foreign key keeps the database from deleting it.
    live_bucket = models.ForeignKey(Bucket, models.PROTECT, null=True, editable=False, related_name="live_aliases")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    #: Fields that failed their own validation; set by `clean_fields`, read by `clean`.
    _unsound: frozenset[str] = frozenset()

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["name"]
        permissions = [("publish_alias", "Can publish, roll back, enable and disable aliases")]

    def __str__(self) -> str:
        return str(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The draft was read a while ago. Saving it must not undo what was published since.
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name for field in self._meta.concrete_fields if field.name not in NOT_DRAFT
            ]
        super().save(*args, **kwargs)

    def frozen(self, number: int) -> catalogue.Alias:
        """The draft as a revision with that number. Raises BadRecipe for a draft that was never validated."""
        return content.frozen(self, number, self.measured())

    def content(self) -> dict[str, Any]:
        """What a revision of the draft would hold."""
        return content.of(self, self.measured())

    def measured(self) -> Calibration | None:
        """What was measured for its visual quality. None if it asks for none, or if it has not been measured yet."""
        return content.measured(self, self.live.content if self.live else None)

    def sample_path(self) -> str:
        """The path of the sample's URL."""
        return path_of(self.name, self.sample)

    @property
    def served(self) -> bool:
        """Whether its URLs answer."""
        return self.live is not None and self.enabled

    def differs(self) -> bool:
        """Whether publishing the draft would change any response."""
        try:
            return self.live is None or content.differ(self.live.content, self.content())
        except BadRecipe:  # a draft saved before a filter was removed
            return True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self._unsound = frozenset(exclude or ())
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            self._unsound |= error.error_dict.keys()
            raise

    def clean(self) -> None:
        """Check fields against each other, leaving out those that are invalid by themselves."""
        wrong = {"name": self._renamed(), **contradictions.find(self, self._unsound)}
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
