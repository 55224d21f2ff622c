"""The WSGI application that servers import. Refuses to start with unsafe settings."""

import logging
import os
import sys

from rendering.process import gc_paused

with gc_paused():
    import django
    from django.core.checks import ERROR, run_checks
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import get_resolver

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imageservice.settings")
    django.setup(set_prefix=False)

    # Before the application is created, which may log lines of its own: an error should stand alone.
    messages = run_checks(tags=["imageservice"])
    if wrong := [message for message in messages if message.level >= ERROR]:
        sys.exit("\n".join(f"{message.id}: {message.msg}. {message.hint or ''}" for message in wrong))
    for message in messages:
        logging.getLogger("imageservice").warning("%s: %s. %s", message.id, message.msg, message.hint or "")

    application = WSGIHandler()
    _ = get_resolver().url_patterns  # imports the views, so that the first request need not
