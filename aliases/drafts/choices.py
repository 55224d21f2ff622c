"""The choices of an alias's fields: the data plane's words, with labels for editors."""

from django.db.models import TextChoices


class Fit(TextChoices):
    COVER = "cover", "cover: fills the size; the excess is cut off"
    CONTAIN = "contain", "contain: the entire picture inside the size, never enlarged"
    ADAPTIVE_CONTAIN = (
        "adaptive-contain",
        "adaptive-contain: the same, with the sides swapped for pictures of the other orientation",
    )
    OUTSIDE = "outside", "outside: the entire picture, covering the size, nothing cut off"
    ADAPTIVE_OUTSIDE = (
        "adaptive-outside",
        "adaptive-outside: the same, with the sides swapped for the other orientation",
    )
    STRETCH = "stretch", "stretch: exactly the size, distorted if need be"


class Crop(TextChoices):
    TOP_LEFT = "top-left", "top left"
    TOP = "top", "top"
    TOP_RIGHT = "top-right", "top right"
    LEFT = "left", "left"
    CENTER = "center", "centre"
    RIGHT = "right", "right"
    BOTTOM_LEFT = "bottom-left", "bottom left"
    BOTTOM = "bottom", "bottom"
    BOTTOM_RIGHT = "bottom-right", "bottom right"
    SMART = "smart", "smart: keeps faces in sight; without any, the part with most detail"
    REKOGNITION = "rekognition", "rekognition: smart, with faces found by Amazon Rekognition, which charges for it"
    FOCAL = "focal", "the focal box below"


class Format(TextChoices):
    ORIGINAL = "original", "as the original"
    UNCHANGED = "unchanged", "the original's file, unchanged"
    AUTO = "auto", "by the browser: AVIF or WebP"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"
    WEBP = "webp", "WebP"
    AVIF = "avif", "AVIF"
    GIF = "gif", "GIF"


class Rule(TextChoices):
    """What it means that a picture breaks a rule."""

    OFF = "off", "off: it does not matter"
    WARN = "warn", "warn: a warning"
    MUST = "must", "must: publishing against it takes a reason"
