"""The URLs of both planes. The data plane's catch-all comes last."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from rendering.urls import health, no_pictures, pictures

urlpatterns: list[URLPattern | URLResolver] = [*health]
if settings.CONTROL:
    from django.contrib import admin

    from aliases.start import start

    urlpatterns += [
        path("", start, name="start"),
        path("admin", RedirectView.as_view(url="/admin/", query_string=True)),
    ]
    if settings.ACCOUNT_PAGES:
        from aliases.access.accounts import patterns

        urlpatterns += [path("admin/account/", include(patterns()))]
    urlpatterns += [path("admin/", admin.site.urls)]
    handler400 = "aliases.admin.pages.error_pages.bad_request"
    handler403 = "aliases.admin.pages.error_pages.permission_denied"
    handler404 = "aliases.admin.pages.error_pages.page_not_found"
    handler500 = "aliases.admin.pages.error_pages.server_error"
urlpatterns += no_pictures if settings.PLANE == "admin" else pictures
