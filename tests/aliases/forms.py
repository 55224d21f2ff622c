"""What a browser posts to the admin, and where; and what the page that comes back says."""

import re
from typing import Any

from django.urls import reverse

from aliases.admin.alias.admin import AliasAdmin
from aliases.drafts.field_lists import FIELDS
from aliases.models import Alias


def form_of(alias: Alias, **changes: Any) -> dict[str, Any]:
    """What the browser would post for an alias's form."""
    names: list[str] = []
    for _, options in AliasAdmin.fieldsets:
        for line in options["fields"]:
            names += [line] if isinstance(line, str) else line
    values = {name: FIELDS[name].value_from_object(alias) for name in names}
    return {name: "" if value is None else value for name, value in {**values, **changes}.items()}


def page(name: str, *args: Any) -> str:
    """The path of one of the admin's own pages."""
    return reverse(f"admin:aliases_{name}", args=args)


def text_of(response: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))
