"""What is recorded: every change of the rows that staff and commands change, and log-ins.

Rows are watched where they are saved and deleted, whoever does it, in the transaction that does it. What is published
has a history of its own, of which each new line is recorded as well. Secrets and passwords are masked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from axes.signals import user_locked_out
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import models, router, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from ..access.lockouts import unlocked
from ..models import Alias, BucketChange, OverruledFocus, Publication
from ..publishing.bucket_state import SECRET
from .recording import record

#: Shown in place of a secret, before it changed and after.
MASKED, MASKED_NEW = "(secret)", "(another secret)"
#: Of a user; and, within the state of a bucket, of its places.
SECRETS = frozenset({"password", "data", *SECRET})  # data: of a second factor

#: The sender of a log-in that failed by a wrong code: `SENDER` of access/second_factor.py, which is imported only where
#: second factors are on.
SECOND_FACTOR = "second factor"

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Watched:
    """A model whose rows change. `ignored` are fields that say nothing about a change, or that a history has."""

    model: type[models.Model]
    ignored: frozenset[str]
    #: Names of fields that hold many rows.
    many: tuple[str, ...] = ()


ROWS = [
    Watched(Alias, frozenset({"enabled", "live", "live_bucket", "calibration", "created", "updated"})),
    Watched(User, frozenset({"last_login"}), ("groups", "user_permissions")),
    Watched(Group, frozenset(), ("permissions",)),
]
#: Each new line of these is recorded; they do not change.
HISTORIES: tuple[type[models.Model], ...] = (Publication, BucketChange, OverruledFocus)


def watch() -> None:
    ROWS.extend(of_allauth())
    for watched in ROWS:
        watch_saves(watched)
        post_save.connect(restored, sender=watched.model, dispatch_uid=f"audit restored {watched.model.__name__}")
        post_delete.connect(deleted, sender=watched.model, dispatch_uid=f"audit {watched.model.__name__}")
        for name in watched.many:
            sender = through(watched, name)
            m2m_changed.connect(many_changed, sender=sender, dispatch_uid=f"audit {sender.__name__}")
    for model in HISTORIES:
        post_save.connect(line_added, sender=model, dispatch_uid=f"audit {model.__name__}")
    user_logged_in.connect(logged_in, dispatch_uid="audit log-in")
    user_logged_out.connect(logged_out, dispatch_uid="audit log-out")
    user_login_failed.connect(log_in_failed, dispatch_uid="audit failed log-in")
    user_locked_out.connect(log_in_locked, dispatch_uid="audit lock")
    unlocked.connect(log_in_unlocked, dispatch_uid="audit unlocking")


def of_allauth() -> Iterator[Watched]:
    """Second factors, and accounts of an identity provider, where they are on."""
    if apps.is_installed("allauth.mfa"):
        authenticator: Any = apps.get_model("mfa.Authenticator")  # type: ignore[misc]  # where it is on
        yield Watched(authenticator, frozenset({"last_used_at", "created_at"}))
    if apps.is_installed("allauth.socialaccount"):
        account: Any = apps.get_model("socialaccount.SocialAccount")  # type: ignore[misc]  # where it is on
        yield Watched(account, frozenset({"extra_data", "last_login", "date_joined"}))


def through(watched: Watched, name: str) -> Any:
    """The model of the table between a row and those that it holds."""
    field: Any = watched.model._meta.get_field(name)
    return field.remote_field.through


def watch_saves(watched: Watched) -> None:
    """Record what each save changes. Django's signals of a save come after its transaction, too late for this."""
    model: Any = watched.model
    save_base = model.save_base
    if hasattr(save_base, "__wrapped__"):
        return

    @wraps(save_base)
    def save_and_record(self: Any, *args: Any, **kwargs: Any) -> Any:
        using = kwargs.get("using") or router.db_for_write(model, instance=self)
        with transaction.atomic(using=using):
            stored = model._default_manager.using(using).filter(pk=self.pk).first() if self.pk else None
            before = state_of(watched, stored) if stored else None
            saved = save_base(self, *args, **kwargs)
            after = {**(before or {}), **state_of(watched, self, kwargs.get("update_fields"))}
            record_save(self, before, after)
        return saved

    model.save_base = save_and_record


def state_of(watched: Watched, row: Any, names: Any = None) -> State:
    """The fields of a row that count, by name; of another row that it refers to, its name."""
    fields = [field for field in row._meta.concrete_fields if field.name not in watched.ignored | {"id"}]
    return {
        field.name: str(getattr(row, field.name)) if field.is_relation else field.value_from_object(row)
        for field in fields
        if names is None or field.name in names
    }


def subject_of(row: Any) -> str:
    """Its name; of a second factor or an account of a provider, also whose."""
    owner = getattr(row, "user", None)
    return f"{row} of {owner}" if isinstance(owner, User) else str(row)


def record_save(row: Any, before: State | None, after: State) -> None:
    noun = row._meta.verbose_name
    if before is None:
        record(f"{noun} added", subject_of(row), row.pk, after=mask(after))
        return
    changed = [name for name in after if before.get(name) != after[name]]
    # Django writes a password's hash anew, by better rules, when somebody logs in: that changes no password.
    if changed == ["password"] and getattr(row, "_password", None) is None:
        return
    if changed:
        old, new = ({name: state.get(name) for name in changed} for state in (before, after))
        record(f"{noun} changed", subject_of(row), row.pk, before=mask(old), after=mask(new, MASKED_NEW))


