"""Every URL of the control plane, by its name, as the resolver has them; and an address for each."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver, reverse


def walked(patterns: list[Any], before: str = "", namespace: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """The URL patterns below these: namespace, route, pattern."""
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield namespace, route, pattern
        else:
            own = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from walked(pattern.url_patterns, route, f"{namespace}{own}")


def known() -> dict[str, URLPattern]:
    """The URL patterns of the control plane, by name, or by route where they have none."""
    return {
        f"{namespace}{pattern.name}" if pattern.name else route: pattern
        for namespace, route, pattern in walked(get_resolver().url_patterns)
        if not pattern.callback.__module__.startswith("rendering.")
    }


#: By name, else by route.
PATTERNS = known()


#: Of URLs whose words stand in the part of the route that others share with them.
WORDS = {
    **dict.fromkeys(("saml_acs", "saml_finish_acs", "saml_sls", "saml_metadata", "saml_login"), ("organization_slug",)),
    **dict.fromkeys(("openid_connect_login", "openid_connect_callback"), ("provider_id",)),
    **dict.fromkeys(("mfa_edit_webauthn", "mfa_remove_webauthn"), ("pk",)),
}


def url(name: str, rows: dict[str, int]) -> str:
    model = (name.split("/")[-3] if name.endswith("<path:object_id>/") else name.split("_")[1]) if "_" in name else ""
    row = rows.get(model, rows["alias"])
    if name in ("admin:aliases_alias_publication", "admin:aliases_alias_progress"):
        row = rows["publication"]
    words = {"pk": row, "object_id": row, "id": row, "number": 1, "which": "draft", "alias": rows["alias"]}
    words |= {"change": rows["change"], "content_type_id": 1, "app_label": "aliases", "url": "nothing", "name": "csv"}
    words |= {"organization_slug": "sso", "provider_id": "sso", "uidb36": "1", "key": "a-key"}
    if name.startswith("admin/"):
        return f"/{name.replace('<path:object_id>', str(row)).replace('(?P<url>.*)$', 'nothing')}"
    if name == "admin":
        return "/admin"
    pattern: Any = PATTERNS[name].pattern
    names = pattern.converters or pattern.regex.groupindex or WORDS.get(name, ())
    found = reverse(name, kwargs={word: words[word] for word in names})
    if name.endswith("_some"):
        return f"{found}?pk={rows['alias']}"
    return found + ("?key=cat.jpg" if name == "admin:aliases_bucket_focus" else "")
