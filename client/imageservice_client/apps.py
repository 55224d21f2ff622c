"""The app, for INSTALLED_APPS."""

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from .conf import conf


class ImageServiceClient(AppConfig):
    name = "imageservice_client"
    verbose_name = "Image service"

    def ready(self) -> None:
        checks.register(check)


def check(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Whether IMAGE_SERVICE is right: `manage.py check` says what is not."""
    try:
        conf()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="imageservice_client.E001")]
    return []
