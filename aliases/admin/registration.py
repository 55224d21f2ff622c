"""What the admin shows, and under which title. `aliases.apps` imports it once Django's own admins are registered."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from aliases.models import Alias, Bucket, Outbox, OverruledFocus

from .alias.admin import AliasAdmin
from .bucket.admin import BucketAdmin
from .focus.admin import FocusAdmin
from .outbox import OutboxAdmin
from .pages.model_admin import sturdy

admin.site.site_header = "Image service"
admin.site.site_title = "Image service"
admin.site.index_title = f"Image service, {settings.ENVIRONMENT}"
for model, its_admin in ((User, UserAdmin), (Group, GroupAdmin)):
    admin.site.unregister(model)
    admin.site.register(model, sturdy(its_admin))
admin.site.register(Alias, AliasAdmin)
admin.site.register(Bucket, BucketAdmin)
admin.site.register(OverruledFocus, FocusAdmin)
admin.site.register(Outbox, OutboxAdmin)
