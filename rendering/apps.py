"""The app of the data plane, as Django loads it."""

from django.apps import AppConfig


class RenderingConfig(AppConfig):
    """The data plane."""

    name = "rendering"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers them
