import pytest
from PIL import Image

from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.context import Context
from rendering.imaging.frame.geometry import Box, Fit, Geometry

from ..pictures import difference, disc, gradient, nine_patch

OVERLAYS = {"b/mark.png": disc(9, 5), "b/frame.png": nine_patch()}


PIXELS = [
    "brightness(20)",
    "contrast(-30)",
    "rgb(5,10,-20)",
    "saturation(0.3)",
    "hue(75)",
    "grayscale()",
    "colorize(10,20,30,ff8000)",
    "equalize()",
    "curve([(0,0),(128,180),(255,255)],[(0,20),(255,255)],[(0,0)],[(0,0),(255,200)])",
    "sepia(60)",
    "tint(336699)",
    "duotone(navy,gold)",
    "noise(40)",
    "sharpen(2,1,false)",
    "convolution(0;-1;0;-1;5;-1;0;-1;0,3)",
]

#: Those that change sizes, alpha or edges as well.
OTHERS = [
    "blur(3)",
    "pixelate(3)",
    "outline(0.1x0.2:0.9x0.8)",
    "outline(5x5:300x300,gold)",
    "fill(red)",
    "fill(auto,true)",
    "fill(blur)",
    "fill(transparent)",
    "padding(1,2,3,4,ff0000)",
    "padding(1,2,3,4,blur)",
    "background_color(red)",
    "round_corner(3,255,0,0)",
    "round_corner(3|2,255,0,0,true)",
    "crop(0.25,2,0.5,4)",
    "rotate(90)",
    "proportion(0.5)",
    "watermark(b/mark.png,2,-2,50)",
    "watermark(b/mark.png,repeat,center,0,50,none)",
    "image(b/mark.png)",
    "image(b/mark.png,right-3,center,20,6,4)",
    "image(b/mark.png,repeat,repeat,0,50p,0)",
    "image(b/mark.png,0,0,0,-2,-2,stretch)",
    "text(Hi%20there,center,-2,12,navy,30,80p,right)",
    "frame(b/frame.png)",
]


@pytest.mark.parametrize("text", PIXELS)
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_colours_change_alike_in_every_mode_and_alpha_not_at_all(text, mode):
    (call,) = FILTERS.read(text)
    picture = gradient().convert("L" if mode in ("L", "LA") else "RGB")
    expected = call(picture.convert("RGB")).convert("RGB")
    if mode in ("LA", "RGBA"):
        alpha = gradient(mode="L")
        picture.putalpha(alpha)
        result = call(picture)
        assert result.getchannel("A").tobytes() == alpha.tobytes()
        result = result.convert("RGB")
    else:
        result = call(picture).convert("RGB")
    # In greys, how bright a colour looks is rounded once more.
    assert difference(result, expected) <= 1


@pytest.mark.parametrize("text", [*PIXELS, *OTHERS])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(8, 8), (1, 1), (1, 9), (40, 3)])
def test_a_filter_takes_every_picture_and_does_not_change_it(text, mode, size):
    picture = Image.new("RGBA", size, (10, 100, 250, 100)).convert(mode)
    before = picture.tobytes()
    result = FILTERS.read(text)[0](picture, Context((20, 10), load=OVERLAYS.__getitem__))
    assert result.mode in ("L", "LA", "RGB", "RGBA")
    assert picture.tobytes() == before


