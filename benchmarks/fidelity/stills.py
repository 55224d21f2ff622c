"""The kinds of stills, each a function that draws one: files as cameras, phones, presses and designers make them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import BytesIO

from PIL import ExifTags, Image

from . import deep, icc
from .drawn import Drawn, coloured, saved, still
from .scene import ink, scene, small, sticker

#: How to turn an upright picture into the stored one, by EXIF orientation: the inverse of making it upright.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}

#: A typical quality of photographs, with colour at half the resolution.
GOOD = {"quality": 92, "subsampling": "4:2:0"}

#: Text that no derivative may contain.
COMMENT = "a private comment"


def turned(turn: int, suffix: str, pillow: str, **options: object) -> Drawn:
    """The scene lying as a camera notes it in EXIF, with the place where it was taken."""
    stored = scene().transpose(STORED[turn])
    return Drawn(saved(stored, pillow, exif=camera(turn), **options), suffix, (scene(),))


def camera(turn: int) -> bytes:
    """EXIF with an orientation, a camera's name and a place."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    exif[ExifTags.Base.Model] = COMMENT
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (48.0, 12.0, 30.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (16.0, 22.0, 23.0)
    return exif.tobytes()


def ycck() -> Drawn:
    """CMYK as Adobe's programs write it: turned to YCCK, and inverted; the marker APP14 says so."""
    cyan, magenta, yellow, black = ink().split()
    # A reader takes YCC for red, green and blue, and inverts those to get inks; Pillow inverts all that it writes.
    bands = [
        band.point(range(255, -1, -1)) for band in Image.merge("RGB", (cyan, magenta, yellow)).convert("YCbCr").split()
    ]
    content = saved(Image.merge("CMYK", [*bands, black]), "JPEG", quality=92)
    marker = content.index(b"Adobe")
    # Byte 11 after the name is the transform: 0 none, 2 YCCK.
    return Drawn(content[: marker + 11] + b"\2" + content[marker + 12 :], "jpg", (scene(),))


def palette(clear: bool) -> Image.Image:
    """128 colours, mode P; with `clear`, entry 0 stands wherever the sticker is less than half there."""
    image = scene().quantize(128, dither=Image.Dither.NONE)
    if clear:
        shifted = image.point([min(index + 1, 255) for index in range(256)])
        shifted.putpalette([0, 255, 0, *(image.getpalette() or [])])
        shifted.paste(0, mask=sticker().getchannel("A").point([255] * 128 + [0] * 128))
        return shifted
    return image


def seen(image: Image.Image) -> tuple[Image.Image, ...]:
    """A picture of a palette whose entry 0 is transparent, as it is seen."""
    colours = image.convert("RGB")
    colours.putalpha(image.point([0] + [255] * 255, "L"))
    return (colours,)


def colour_key() -> Drawn:
    """A PNG one of whose colours is declared transparent."""
    image = scene().point([*range(255), 254] * 3)  # so that the transparent one occurs nowhere else
    image.paste((255, 0, 255), mask=sticker().getchannel("A").point([255] * 128 + [0] * 128))
    shown = image.convert("RGBA")
    shown.putalpha(sticker().getchannel("A").point([0] * 128 + [255] * 128))
    return Drawn(saved(image, "PNG", transparency=(255, 0, 255)), "png", (shown,))


def heic(image: Image.Image, **options: object) -> Drawn:
    """As an iPhone saves. pillow-heif is in the benchmark's environment."""
    import pillow_heif

    file = BytesIO()
    pillow_heif.from_pillow(image).save(file, quality=90, **options)
    return Drawn(file.getvalue(), "heic", (image,))


def avif_10() -> Drawn:
    """AVIF of 10 bits, which Pillow reads but cannot write: imagecodecs can, in the benchmark's environment."""
    import imagecodecs
    import numpy

    wide = (numpy.asarray(scene()).astype(numpy.uint32) * 1023 // 255).astype(numpy.uint16)
    return Drawn(imagecodecs.avif_encode(wide, level=90, speed=8, bitspersample=10), "avif", (scene(),))


def grey() -> Image.Image:
    return scene().convert("L")


def grey_sticker() -> Image.Image:
    image = grey()
    image.putalpha(sticker().getchannel("A"))
    return image


def one_bit() -> Image.Image:
    return scene().convert("1")


def wide(image: Image.Image, file: Callable[[Image.Image], bytes], suffix: str) -> Drawn:
    """A picture in 16 bits a channel."""
    return Drawn(file(image), suffix, (deep.intended(image),))


#: By name, in the order of the table. Each is called when needed, and draws its picture then.
STILLS: dict[str, Callable[[], Drawn]] = {
    "JPEG": lambda: still(scene(), "jpg", "JPEG", comment=COMMENT, **GOOD),
    "JPEG, progressive": lambda: still(scene(), "jpg", "JPEG", progressive=True, **GOOD),
    "JPEG, grey": lambda: still(grey(), "jpg", "JPEG", quality=92),
    "JPEG, grey with a profile": lambda: coloured(grey(), "jpg", "JPEG", icc.grey_gamma(), quality=92),
    "JPEG, CMYK with a profile": lambda: coloured(ink(), "jpg", "JPEG", icc.print_cmyk(), quality=92),
    "JPEG, CMYK without": lambda: Drawn(saved(ink(), "JPEG", quality=92), "jpg", (scene(),)),
    "JPEG, YCCK (Adobe)": ycck,
    "JPEG, Adobe RGB": lambda: coloured(scene(), "jpg", "JPEG", icc.adobe_rgb(), **GOOD),
    "JPEG, Display P3": lambda: coloured(scene(), "jpg", "JPEG", icc.display_p3(), **GOOD),
    "JPEG, broken profile": lambda: still(scene(), "jpg", "JPEG", icc_profile=b"no profile at all" * 40, **GOOD),
    "JPEG, profile of other colours": lambda: still(scene(), "jpg", "JPEG", icc_profile=icc.print_cmyk(), **GOOD),
    **{f"JPEG, orientation {turn}": partial(turned, turn, "jpg", "JPEG", **GOOD) for turn in STORED},
    "JPEG, MPO of two": lambda: still(
        scene(), "mpo", "MPO", save_all=True, append_images=[sticker().convert("RGB")], **GOOD
    ),
    "PNG, RGB": lambda: still(scene(), "png", "PNG"),
    "PNG, RGBA over hidden colours": lambda: still(sticker(), "png", "PNG"),
    "PNG, RGBA but opaque": lambda: still(scene().convert("RGBA"), "png", "PNG"),
    "PNG, one transparent colour": colour_key,
    "PNG, palette": lambda: Drawn(saved(palette(False), "PNG"), "png", (palette(False).convert("RGB"),)),
    "PNG, palette with tRNS": lambda: Drawn(saved(palette(True), "PNG", transparency=0), "png", seen(palette(True))),
    "PNG, 1 bit": lambda: Drawn(saved(one_bit(), "PNG"), "png", (one_bit().convert("L"),)),
    "PNG, grey": lambda: still(grey(), "png", "PNG"),
    "PNG, grey and alpha": lambda: still(grey_sticker(), "png", "PNG"),
    "PNG, 16 bit grey": lambda: wide(grey(), deep.png, "png"),
    "PNG, 16 bit RGB": lambda: wide(scene(), deep.png, "png"),
    "PNG, 16 bit RGBA": lambda: wide(sticker(), deep.png, "png"),
    "PNG, Display P3": lambda: coloured(scene(), "png", "PNG", icc.display_p3()),
    "PNG, orientation 6": lambda: turned(6, "png", "PNG"),
    "WebP": lambda: still(scene(), "webp", "WEBP", quality=90),
    "WebP, lossless": lambda: still(scene(), "webp", "WEBP", lossless=True),
    "WebP, alpha": lambda: still(sticker(), "webp", "WEBP", quality=90),
    "WebP, Display P3": lambda: coloured(scene(), "webp", "WEBP", icc.display_p3(), quality=90),
    "WebP, orientation 6": lambda: turned(6, "webp", "WEBP", quality=90),
    "AVIF": lambda: still(scene(), "avif", "AVIF", quality=85),
    "AVIF, 10 bit": avif_10,
    "AVIF, alpha": lambda: still(sticker(), "avif", "AVIF", quality=85),
    "AVIF, irot": lambda: turned(6, "avif", "AVIF", quality=85),
    "AVIF, Display P3": lambda: coloured(scene(), "avif", "AVIF", icc.display_p3(), quality=85),
    "TIFF, RGB": lambda: still(scene(), "tif", "TIFF", compression="tiff_lzw"),
    "TIFF, CMYK with a profile": lambda: coloured(ink(), "tif", "TIFF", icc.print_cmyk()),
    "TIFF, RGBA": lambda: still(sticker(), "tif", "TIFF"),
    "TIFF, 16 bit grey": lambda: wide(grey(), deep.tiff, "tif"),
    "TIFF, 16 bit RGB": lambda: wide(scene(), deep.tiff, "tif"),
    "TIFF, orientation 6": lambda: turned(6, "tif", "TIFF"),
    "BMP": lambda: still(scene(), "bmp", "BMP"),
    "ICO": lambda: Drawn(saved(small(128), "ICO", sizes=[(128, 128)]), "ico", (small(128),)),
    "GIF, transparent": lambda: Drawn(saved(palette(True), "GIF", transparency=0), "gif", seen(palette(True))),
    "HEIC": lambda: heic(scene()),
    "HEIC, alpha": lambda: heic(sticker()),
    "HEIC, Display P3": lambda: replace(heic(scene(), icc_profile=icc.display_p3()), intended=()),
    "HEIC, irot": lambda: replace(heic(scene().transpose(STORED[6]), exif=camera(6)), intended=(scene(),)),
    "JPEG 2000": lambda: still(scene(), "jp2", "JPEG2000", quality_mode="rates", quality_layers=[12]),
    "JPEG 2000, alpha": lambda: still(sticker(), "jp2", "JPEG2000"),
}
