"""Where Pillow looks for EXIF, and when it decodes a picture for it."""

import pytest
from PIL import Image, PngImagePlugin
from PIL.PngImagePlugin import PngImageFile

from rendering.imaging.pillow.exif import exif_before_pixels
from rendering.imaging.pillow.readers import open_again, open_picture

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


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'


@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_an_orientation_in_xmp_alone_is_none(pillow):
    if pillow == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
        content = saved(gradient(), "PNG", pnginfo=texts)
    else:
        content = saved(gradient(), pillow, xmp=XMP)
    image = open_picture(content, pillow)
    assert not exif_before_pixels(image)
    assert XMP in (image.info.get("xmp"), image.info.get("XML:com.adobe.xmp", "").encode())
    # What it is for: Pillow takes it for that of the EXIF.
    assert open_picture(content, pillow).getexif()[0x112] == 6