def restored(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Record a row that `loaddata` wrote, which bypasses `save`. The former state is unknown."""
    if raw:
        watched = next(one for one in ROWS if isinstance(instance, one.model))
        record(
            f"{instance._meta.verbose_name} restored",
            str(instance),
            instance.pk,
            after=mask(state_of(watched, instance)),
        )


def deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    watched = next(one for one in ROWS if isinstance(instance, one.model))
    record(
        f"{instance._meta.verbose_name} deleted",
        subject_of(instance),
        instance.pk,
        before=mask(state_of(watched, instance)),
    )


def many_changed(
    sender: Any, instance: Any, action: str, reverse: bool, model: Any, pk_set: Any, **kwargs: Any
) -> None:
    """Record that rows were added to, or removed from, those that a row holds. From the other side, as when a group is
    given a user, it is recorded of each of those."""
    name = next(name for one in ROWS for name in one.many if through(one, name) is sender)
    if action in ("post_add", "post_remove") and pk_set:
        if reverse:
            for other in model._default_manager.filter(pk__in=pk_set):
                record_many(other, name, {str(instance)}, action == "post_add")
        else:
            record_many(
                instance, name, {str(one) for one in model._default_manager.filter(pk__in=pk_set)}, action == "post_add"
            )
    elif action == "pre_clear" and not reverse:
        record_many(instance, name, {str(one) for one in getattr(instance, name).all()}, added=False)


def record_many(row: Any, name: str, names: set[str], added: bool) -> None:
    if not names:
        return
    now = {str(one) for one in getattr(row, name).all()}
    before, after = (now - names, now | names) if added else (now | names, now - names)
    noun = row._meta.verbose_name
    record(f"{noun} changed", subject_of(row), row.pk, before={name: sorted(before)}, after={name: sorted(after)})


def line_added(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    if not created:
        return
    if isinstance(instance, Publication):
        action = {"publish": "published", "roll back": "rolled back"}.get(instance.action, f"{instance.action}d")
        old, new = (
            {"revision": one.number, "content": one.content} if one else None
            for one in (instance.before, instance.revision)
        )
        if action in ("enabled", "disabled"):
            old, new = {"enabled": action == "disabled"}, {"enabled": action == "enabled"}
        if new and instance.against:
            new["against"] = instance.against
        record(
            f"alias {action}", str(instance.alias), instance.alias_id,
            by=instance.by, before=old, after=new, why=instance.why,
        )  # fmt: skip
    elif isinstance(instance, BucketChange):
        action = "deleted" if instance.after is None else "changed" if instance.before else "added"
        record(
            f"bucket {action}", instance.name, instance.bucket_id,
            by=instance.by, before=mask(instance.before), after=mask(instance.after, MASKED_NEW), why=instance.why,
        )  # fmt: skip
    else:
        last = OverruledFocus.objects.filter(bucket=instance.bucket, key=instance.key).exclude(pk=instance.pk).first()
        record(
            "focus overruled", str(instance), instance.pk, by=instance.by,
            before={"boxes": last.boxes if last else None}, after={"boxes": instance.boxes}, why=instance.why,
        )  # fmt: skip


def mask(state: Any, word: str = MASKED) -> Any:
    """A state without secrets, at any depth. An empty one stays empty: whether there is a secret is none."""
    if isinstance(state, Mapping):
        return {
            name: (word if value else value) if name in SECRETS else mask(value, word) for name, value in state.items()
        }
    return [mask(one, word) for one in state] if isinstance(state, list) else state


# --- Log-ins


def logged_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    record("logged in", user.get_username(), user.pk, by=user)


def logged_out(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    if user is not None:
        record("logged out", user.get_username(), user.pk, by=user)


def log_in_failed(sender: Any, credentials: Mapping[str, Any], request: Any = None, **kwargs: Any) -> None:
    """A failed log-in; while it is locked, nothing is tried and nothing recorded, so that nobody fills the log."""
    if not getattr(request, "axes_locked_out", False) or request.axes_failures_since_start is not None:
        why = "wrong code" if sender == SECOND_FACTOR else ""
        record("log-in failed", account(credentials.get("username")), why=why)


def log_in_locked(sender: Any, request: Any, username: Any, **kwargs: Any) -> None:
    if request.axes_failures_since_start is not None:
        record("log-in locked", account(username))


def log_in_unlocked(sender: Any, account: str, address: str, failures: int, **kwargs: Any) -> None:
    """Record an unlocking by a command: of an account, of an address, of both together, or of all."""
    if failures:
        subject = " from ".join(one for one in (account, address) if one) or "all accounts"
        record("log-in unlocked", subject, before={"failures": failures}, after={"failures": 0})


def account(name: Any) -> str:
    """A name, if it is an account's; else it may be a password that was typed into the wrong field."""
    found = get_user_model().objects.filter(username=name).exists() if isinstance(name, str) else False
    return name if found else "(no such account)"
