"""The apps of the control plane, as Django loads them: ours, and the admin with a site of ours."""

import logging

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate

logger = logging.getLogger(__name__)


class AliasesConfig(AppConfig):
    default = True
    name = "aliases"
    verbose_name = "Image service"

    def ready(self) -> None:
        from rendering.http import health, metrics_page
        from rendering.metrics.declaration import OUTBOX_AGE, OUTBOX_UNSENT

        # They import models, which are not there yet when this module is imported.
        from .access import lockouts, roles
        from .audit import watching
        from .aws import waking
        from .publishing.sending import outbox_age, outbox_unsent, unwritten

        lockouts.connect()
        watching.watch()
        waking.watch()
        post_migrate.connect(roles.keep_roles, sender=self, dispatch_uid="roles")
        if settings.SECOND_FACTOR:
            from .access import factor_secrets  # imports django-allauth

            post_migrate.connect(factor_secrets.keep_encrypted, sender=self, dispatch_uid="secrets of second factors")
        health.MORE["publications"] = unwritten
        health.MORE["database"] = database_state
        metrics_page.MORE[OUTBOX_AGE] = outbox_age
        metrics_page.MORE[OUTBOX_UNSENT] = outbox_unsent


def database_state() -> str:
    """What /readyz says of the database: "ok", or what is wrong."""
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
    except DatabaseError as error:
        logger.error("not reachable", extra={"facts": {"what": "database", "error": str(error)}})
        return "away: the database does not answer, or has no tables; pictures are served without it"
    return "ok"


class AdminConfig(admin_apps.AdminConfig):
    """Django's admin, with a site of ours."""

    default = False
    default_site = "aliases.admin.site.Site"

    def ready(self) -> None:
        super().ready()
        from .admin import registration as registration  # after Django's own, some of which it replaces
