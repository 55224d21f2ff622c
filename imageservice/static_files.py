"""The admin's static files on this machine, under names that hold a hash of their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Modules import others by their hashed names, too: under two names, a module would run twice."""

    support_js_module_import_aggregation = True
