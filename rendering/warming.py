"""Does what the first request would otherwise wait for, while the process starts."""

from django.urls import get_resolver

from .http.descriptions import info  # noqa: F401 - views.py imports it, and much else with it, on demand
from .storage.factory import configured
from .workers import pool, template


def warm() -> None:
    """On Lambda, where this process is the template of those that render: import the views, load the codecs, fork a
    first child, create the storages' clients. Sends no request, so that nothing can fail."""
    _ = get_resolver().url_patterns
    template.warm()
    pool.start()
    for store in ("catalogue", "derivatives"):
        configured(store).prepare()
