"""The settings: `IMAGE_SERVICE` in the settings of the project."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Conf:
    #: Where pictures are served, such as https://images.example.com, also with a path.
    url: str
    #: Where the list of aliases is: a URL, or the path of a file. Empty: at /-/aliases.json of the service.
    aliases: str = ""
    #: The key that signs Thumbor URLs; only servers may know it.
    security_key: str = ""
    #: Seconds after which the list is read again, in the background.
    max_age: float = 60
    #: Seconds that reading it may take.
    timeout: float = 5

    @property
    def list_url(self) -> str:
        return self.aliases or f"{self.url}/-/aliases.json"


def conf() -> Conf:
    """The settings as they are now. Raises ImproperlyConfigured."""
    return read(getattr(settings, "IMAGE_SERVICE", None))


def read(said: Any) -> Conf:
    """Read IMAGE_SERVICE. Raises ImproperlyConfigured."""
    names = [one.name for one in fields(Conf)]
    if not isinstance(said, Mapping) or "URL" not in said:
        raise ImproperlyConfigured('Set IMAGE_SERVICE = {"URL": "https://images.example.com"}, with the URL of yours.')
    unknown = [name for name in said if not isinstance(name, str) or name.lower() not in names or name != name.upper()]
    if unknown:
        known = ", ".join(name.upper() for name in names)
        raise ImproperlyConfigured(f"IMAGE_SERVICE has no {unknown[0]!r}; it has {known}.")
    values = {name.lower(): value for name, value in said.items()}
    for name in ("url", "aliases", "security_key"):
        if not isinstance(values.get(name, ""), str):
            raise ImproperlyConfigured(f"IMAGE_SERVICE[{name.upper()!r}] must be text, not {values[name]!r}.")
    for name in ("max_age", "timeout"):
        value = values.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise ImproperlyConfigured(f"IMAGE_SERVICE[{name.upper()!r}] must be a number of seconds, not {value!r}.")
    values["url"] = values["url"].strip().rstrip("/")
    parts = urlsplit(values["url"])
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            f"IMAGE_SERVICE['URL'] must be such as https://images.example.com, not {values['url']!r}."
        )
    return Conf(**values)
