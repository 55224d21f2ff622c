"""Gives the demo a history, so that its pages show what they are for: revisions with reasons, drafts that wait, broken
rules, an alias whose sample is gone, a sample set. It is run in a checkout of its own, by `manage.py shell`."""

from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User

from aliases.models import Alias, Bucket, Revision
from aliases.pictures import checking, sampling
from aliases.pictures.samples import take_out
from aliases.publishing.publishing import publish, roll_back

CARD = {
    "label": "Cards on the team page",
    "width": 512,
    "height": 288,
    "crop": "smart",
    "format": "auto",
    "sample": "people/astronaut.jpg",
    "faces_rule": "must",
    "most_kilobytes": 35,
}


def write(password: str) -> str:
    """Make it, and give the demo's admin a password. Returns the numbers of the alias and the bucket that are shown."""
    admin = User.objects.get(username="admin")
    editor, publisher = (User.objects.create_superuser(name) for name in ("editor", "publisher"))
    admin.set_password(password)
    admin.save()

    samples = Bucket.objects.get(name="samples")
    search = sampling.ask(samples)
    while not search.finished_at:
        search = sampling.step(search, 5)
    take_out(samples, "brand/frame.png")  # which is no picture that pages show

    card = Alias(name="team/card", bucket=samples, **CARD)
    card.full_clean()
    card.save()
    publish(card, editor, "the new team page")
    change(card, editor, width=480, height=270)
    publish(card, publisher, "as wide as the column")
    change(card, editor, filters="sharpen(0.8,1.2,true)", width=512, height=288)
    publish(card, publisher, "too soft on large screens")
    roll_back(card, Revision.objects.get(alias=card, number=2), editor, "sharper edges looked wrong on skin")
    roll_back(card, Revision.objects.get(alias=card, number=3), publisher, "decided with the designers")
    change(card, editor, crop="center", format="jpeg", filters="sharpen(0.8,1.2,true):contrast(8)")
    change(Alias.objects.get(name="hero"), admin, height=400)

    press = Alias(
        name="press/portrait", bucket=samples, width=300, height=400, crop="smart", sample="people/astronaut.jpg"
    )
    press.full_clean()
    press.save()
    publish(press, editor, "for the press kit")
    Alias.objects.filter(pk=press.pk).update(sample="people/speaker.jpg")
    checking.check_some(60)
    checking.check_drafts(60, again_after=timedelta())
    return f"{card.pk} {samples.pk}"


def change(alias: Alias, by: User, **fields: object) -> None:
    """As the form saves it."""
    for name, value in fields.items():
        setattr(alias, name, value)
    alias.full_clean()
    alias.save()
    LogEntry.objects.log_actions(by.pk, [alias], CHANGE, [{"changed": {"fields": [*fields]}}], single_object=True)
