"""Django's floor: no middleware, no app, one view that returns the bytes of `FLOOR_FILE`."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

CONTENT = Path(os.environ["FLOOR_FILE"]).read_bytes()


def picture(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CONTENT, content_type="image/webp")


urlpatterns = [re_path("", picture)]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[])
django.setup()
application = get_wsgi_application()
