"""Overruling the focus of an original: saved and published at once, for every alias."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from rendering.imaging.frame.geometry import Box
from rendering.pictures import derivatives

from ..drafts import validators
from ..models import Bucket, OverruledFocus
from .publishing import add_to_outbox

#: The most boxes that one original may have.
MOST = 20


def newest(bucket: Bucket, key: str) -> OverruledFocus | None:
    """The last line of an original's history; None where nobody ever set a focus."""
    return OverruledFocus.objects.filter(bucket=bucket, key=key, newest=True).select_related("by").first()


def describe_last(last: OverruledFocus | None) -> str:
    """Who set an original's focus last, to what and when, as the beginning of a sentence."""
    who = last.by.get_username() if last and last.by else "Somebody"
    if last is None:
        return f"{who} set another focus"
    return (
        f"{who} set another focus ({last.in_words}) on {date_format(timezone.localtime(last.at), 'DATETIME_FORMAT')},"
    )


def overrule(
    bucket: Bucket,
    key: str,
    boxes: Sequence[Box] | None,
    by: User | None,
    why: str = "",
    *,
    etag: str = "",
    seen: int | None = None,
) -> OverruledFocus | None:
    """Set what every smart crop of an original keeps in sight: boxes, in fractions of the upright original's sides; an
    empty list for nothing, so that crops are aligned as their aliases say; or None for what is detected. Returns None
    when that is set already.

    `seen` is the key of the line that the person saw as the newest, 0 when there was none. Raises ValidationError, also
    when a newer line was written since.
    """
    validators.key(key)
    if boxes and (len(boxes) > MOST or not all(box.fractions for box in boxes)):
        raise ValidationError(f"The boxes are in fractions of the sides, such as 0.2x0.1:0.6x0.5, and at most {MOST}.")
    with transaction.atomic():
        # A lock against others who overrule in the same bucket. The bucket's row does not change.
        bucket = Bucket.objects.select_for_update(no_key=True).get(pk=bucket.pk)
        last = newest(bucket, key)
        if seen is not None and seen != (last.pk if last else 0):
            raise ValidationError(f"{describe_last(last)} while you looked at this one. Look again, then save.")
        new = None if boxes is None else [str(box) for box in boxes]
        same = new == (last.boxes if last else None)
        if same and (new is None or (last and last.etag == etag)):
            return None
        OverruledFocus.objects.filter(bucket=bucket, key=key, newest=True).update(newest=False)
        line = OverruledFocus(bucket=bucket, key=key, boxes=new, etag=etag, by=by, why=why)
        line.full_clean(exclude=["boxes", "by"])  # which may be null
        line.save()
        if not same:  # else the same focus was only confirmed for an original that was overwritten
            tag = derivatives.tag(bucket.frozen(settings.ENVIRONMENT), key)
            add_to_outbox(f"{line.in_words} in {line}", [tag], aliases=[], focus_of=bucket)
        return line
