"""The data plane's URLs. `pictures` is the catch-all and comes last."""

from django.urls import path, re_path

from . import views

health = [
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("healthcheck", views.healthz),  # where Thumbor's load balancers look
    path("robots.txt", views.robots),
    path("-/metrics", views.metrics),
]
pictures = [
    path("-/aliases.json", views.aliases),
    re_path(r"^-/info/", views.info),
    re_path(r"^-/infos/", views.infos),
    re_path(r"^-/d/", views.derivative),
    re_path(r"", views.picture),
]
#: In place of `pictures`, in a process that serves only the admin.
no_pictures = [re_path(r"", views.no_pictures)]
