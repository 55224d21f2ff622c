"""What recipes give today is what they gave before, pixel by pixel.

`python -m tests.rendering.imaging.test_golden` draws the stored pictures anew.
"""

from pathlib import Path

import pytest
from PIL import Image, ImageOps

from rendering.imaging.focus.faces import Face, Focus
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Box, Fit, Trim
from rendering.imaging.renderer import RENDERER

from .pictures import corners, difference, disc, gradient, made, nine_patch, saved, shown

GOLDEN = Path(__file__).parents[2] / "golden"

#: The mean difference, of 255, that other versions of the codecs may make.
TOLERANCE = 1.5

#: Two faces, the larger one at the right.
FOUND = Focus(
    "golden", (Face(Box(0.1, 0.2, 0.16, 0.4, fractions=True), 0.8), Face(Box(0.7, 0.3, 0.82, 0.7, fractions=True), 0.9))
)

FLAT = "[(0,0),(255,255)]"
RECIPES = {
    "cover": lambda: made(saved(gradient(400, 300), "JPEG", quality=95), width=48, height=48),
    "contain": lambda: made(saved(corners(400, 300), "JPEG", quality=95), width=48, height=48, fit=Fit.CONTAIN),
    "focus": lambda: made(corners(300, 100), width=32, height=32, focal=(Box(0.8, 0, 1, 1, fractions=True),)),
    "crop-flip": lambda: made(corners(), width=32, crop=Box(30, 20, 100, 70), flip_horizontally=True),
    "smart": lambda: made(gradient(300, 100), width=32, height=32, smart=Smart(), focus=FOUND),
    "head-shot": lambda: made(gradient(300, 100), "face(0.2,largest,true)", width=20, height=32, focus=FOUND),
    "alpha": lambda: made(disc(200, 200), width=40),
    "flattened": lambda: made(disc(200, 200), to="jpeg", width=40, background=(0, 0, 128)),
    "filters": lambda: made(gradient(200, 150), "brightness(10):contrast(20):saturation(0.5):rgb(5,0,-5)", width=40),
    "blur": lambda: made(corners(200, 150), "blur(4)", width=40),
    "grey": lambda: made(saved(gradient(400, 300), "JPEG", quality=95), "grayscale()", width=40),
    "cmyk": lambda: made(saved(gradient(400, 300).convert("CMYK"), "JPEG", quality=95), width=40),
    "curve": lambda: made(
        gradient(200, 150), f"curve([(0,30),(128,90),(255,240)],{FLAT},[(0,0),(99,160)],{FLAT})", width=40
    ),
    "sharpen": lambda: made(corners(200, 150), "blur(4):sharpen(2,1,true)", width=40),
    "fill": lambda: made(
        disc(200, 100), "fill(blur,true):round_corner(9|5,0,0,0,true)", width=40, height=40, fit=Fit.CONTAIN
    ),
    "overlay": lambda: made(
        gradient(200, 150),
        "watermark(b/mark.png,-2p,center,30,40):frame(b/frame.png)",
        overlay={"b/mark.png": saved(disc(50, 50)), "b/frame.png": saved(nine_patch())}.__getitem__,
        width=40,
    ),
    "trim": lambda: made(
        saved(ImageOps.expand(corners(200, 150), 20), "JPEG", quality=95), trim=Trim(tolerance=40), width=40
    ),
    "gif": lambda: made(gradient(200, 150), to="gif", width=40),
}


@pytest.mark.parametrize("name", RECIPES)
def test_pixels_stay_where_they_were(name):
    derivative = shown(RECIPES[name]())
    alpha = derivative.has_transparency_data
    with Image.open(GOLDEN / f"{name}.png") as golden:
        moved = difference(derivative.convert("RGBA" if alpha else "RGB"), golden.copy())
    assert moved <= TOLERANCE, (
        f"The recipe {name!r} gives other pixels than before (by {moved:.1f} of 255). If that is meant, raise RENDERER "
        f"in renderer.py (it is {RENDERER}), so that no derivative of the old kind is served for it, and draw the "
        "stored pictures anew: python -m tests.rendering.imaging.test_golden"
    )


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, recipe in RECIPES.items():
        derivative = shown(recipe())
        derivative.convert("RGBA" if derivative.has_transparency_data else "RGB").save(GOLDEN / f"{name}.png")
