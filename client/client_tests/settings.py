"""A project that uses the client."""

SECRET_KEY = "of a test"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "imageservice_client", "client_tests"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
IMAGE_SERVICE = {"URL": "http://images.test"}
MEDIA_ROOT = "/nonexistent"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
