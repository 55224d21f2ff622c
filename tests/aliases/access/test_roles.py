"""The roles: groups with the permissions that are declared, kept at each migration; and nobody gives what they lack."""

from importlib import import_module
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aliases.access.roles import ROLES, is_role, keep_roles

pytestmark = pytest.mark.django_db
#: It is given a schema editor, of which it needs the connection.
make_groups = import_module("aliases.migrations.0010_roles").make_groups


def held(name: str) -> set[str]:
    permissions = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


def log_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner(made):
    user = made("owner")
    user.groups.add(Group.objects.get(name="owner"))
    return user


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_a_group_with_the_permissions_declared_for_it(role):
    assert held(role) == set(ROLES[role])


def test_each_role_may_what_the_one_before_it_may_and_more():
    permissions = [set(one) for one in ROLES.values()]
    assert all(less < more for less, more in pairwise(permissions))


def test_every_permission_of_a_role_is_there():
    there = {
        f"{app}.{codename}" for app, codename in Permission.objects.values_list("content_type__app_label", "codename")
    }
    assert set(ROLES["owner"]) <= there


def test_a_migration_gives_a_role_its_permissions_again():
    publisher = Group.objects.get(name="publisher")
    publisher.permissions.set(Permission.objects.filter(codename="delete_bucket"))
    Group.objects.get(name="viewer").delete()
    call_command("migrate", verbosity=0)
    assert held("publisher") == set(ROLES["publisher"])
    assert held("viewer") == set(ROLES["viewer"])


def test_keeping_the_roles_twice_writes_nothing():
    keep_roles()
    with CaptureQueriesContext(connection) as asked:
        keep_roles()
    assert not [query for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_group_that_somebody_made_before_keeps_its_members_and_their_rights_under_another_name(made):
    Group.objects.all().delete()
    for name in ("owner", "owner (own)"):
        made(f"member of {name}").groups.add(Group.objects.create(name=name))
    make_groups(apps, SimpleNamespace(connection=connection))
    keep_roles()
    assert held("owner") == set(ROLES["owner"])
    assert not Group.objects.get(name="owner").user_set.exists()
    assert held("owner (own 2)") == set()
    assert User.objects.get(username="member of owner").groups.get().name == "owner (own 2)"


def test_the_groups_of_roles_are_shown_and_not_changed(owner):
    group = Group.objects.get(name="viewer")
    change = reverse("admin:auth_group_change", args=[group.pk])
    for user in (owner, User.objects.create_superuser("root")):
        client = log_in(user)
        assert client.get(change).status_code == 200
        assert client.post(change, {"name": "viewer", "permissions": []}).status_code == 403
        assert client.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}).status_code == 403
        client.post(
            reverse("admin:auth_group_changelist"),
            {"action": "delete_selected", "_selected_action": group.pk, "post": "yes"},
        )
        assert is_role(Group.objects.get(pk=group.pk))
    assert held("viewer") == set(ROLES["viewer"])


def form_of(user: User, **changes):
    return {
        "username": user.username,
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        "is_active": "on",
        "is_staff": "on",
        "groups": [group.pk for group in user.groups.all()],
        "user_permissions": [permission.pk for permission in user.user_permissions.all()],
        **changes,
    }


def test_an_owner_makes_a_publisher_and_no_superuser(owner, made):
    ann = made("ann")
    url = reverse("admin:auth_user_change", args=[ann.pk])
    publisher = Group.objects.get(name="publisher")
    response = log_in(owner).post(url, form_of(ann, groups=[publisher.pk], is_superuser="on"))
    assert response.status_code == 302
    ann.refresh_from_db()
    assert (ann.is_superuser, ann.groups.get()) == (False, publisher)


@pytest.mark.parametrize("page", ["change", "password_change", "delete"])
def test_nobody_changes_an_account_that_may_do_more_than_they(owner, made, page):
    root, clerk = (
        made("root", is_superuser=True, is_active=False),
        made("clerk", "change_user", "view_user", "delete_user"),
    )
    posted = {"post": "yes", "password1": "ohWell-123", "password2": "ohWell-123"}
    for who, target in ((owner, root), (clerk, owner), (clerk, root)):
        before = User.objects.filter(pk=target.pk).values().get()
        url = reverse(f"admin:auth_user_{page}", args=[target.pk])
        assert log_in(who).post(url, {**form_of(target), **posted}).status_code == 403
        assert User.objects.filter(pk=target.pk).values().get() == before


@pytest.mark.parametrize("field", ["groups", "user_permissions"])
def test_nobody_gives_what_they_may_not_do_themselves(made, field):
    clerk, ann = made("clerk", "change_user", "view_user"), made("ann")
    given = {
        "groups": Group.objects.get(name="viewer"),
        "user_permissions": Permission.objects.get(codename="add_alias"),
    }
    url = reverse("admin:auth_user_change", args=[ann.pk])
    response = log_in(clerk).post(url, form_of(ann, **{field: [given[field].pk]}))
    assert "You can give only what you may do yourself" in response.content.decode()
    assert not getattr(ann, field).exists()


def test_what_somebody_has_already_stays_with_them_when_another_saves(made):
    clerk, ann = made("clerk", "change_user", "view_user"), made("ann", "view_user")
    url = reverse("admin:auth_user_change", args=[ann.pk])
    assert log_in(clerk).post(url, form_of(ann, first_name="Ann")).status_code == 302
    ann.refresh_from_db()
    assert (ann.first_name, ann.user_permissions.count()) == ("Ann", 1)


def test_a_group_of_ones_own_is_given_only_what_one_has(made, owner):
    clerk = made("clerk", "add_group", "change_group", "view_group")
    more = Permission.objects.get(codename="publish_alias")
    refused = log_in(clerk).post(reverse("admin:auth_group_add"), {"name": "friends", "permissions": [more.pk]})
    assert "You can give only what you may do yourself" in refused.content.decode()
    made_one = log_in(owner).post(reverse("admin:auth_group_add"), {"name": "friends", "permissions": [more.pk]})
    assert made_one.status_code == 302
    friends = Group.objects.get(name="friends")
    assert log_in(clerk).post(reverse("admin:auth_group_change", args=[friends.pk]), {"name": "x"}).status_code == 403
