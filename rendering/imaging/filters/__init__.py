"""The filters of the service. A new one is a function in one of these modules and a word in this list."""

from . import colour, effects, output, shape
from .registry import Call, Filter, Registry

__all__ = ["FILTERS", "Call", "Filter", "Registry"]

#: Every filter there is, by name.
FILTERS = Registry()
FILTERS.register(
    [
        colour.brightness,
        colour.contrast,
        colour.saturation,
        colour.grayscale,
        colour.rgb,
        effects.blur,
        shape.stretch,
        shape.no_upscale,
        shape.upscale,
        shape.focal,
        output.format_,
        output.quality,
        output.background_color,
    ]
)
