"""The WSGI application that servers import. It refuses to start with settings that are not safe to serve with."""

import logging
import os
import sys

from .starting import uncollected

with uncollected():
    from django.core.checks import ERROR, run_checks
    from django.core.wsgi import get_wsgi_application
    from django.urls import get_resolver

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imageservice.settings")
    application = get_wsgi_application()

    messages = run_checks(tags=["imageservice"])
    if wrong := [message for message in messages if message.level >= ERROR]:
        sys.exit("\n".join(f"{message.id}: {message.msg}. {message.hint or ''}" for message in wrong))
    for message in messages:
        logging.getLogger("imageservice").warning("%s: %s. %s", message.id, message.msg, message.hint or "")

    _ = get_resolver().url_patterns  # imports the views, which the first request would otherwise