def test_every_pixel_filter_is_tried_on_every_picture():
    tried = {text.partition("(")[0] for text in (*PIXELS, *OTHERS)}
    filters = {name for name, declared in FILTERS.items() if declared.stage is Image.Image}
    assert tried == filters, (
        f"Add {', '.join(filters - tried)} to PIXELS; or to OTHERS, if it changes the size, alpha or edges."
    )


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("brightness(0)", (10, 100, 250), (10, 100, 250)),
        ("brightness(10)", (10, 100, 250), (35, 125, 255)),
        ("brightness(-10)", (10, 100, 250), (0, 75, 225)),
        ("brightness(100)", (0, 0, 0), (255, 255, 255)),
        ("contrast(0)", (10, 100, 250), (10, 100, 250)),
        # (150 ** 2) // 100 = 225; 225 * (100 - 128) / 100 = -63
        ("contrast(50)", (10, 100, 250), (0, 65, 255)),
        ("contrast(-50)", (10, 100, 250), (99, 121, 158)),
        ("contrast(-100)", (10, 100, 250), (128, 128, 128)),
        ("rgb(10,-10,0)", (10, 100, 250), (35, 75, 250)),
        ("saturation(1)", (10, 100, 250), (10, 100, 250)),
        # sqrt(.299 * 10 ** 2 + .587 * 100 ** 2 + .114 * 250 ** 2) = 114.2
        ("saturation(0)", (10, 100, 250), (114, 114, 114)),
        ("saturation(2)", (10, 100, 200), (0, 97, 255)),
        ("saturation(0.5)", (10, 100, 200), (56, 101, 151)),
        ("grayscale()", (10, 100, 250), 90),
        # (10 * 60 + 255 * 40) / 100, nothing, (250 * 20 + 0 * 80) / 100
        ("colorize(40,0,80,ff8000)", (10, 100, 250), (108, 100, 50)),
        ("colorize(100,100,100,336699)", (10, 100, 250), (51, 102, 153)),
        ("curve([(0,0),(255,255)],[(0,0),(255,255)],[(0,50),(255,50)],[(0,255),(255,0)])", (9, 9, 9), (9, 50, 246)),
        ("sepia(0)", (10, 100, 250), (10, 100, 250)),
        ("sepia(100)", (100, 100, 100), (135, 120, 94)),
        ("tint(ff0000,0)", (10, 100, 250), (10, 100, 250)),
        ("tint(ff0000)", (0, 0, 0), (0, 0, 0)),
        ("tint(ff0000)", (76, 76, 76), (255, 0, 0)),
        ("tint(ff0000)", (255, 255, 255), (255, 255, 255)),
        ("duotone(000080,ffff00)", (0, 0, 0), (0, 0, 128)),
        ("duotone(000080,ffff00)", (255, 255, 255), (255, 255, 0)),
        ("sharpen(5,1,true)", (10, 100, 250), (10, 100, 250)),
        ("sharpen(5,1,false)", (10, 100, 250), (10, 100, 250)),
        ("convolution(1;2;1;2;4;2;1;2;1,3)", (10, 100, 250), (10, 100, 250)),
        ("pixelate(3)", (10, 100, 250), (10, 100, 250)),
        ("noise(0)", (10, 100, 250), (10, 100, 250)),
        ("background_color(red)", (10, 100, 250), (10, 100, 250)),
        ("blur(5)", (10, 100, 250), (10, 100, 250)),
    ],
)
def test_a_colour_becomes_what_thumbor_makes_of_it(text, before, after):
    (call,) = FILTERS.read(text)
    pixel = call(Image.new("RGB", (9, 9), before)).getpixel((4, 4))
    pairs = zip(pixel, after, strict=True) if isinstance(after, tuple) else [(pixel, after)]
    assert all(abs(one - other) <= 1 for one, other in pairs), pixel


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("stretch()", Geometry(), Geometry(fit=Fit.STRETCH)),
        ("stretch()", Geometry(fit=Fit.CONTAIN), Geometry(fit=Fit.CONTAIN)),
        ("no_upscale()", Geometry(), Geometry(enlarge=False)),
        ("upscale()", Geometry(), Geometry(enlarge=True)),
        ("focal(1x2:3x4)", Geometry(focal=(Box(0, 0, 1, 1),)), Geometry(focal=(Box(0, 0, 1, 1), Box(1, 2, 3, 4)))),
        ("orientation(90):orientation(270)", Geometry(turn=90), Geometry(turn=90)),
        ("orientation(-90)", Geometry(), Geometry(turn=270)),
        ("dpr(1.5)", Geometry(width=90, height="orig"), Geometry(width=135, height="orig")),
        ("max_bytes(1000)", Encoding(), Encoding(max_bytes=1000)),
        ("autojpg()", Encoding(), Encoding(png_to_jpeg=True)),
        ("autojpg(false)", Encoding(png_to_jpeg=True), Encoding()),
        ("cover()", Encoding(), Encoding(still=True)),
        ("strip_exif():strip_icc()", Encoding(), Encoding()),
        ("format(jpg)", Encoding(), Encoding("jpeg")),
        ("format(WEBP)", Encoding(), Encoding("webp")),
        ("quality(70)", Encoding(), Encoding(jpeg_quality=70, webp_quality=70, avif_quality=70)),
    ],
)
def test_filters_of_frame_and_file_rewrite_the_recipe(text, before, after):
    for call in FILTERS.read(text):
        before = call(before)
    assert before == after
