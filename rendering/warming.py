"""Does what the first request would otherwise wait for, while the process starts."""

from io import BytesIO

from django.urls import get_resolver
from PIL import Image

from . import conf
from .http import info  # noqa: F401 - views.py imports it, and much else with it, on demand
from .imaging.encoding import FORMATS, Encoding
from .imaging.frame.geometry import Geometry
from .imaging.pipeline.render import render
from .imaging.reading.opened import Opened
from .imaging.recipe import Recipe
from .storage.factory import configured


def warm() -> None:
    """Import the views, load the codecs, create the storages' clients. Sends no request, so that nothing can fail."""
    _ = get_resolver().url_patterns
    file = BytesIO()
    Image.new("RGB", (16, 16), "red").save(file, "JPEG")
    for name in FORMATS:
        recipe = Recipe(Geometry(width=8, height=8), Encoding(format=name))
        render(Opened(file.getvalue(), conf.limits()), recipe.settled("any", conf.defaults()))
    for store in ("catalogue", "derivatives"):
        configured(store).prepare()
