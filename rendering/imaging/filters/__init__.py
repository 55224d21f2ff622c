"""The filters. A new one is a function in one of these modules, and its name in this list."""

from . import ages, canvas, colour, detail, effects, output, overlay, shape, tone
from .grammar import extensions
from .grammar.registry import FILTERS, Call, Filter, Registry

__all__ = ["FILTERS", "Call", "Filter", "Registry"]

FILTERS.register(
    [
        colour.brightness,
        colour.contrast,
        colour.saturation,
        colour.hue,
        colour.grayscale,
        colour.rgb,
        colour.colorize,
        tone.equalize,
        tone.curve,
        tone.sepia,
        tone.tint,
        tone.duotone,
        effects.blur,
        effects.pixelate,
        effects.noise,
        effects.outline,
        detail.sharpen,
        detail.convolution,
        canvas.fill,
        canvas.padding,
        canvas.background_color,
        canvas.round_corner,
        canvas.crop,
        canvas.rotate,
        canvas.proportion,
        overlay.watermark,
        overlay.image_,
        overlay.text,
        overlay.frame,
        shape.stretch,
        shape.no_upscale,
        shape.upscale,
        shape.focal,
        shape.face,
        shape.orientation,
        shape.dpr,
        output.format_,
        output.quality,
        output.max_bytes,
        output.autojpg,
        output.cover,
        output.keep_animation,
        output.keep_copyright,
        output.strip_exif,
        output.strip_icc,
        ages.max_age,
        ages.expire,
    ]
)
extensions.register(FILTERS)
