"""When Pillow's reader of PNGs decodes a picture."""

from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from rendering.imaging.pillow.pngs import exif_before_pixels
from rendering.imaging.pillow.readers import open_again

from ..pictures import gradient, saved


def test_exif_is_read_without_decoding_the_pixels():
    exif = Image.Exif()
    exif[0x112] = 6
    image = open_again(PngImageFile, saved(gradient(), exif=exif))
    assert exif_before_pixels(image)[0x112] == 6
    assert image.tile
    plain = open_again(PngImageFile, saved(gradient()))
    assert not exif_before_pixels(plain)
    assert plain.tile
    # What it is for: Pillow's own way decodes.
    plain.getexif()
    assert not plain.tile
