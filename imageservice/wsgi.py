"""The WSGI application that servers import. It refuses to start with settings that are not safe to serve with."""

import logging
import os
import sys

from .startup import uncollected

with uncollected():
    import django
    from django.core.checks import ERROR, run_checks
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import get_resolver

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imageservice.settings")
    django.setup(set_prefix=False)

    # Before the application, which has things to say of its own: what is refused is told in its line alone.
    messages = run_checks(tags=["imageservice"])
    if wrong := [message for message in messages if message.level >= ERROR]:
        sys.exit("\n".join(f"{message.id}: {message.msg}. {message.hint or ''}" for message in wrong))
    for message in messages:
        logging.getLogger("imageservice").warning("%s: %s. %s", message.id, message.msg, message.hint or "")

    application = WSGIHandler()
    _ = get_resolver().url_patterns  # imports the views, which the first request would otherwise
