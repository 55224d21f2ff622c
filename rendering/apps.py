"""The data plane as a Django app."""

from django.apps import AppConfig


class RenderingConfig(AppConfig):
    """The data plane."""

    name = "rendering"

    def ready(self) -> None:
        from . import (
            checks,  # noqa: F401 - importing registers the checks
            process,
        )

        process.return_memory()
