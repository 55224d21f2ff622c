"""What the admin shows, and under which title. `aliases.apps` imports it once Django's own admins are registered."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, User

from aliases.models import Alias, AuditEntry, Bucket, Outbox, OverruledFocus

from .alias.admin import AliasAdmin
from .audit import AuditEntryAdmin
from .bucket.admin import BucketAdmin
from .focus.admin import OverruledFocusAdmin
from .inspector import pages as inspector
from .outbox import OutboxAdmin
from .users import GroupAdmin, UserAdmin

admin.site.site_header = "Image service"
admin.site.site_title = "Image service"
admin.site.index_title = f"Image service, {settings.ENVIRONMENT}"
admin.site.pages = inspector.PAGES  # type: ignore[attr-defined]  # the site is ours: aliases.apps
# Django's own are replaced. Those of packages show secrets, such as of second factors, and let them be edited.
admin.site.unregister(list(admin.site._registry))
admin.site.register(User, UserAdmin)
admin.site.register(Group, GroupAdmin)
admin.site.register(Alias, AliasAdmin)
admin.site.register(Bucket, BucketAdmin)
admin.site.register(OverruledFocus, OverruledFocusAdmin)
admin.site.register(Outbox, OutboxAdmin)
admin.site.register(AuditEntry, AuditEntryAdmin)
