"""What the picker of filters calls each filter, in words of those who edit pictures."""

from typing import NamedTuple

COLOUR, DETAIL, SHAPE, OVERLAYS = "Colour", "Detail", "Shape", "Overlays"
CROP, FILE, OTHERS = "Size and crop", "File", "Of other packages"
#: In the order in which the picker shows them.
GROUPS = (COLOUR, DETAIL, SHAPE, OVERLAYS, CROP, FILE, OTHERS)


class Words(NamedTuple):
    title: str
    group: str
    #: What it does, in a few words.
    hint: str
    #: Other words that find it: other spellings, and what it is used for.
    also: str = ""


WORDS = {
    "brightness": Words("Brightness", COLOUR, "lighter or darker", "light dark exposure lighten darken"),
    "contrast": Words("Contrast", COLOUR, "more or less", "flat punchy"),
    "saturation": Words("Saturation", COLOUR, "stronger or paler", "vivid vibrance muted pale colour color"),
    "hue": Words("Hue", COLOUR, "turn the colours", "colour wheel rotate shift"),
    "grayscale": Words("Greyscale", COLOUR, "black and white", "grayscale grey gray monochrome desaturate"),
    "rgb": Words("RGB", COLOUR, "each channel", "red green blue balance warm cold temperature"),
    "colorize": Words("Colourise", COLOUR, "blend with a colour", "colorize colourize"),
    "equalize": Words("Equalise", COLOUR, "spread the tones", "equalize histogram levels automatic"),
    "curve": Words("Curve", COLOUR, "tones by points", "curves levels gamma shadows highlights"),
    "sepia": Words("Sepia", COLOUR, "like an old print", "brown vintage retro"),
    "tint": Words("Tint", COLOUR, "shades of one colour", "monochrome brand"),
    "duotone": Words("Duotone", COLOUR, "two colours", "two-tone gradient brand"),
    "blur": Words("Blur", DETAIL, "soft, by a radius", "gaussian soften smooth background privacy"),
    "sharpen": Words("Sharpen", DETAIL, "crisper edges", "unsharp mask crisp clarity"),
    "pixelate": Words("Pixelate", DETAIL, "in blocks", "mosaic censor privacy anonymous"),
    "noise": Words("Noise", DETAIL, "grain", "texture analogue"),
    "outline": Words("Outline", DETAIL, "a line around a part", "box border mark highlight"),
    "convolution": Words("Convolution", DETAIL, "by a kernel", "matrix emboss edges"),
    "fill": Words("Fill", SHAPE, "what is left empty", "letterbox background bars"),
    "padding": Words("Padding", SHAPE, "space around it", "border margin"),
    "background_color": Words(
        "Background", SHAPE, "behind what is transparent", "background colour color flatten matte"
    ),
    "round_corner": Words("Round corners", SHAPE, "by a radius", "rounded circle avatar"),
    "crop": Words("Cut out", SHAPE, "of the finished picture", "crop part box"),
    "rotate": Words("Rotate", SHAPE, "the finished picture", "turn degrees"),
    "proportion": Words("Proportion", SHAPE, "scale it down", "shrink smaller resize"),
    "watermark": Words("Watermark", OVERLAYS, "a picture on top", "logo brand copyright stamp overlay badge"),
    "image": Words("Picture", OVERLAYS, "at a size of its own", "image overlay collage inset badge"),
    "text": Words("Text", OVERLAYS, "words on top", "label caption title letters write"),
    "frame": Words("Frame", OVERLAYS, "a picture around it", "border overlay ninepatch"),
    "stretch": Words("Stretch", CROP, "out of proportion", "distort exact"),
    "no_upscale": Words("Never enlarge", CROP, "keep small ones small", "no upscale upscaling"),
    "upscale": Words("Enlarge", CROP, "small ones as well", "upscale upscaling bigger"),
    "focal": Words("Focal box", CROP, "keep a part in sight", "focus focal point area"),
    "face": Words("Faces", CROP, "keep heads in sight", "face portrait people headshot zoom"),
    "orientation": Words("Turn the original", CROP, "before everything else", "orientation rotate upright degrees"),
    "dpr": Words("Pixel ratio", CROP, "for sharp screens", "dpr retina device density"),
    "format": Words("Format", FILE, "JPEG, PNG, WebP …", "type convert jpg avif gif"),
    "quality": Words("Quality", FILE, "smaller or finer", "compression size"),
    "max_bytes": Words("Most bytes", FILE, "as good as fits", "maximum weight limit budget size"),
    "autojpg": Words("JPEG if opaque", FILE, "for opaque PNGs", "autojpg automatic jpg"),
    "cover": Words("First frame", FILE, "of an animation", "cover still poster gif"),
    "keep_animation": Words("Whole animation", FILE, "or nothing", "keep animated gif motion frames"),
    "keep_copyright": Words("Keep copyright", FILE, "and its creator", "credit author rights metadata"),
    "strip_exif": Words("Drop EXIF", FILE, "always done", "strip metadata privacy"),
    "strip_icc": Words("Drop the profile", FILE, "always done", "strip icc colour profile srgb"),
}


def words_of(name: str, summary: str) -> Words:
    """The words for a filter; for one of another package, those that its function has."""
    return WORDS.get(name) or Words(name.replace("_", " ").capitalize(), OTHERS, summary)
