"""Makes the groups of the roles. What they may do is given to them after the migration, when permissions exist."""

from typing import Any

from django.db import migrations

ROLES = ("viewer", "editor", "publisher", "owner")


def make_groups(apps: Any, schema_editor: Any) -> None:
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for name in ROLES:
        for own in groups.filter(name=name):
            # A group that somebody made before keeps its members and their rights, under another name: its members are
            # not to have more all of a sudden.
            own.name = free_name(groups, name)
            own.save()
        groups.create(name=name)


def free_name(groups: Any, name: str) -> str:
    number = 1
    while groups.filter(name=(found := f"{name} (own{f' {number}' if number > 1 else ''})")).exists():
        number += 1
    return found


class Migration(migrations.Migration):

    dependencies = [
        ("aliases", "0009_names_in_the_admin"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
