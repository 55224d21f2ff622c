"""The project: settings, URLs and the ways in. Whoever comes in by any of them renders pictures sooner or later."""

from rendering import process

# Here, before anything else of the project and before there are threads: of the ways in (a server, Lambda, manage.py)
# none can forget it.
process.keep_memory()
