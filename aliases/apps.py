"""The apps of the control plane, as Django loads them: ours, and the admin with a site of ours."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class AliasesConfig(AppConfig):
    default = True
    name = "aliases"
    verbose_name = "Image service"

    def ready(self) -> None:
        from rendering.http import health

        # They import models, which are not there yet when this module is imported.
        from .access import lockouts, roles
        from .audit import watching
        from .publishing.sending import unwritten

        lockouts.connect()
        watching.watch()
        post_migrate.connect(roles.keep_roles, sender=self, dispatch_uid="roles")
        health.MORE["publications"] = unwritten


class AdminConfig(admin_apps.AdminConfig):
    """Django's admin, with a site of ours."""

    default = False
    default_site = "aliases.admin.site.Site"

    def ready(self) -> None:
        super().ready()
        from .admin import registration as registration  # after Django's own, some of which it replaces
