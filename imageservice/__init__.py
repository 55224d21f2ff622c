"""The project: settings, URLs, and the entry points for servers, Lambda and commands."""

from rendering import process

# Here, because every entry point (server, Lambda, manage.py) imports this first, before there are threads.
process.keep_memory()
