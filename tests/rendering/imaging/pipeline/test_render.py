import logging
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageCms, ImageFile, ImageOps, PngImagePlugin

from rendering.imaging.animation import avif
from rendering.imaging.encoding import FORMATS, sniff
from rendering.imaging.errors import BrokenPicture, PictureError
from rendering.imaging.frame.geometry import Box, Fit, Halign, Valign
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened, Picture, identify
from rendering.imaging.reading.orientation import TRANSPOSES
from rendering.imaging.reading.profiles import cached_transform

from ..pictures import BLUE, GREEN, RED, YELLOW, corners, difference, disc, gradient, made, near, saved, shown

UPRIGHT = {"left top": RED, "right top": GREEN, "left bottom": BLUE, "right bottom": YELLOW}


def seen_in_the_corners(image):
    """The colours a little inside of each corner."""
    image = image.convert("RGB")
    width, height = image.size
    x, y = width // 8, height // 8
    places = {"left top": (x, y), "right top": (width - 1 - x, y)}
    places |= {"left bottom": (x, height - 1 - y), "right bottom": (width - 1 - x, height - 1 - y)}
    return {place: image.getpixel(at) for place, at in places.items()}


def lies(image, expected, tolerance=40):
    seen = seen_in_the_corners(image)
    return all(near(seen[place], expected[place], tolerance) for place in expected)


def stored(orientation, pillow, size=(120, 80)):
    """A file of the four corners that are upright once turned as its EXIF says."""
    image = corners(*size)
    exif = Image.Exif()
    exif[0x112] = orientation
    undone = {6: 8, 8: 6}.get(orientation, orientation)
    if orientation in TRANSPOSES:
        image = image.transpose(TRANSPOSES[undone])
    return saved(image, pillow, exif=exif, **({"quality": 95} if pillow != "PNG" else {}))


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_comes_out_upright(orientation, pillow):
    content = stored(orientation, pillow)
    derivative = made(content, width=60)
    assert (derivative.width, derivative.height) == (60, 40)
    assert lies(shown(derivative), UPRIGHT)
    assert identify(Opened(content, Limits())).width == 120


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_comes_out_upright(orientation):
    image = (
        corners() if orientation == 1 else corners().transpose(TRANSPOSES[{6: 8, 8: 6}.get(orientation, orientation)])
    )
    content = saved(image, "TIFF", tiffinfo={274: orientation})
    assert lies(shown(made(content, width=60, height=40)), UPRIGHT)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("geometry", "colour"),
    [
        ({"crop": Box(0, 0, 30, 30)}, RED),
        ({"crop": Box(0.75, 0.75, 1, 1, fractions=True)}, YELLOW),
        ({"crop": Box(80, 0, 120, 30), "width": 10, "height": 10}, GREEN),
        ({"width": 5, "height": 40, "halign": Halign.LEFT, "crop": Box(0, 45, 120, 80)}, BLUE),
        ({"width": 60, "height": 10, "valign": Valign.TOP, "crop": Box(0, 0, 55, 80)}, RED),
    ],
)
def test_a_crop_is_meant_in_the_upright_picture(orientation, geometry, colour):
    image = shown(made(stored(orientation, "PNG"), **geometry))
    assert near(image.getpixel((image.width // 2, image.height // 2)), colour)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_flip_is_meant_in_the_upright_picture(orientation):
    image = shown(made(stored(orientation, "JPEG"), width=60, flip_horizontally=True))
    assert lies(image, {"left top": GREEN, "right top": RED, "left bottom": YELLOW, "right bottom": BLUE})
    image = shown(made(stored(orientation, "JPEG"), width=60, flip_vertically=True))
    assert lies(image, {"left top": BLUE, "right top": YELLOW, "left bottom": RED, "right bottom": GREEN})


def test_the_exif_of_a_png_is_found_behind_its_pixels():
    content = stored(6, "PNG")
    start = content.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(content[start : start + 4], "big")
    moved = content[:start] + content[end:-12] + content[start:end] + content[-12:]
    assert identify(Opened(moved, Limits())).width == 120
    assert lies(shown(made(moved)), UPRIGHT)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize(
    "exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"]
)
def test_broken_exif_does_not_matter(exif):
    assert made(saved(corners(), "JPEG", exif=exif)).width == 120


@pytest.mark.parametrize("scale", [2, 3, 5, 8, 11, 12, 23])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_reduced_decode_shows_the_same_as_a_full_one(scale, mode):
    original = ImageOps.expand(gradient(60 * scale, 40 * scale), border=0).convert(mode)
    content = saved(original, "JPEG", quality=95)
    expected = original.convert("RGB" if mode == "CMYK" else mode).resize((60, 40), Image.Resampling.LANCZOS)
    assert difference(shown(made(content, width=60, height=40)), expected) < 2.5


@pytest.mark.parametrize("size", [(1000, 700), (997, 701), (1023, 769), (33, 4000)])
def test_a_reduced_decode_of_an_odd_size_is_not_shifted(size):
    original = corners(*size)
    content = saved(original, "JPEG", quality=95, subsampling=0)
    expected = original.resize((33, 27), Image.Resampling.LANCZOS, box=(3, 5, size[0] - 3, size[1] - 5))
    derivative = made(content, width=33, height=27, fit=Fit.STRETCH, crop=Box(3, 5, size[0] - 3, size[1] - 5))
    assert difference(shown(derivative), expected) < 4


def test_grey_is_decoded_as_grey():
    content = saved(gradient(1200, 800), "JPEG", quality=95)
    grey = shown(made(content, "grayscale()", width=60))
    assert grey.mode == "L"
    assert difference(grey, shown(made(content, width=60)).convert("L")) < 2


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("1", "L"),
        ("L", "L"),
        ("P", "RGB"),
        ("LA", "L"),  # opaque
        ("RGBA", "RGB"),
        ("CMYK", "RGB"),
        ("YCbCr", "RGB"),
        ("LAB", "RGB"),
        ("I;16", "L"),
        ("I", "L"),
        ("F", "L"),
    ],
)
def test_every_mode_becomes_one_that_browsers_show(mode, expected):
    grey = gradient(mode="L")
    if mode == "LAB":
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        original = ImageCms.profileToProfile(gradient(), *profiles, outputMode="LAB")
    elif mode in ("I;16", "I"):
        original = grey.convert("I").point(lambda value: value * 257).convert(mode)
    else:
        original = gradient().convert(mode) if mode in ("RGBA", "CMYK", "YCbCr") else grey.convert(mode)
    if mode == "P":
        original = gradient().quantize(256)
    derivative = shown(made(saved(original, "TIFF")))
    assert derivative.mode == expected
    if mode != "1":
        wanted = grey if expected == "L" else gradient()
        assert difference(derivative, wanted) < 6, mode


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.0, 0.5, 1.0), (0, 127, 255)),
        ((0.0, 100.0, 255.0), (0, 100, 255)),
        ((-1.0, 0.0, 1.0), (0, 127, 255)),
        ((0.0, 5000.0, 10000.0), (0, 127, 255)),
        ((0.0, float("nan"), 1.0), None),
        ((0.0, float("inf"), 1.0), None),
    ],
)
def test_floating_point_greys_are_shown_from_black_to_white(values, expected):
    image = Image.new("F", (3, 1))
    image.putdata(values)
    derivative = shown(made(saved(image, "TIFF")))
    if expected:
        assert near(tuple(derivative.tobytes()), expected, 1)


@pytest.mark.parametrize("depth", [-1000, 100_000])
def test_greys_of_32_bits_are_shown_from_black_to_white(depth):
    image = Image.new("I", (3, 1))
    image.putdata((0, depth // 2, depth))
    assert near(tuple(shown(made(saved(image, "TIFF"))).tobytes()), sorted((0, 127, 255), reverse=depth < 0), 2)


def test_a_transparent_palette_colour_is_transparent():
    image = corners().quantize(4)
    transparent = image.getpixel((10, 10))
    derivative = shown(made(saved(image, "PNG", transparency=transparent)))
    assert derivative.mode == "RGBA"
    assert derivative.getpixel((10, 10))[3] == 0
    assert derivative.getpixel((110, 70))[3] == 255


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_transparent_colour_without_a_palette_is_transparent(mode):
    image = Image.new(mode, (8, 8), 0)
    derivative = shown(made(saved(image, "PNG", transparency=0 if mode == "L" else (0, 0, 0))))
    assert derivative.getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("to", ["png", "webp", "avif", "gif"])
def test_transparency_is_kept_and_hides_no_colour_at_its_edges(to):
    derivative = shown(made(disc(480, 320), to=to, width=60)).convert("RGBA")
    assert derivative.getpixel((2, 2))[3] == 0
    assert derivative.getpixel((30, 20))[3] == 255
    assert near(derivative.getpixel((30, 20))[:3], RED, 8)
    # What is mostly opaque is red all over: the green under the transparent ground did not bleed into it.
    green = derivative.getchannel("G").point(lambda value: 255 * (value > 60))
    opaque = derivative.getchannel("A").point(lambda value: 255 * (value > 128))
    assert not ImageChops.multiply(green, opaque).getbbox()


@pytest.mark.parametrize("background", [(255, 255, 255), (0, 0, 255)])
def test_a_background_stands_behind_transparency_where_the_format_has_none(background):
    derivative = shown(made(disc(), to="jpeg", background=background))
    assert near(derivative.getpixel((2, 2)), background, 6)
    assert near(derivative.getpixel((60, 40)), RED, 6)


@pytest.mark.parametrize("to", FORMATS)
def test_every_format_is_written_and_known_by_its_first_bytes(to):
    derivative = made(gradient(), to=to, width=60)
    assert derivative.type == FORMATS[to].type == sniff(derivative.content)
    assert identify(Opened(derivative.content, Limits())) == Picture(to, derivative.type, 60, 40, 1, alpha=False)
    assert difference(shown(derivative).convert("RGB"), shown(made(gradient(), width=60))) < 6


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_recipe_gives_the_same_bytes(to):
    content = saved(gradient(300, 200), "JPEG")
    with ThreadPoolExecutor(2) as pool:
        contents = set(pool.map(lambda _: made(content, to=to, width=200).content, range(4)))
    assert len(contents) == 1


def adobe_like():
    """A profile whose red is much redder than sRGB's: sRGB's own with two primaries exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = (profile.index(tag, 128) for tag in (b"rXYZ", b"gXYZ"))
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_a_profile_is_carried_out_and_left_out(pillow):
    original = Image.new("RGB", (16, 16), (200, 30, 30))
    derivative = shown(made(saved(original, pillow, icc_profile=adobe_like(), quality=95)))
    red, green, blue = derivative.getpixel((8, 8))
    assert green > 190 > 60 > red, (red, green, blue)
    assert "icc_profile" not in derivative.info


def test_a_profile_is_carried_out_beside_alpha():
    original = Image.new("RGBA", (16, 16), (200, 30, 30, 100))
    red, green, _, alpha = shown(made(saved(original, icc_profile=adobe_like()))).getpixel((8, 8))
    assert green > red
    assert alpha == 100


def test_srgb_by_any_name_changes_nothing():
    assert cached_transform(SRGB, "RGB") is None
    assert cached_transform(adobe_like(), "RGB") is not None


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (b"garbage", "cannot be used"),
        (SRGB[:300], "cannot be used"),
        (SRGB + bytes(1024 * 1024), "bytes"),
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), "on a picture in RGB"),
    ],
)
def test_a_profile_that_cannot_be_used_is_ignored_and_logged(profile, said, caplog):
    cached_transform.cache_clear()
    original = Image.new("RGB", (16, 16), (200, 30, 30))
    with caplog.at_level(logging.WARNING):
        derivative = shown(made(saved(original, "JPEG", quality=95, icc_profile=profile)))
    assert near(derivative.getpixel((8, 8)), (200, 30, 30), 3)
    assert said in caplog.text


def test_a_profile_for_other_colours_than_the_pictures_is_ignored():
    original = Image.new("L", (16, 16), 100)
    assert shown(made(saved(original, icc_profile=SRGB))).getpixel((8, 8)) == 100


def told_of_itself():
    """EXIF with a place and a name, XMP, a comment, text: each with the word SECRET."""
    exif = Image.Exif()
    exif[0x10E] = "SECRET title"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 29: "SECRET date"})
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRET text")
    return {"exif": exif, "xmp": b"<x:xmpmeta>SECRET</x:xmpmeta>", "comment": b"SECRET comment", "pnginfo": text}


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF"])
def test_nothing_that_a_file_tells_of_itself_is_handed_on(pillow, to):
    content = saved(gradient(), pillow, icc_profile=SRGB, **told_of_itself())
    assert b"SECRET" in content
    for geometry in ({}, {"width": 60}):  # also where pixels are not touched
        derivative = made(content, to=to, **geometry)
        assert b"SECRET" not in derivative.content
        assert b"Exif" not in derivative.content
        image = shown(derivative)
        image.load()
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "dpi", "XML:com.adobe.xmp"} & set(image.info)


@pytest.mark.parametrize("to", ["jpeg", "gif"])
def test_a_comment_too_long_for_the_new_format_does_not_matter(to):
    content = saved(corners(), "GIF", comment=b"x" * 70_000)
    assert made(content, to=to).width == 120


@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_file_that_is_cut_off_is_broken_not_half_grey(pillow, part):
    content = saved(gradient(400, 300), pillow)
    with pytest.raises(
        BrokenPicture, match=r"^The file says that it is a \w+ but cannot be decoded: it is damaged or cut off$"
    ):
        made(content[: int(len(content) * part)])


def test_pillow_is_left_as_it_was():
    made(saved(gradient(2000, 1000), "JPEG"), "grayscale()", width=50)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
    # Its own limit is off: ours come first, and may be higher.
    assert Image.MAX_IMAGE_PIXELS is None


def spinner(count=6, size=(64, 48)):
    """A square that steps to the right on a transparent ground."""
    frames = []
    for number in range(count):
        frame = Image.new("RGBA", size, (0, 0, 0, 0))
        frame.paste((255, 40 * number, 0, 255), (number * 10, 16, number * 10 + 10, 32))
        frames.append(frame)
    return frames


DURATIONS = [40, 80, 120, 200, 500, 1000]


def film(pillow, **options):
    frames = spinner()
    extra = {"disposal": 2} if pillow == "GIF" else {}
    return saved(
        frames[0],
        pillow,
        save_all=True,
        append_images=frames[1:],
        duration=DURATIONS,
        **{"loop": 0, **extra, **options},
    )


def played(content):
    """Each frame as it is seen, and how long."""
    image = shown(content)
    frames = []
    for number in range(image.n_frames):
        image.seek(number)
        image.load()
        frames.append((image.convert("RGBA"), image.info["duration"]))
    return frames


@pytest.mark.parametrize("to", ["gif", "webp", "png", "avif"])
@pytest.mark.parametrize("pillow", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_moves_on_at_its_pace(pillow, to):
    derivative = made(film(pillow), to=to, width=32)
    assert (derivative.width, derivative.height, derivative.frames) == (32, 24, 6)
    assert not derivative.notes.flattened
    frames = played(derivative)
    assert [round(duration) for _, duration in frames] == DURATIONS
    for number, (frame, _) in enumerate(frames):
        assert frame.getpixel((number * 5 + 2, 12))[3] > 200
        # what was there before is gone again
        assert frame.getpixel((((number + 3) % 6) * 5 + 2, 12))[3] < 60
        assert near(frame.getpixel((number * 5 + 2, 12))[:3], (255, 40 * number, 0), 60)


@pytest.mark.parametrize("to", ["gif", "webp", "png", "avif"])
@pytest.mark.parametrize("pillow", ["GIF", "WEBP", "PNG", "AVIF"])
@pytest.mark.parametrize("plays", [0, 1, 4])
def test_an_animation_plays_as_often_as_before(pillow, to, plays):
    def loops(name):
        # GIF counts repetitions, and says nothing where there is none.
        return {0: 0, 1: None, 4: 3}[plays] if name == "GIF" else plays

    content = avif.with_plays(film(pillow), plays) if pillow == "AVIF" else film(pillow, loop=loops(pillow))
    derivative = made(content, to=to)
    if to == "avif":  # Pillow does not tell
        assert avif.plays(derivative.content) == plays
    else:
        assert shown(derivative).info.get("loop") == loops(to.upper())


@pytest.mark.parametrize("position", range(0, 1500, 7))
def test_a_damaged_header_of_an_avif_is_read_to_its_end(position):
    content = film("AVIF")
    assert 0 <= avif.plays(content[:position] + b"\xff\0\0" + content[position + 3 :]) <= 2**64


def test_filters_and_flips_are_carried_out_on_every_frame():
    frames = played(made(film("GIF"), "grayscale()", to="webp", flip_horizontally=True))
    assert len(frames) == 6
    for number, (frame, _) in enumerate(frames):
        red, green, blue, alpha = frame.getpixel((63 - number * 10 - 5, 24))
        assert alpha > 200
        assert max(red, green, blue) - min(red, green, blue) < 12


def test_a_format_without_animation_gets_the_first_frame():
    derivative = made(film("WEBP"), to="jpeg")
    assert (derivative.frames, derivative.notes.flattened) == (1, "")
    assert near(shown(derivative).getpixel((5, 24)), (255, 0, 0), 30)


def test_negotiation_does_not_stop_a_film():
    assert made(film("GIF"), to="auto", accept="avif").type == "image/webp"
    assert made(film("GIF"), to="auto", accept="any").type == "image/gif"
    assert made(film("WEBP"), to="auto", accept="any").frames == 6


def test_a_webp_is_transparent_where_no_frame_reaches():
    frames = [Image.new("RGBA", (40, 30), (0, 0, 0, 0)) for _ in range(2)]
    for number, frame in enumerate(frames):
        frame.paste((255, 100 * number, 0, 255), (0, 0, 20, 30))
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)
    assert shown(content).mode == "RGB"  # what its writer says, since every frame is solid in itself
    for to in ("webp", "png", "gif"):
        derivative = made(content, to=to)
        assert [frame.getpixel((35, 15))[3] for frame, _ in played(derivative)] == [0, 0]
        assert [frame.getpixel((5, 15))[3] for frame, _ in played(derivative)] == [255, 255]
    with pytest.raises(PictureError):
        made(content[:20])


def test_the_still_before_an_animated_png_is_not_part_of_it():
    frames = spinner()
    still = Image.new("RGBA", (64, 48), (0, 0, 255, 255))
    content = saved(still, save_all=True, append_images=frames, duration=DURATIONS, default_image=True)
    assert made(content).frames == 6
    assert played(made(content))[0][0].getpixel((5, 24))[:3] == (255, 0, 0)
    assert near(shown(made(content, to="jpeg")).getpixel((5, 24)), BLUE)


@pytest.mark.parametrize("pillow", ["GIF", "WEBP", "PNG", "AVIF"])
def test_a_film_that_is_cut_off_is_broken(pillow):
    content = film(pillow)
    with pytest.raises(BrokenPicture):
        made(content[: len(content) * 2 // 3], to="original")


def test_a_png_whose_animation_is_nonsense_is_the_picture_before_it():
    content = film("PNG")
    second = content.index(b"fcTL", content.index(b"fcTL") + 4)
    chunk = b"fcTL\0\0\0\x09" + content[second + 8 : second + 30]  # the wrong number in the sequence
    broken = content[:second] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + content[second + 34 :]
    derivative = made(broken, to="original")
    assert (derivative.frames, derivative.notes.flattened) == (
        1,
        "The animation is damaged, the picture before it is not",
    )
    with pytest.raises(BrokenPicture, match="the recipe refuses to show a still"):
        made(broken, "keep_animation()", to="original")


@pytest.mark.parametrize("to", ["gif", "webp", "png"])
def test_a_film_that_plays_too_often_to_be_written_plays_as_often_as_can_be(to):
    content = film("PNG", loop=70_000)
    assert shown(made(content, to=to)).info["loop"] == {"png": 70_000}.get(to, 65_535)


def test_hardly_any_time_is_as_long_as_browsers_make_it():
    content = saved(corners(), "GIF", save_all=True, append_images=[gradient()], duration=[0, 10])
    assert [duration for _, duration in played(made(content, to="webp"))] == [100, 100]


def test_hundredths_of_seconds_add_up():
    frames = [gradient(), corners(), disc().convert("RGB")] * 2
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=33)
    assert sum(duration for _, duration in played(made(content, to="gif"))) == 200


def test_further_pages_are_not_an_animation():
    content = saved(corners(), "TIFF", save_all=True, append_images=[gradient()])
    assert made(content).frames == identify(Opened(content, Limits())).frames == 1


@pytest.mark.parametrize(
    ("content", "picture"),
    [
        (saved(corners(), "JPEG"), Picture("jpeg", "image/jpeg", 120, 80, 1, alpha=False)),
        (saved(disc(), "WEBP"), Picture("webp", "image/webp", 120, 80, 1, alpha=True)),
        (saved(corners(), "TIFF"), Picture("tiff", "image/tiff", 120, 80, 1, alpha=False)),
        (saved(disc(32, 32), "ICO"), Picture("ico", "image/x-icon", 32, 32, 1, alpha=True)),
        (film("GIF"), Picture("gif", "image/gif", 64, 48, 6, alpha=True)),
        (film("PNG"), Picture("png", "image/png", 64, 48, 6, alpha=True)),
    ],
    ids=["jpeg", "webp", "tiff", "ico", "gif", "png"],
)
def test_a_header_tells_what_a_picture_is(content, picture):
    assert identify(Opened(content, Limits())) == picture


def test_probing_decodes_nothing():
    content = saved(gradient(400, 300), "PNG")
    assert identify(Opened(content[:200], Limits())).width == 400


def test_a_second_picture_in_a_photo_is_ignored():
    content = saved(corners(), "MPO", save_all=True, append_images=[gradient()])
    assert identify(Opened(content, Limits())) == Picture("jpeg", "image/jpeg", 120, 80, 1, alpha=False)
    assert made(content, to="original").type == "image/jpeg"


def test_a_render_over_a_limit_says_so_for_what_is_asked_not_for_what_follows():
    limits = replace(Limits(), width=50, height=50)
    derivative = made(corners(), limits=limits)
    assert (derivative.width, derivative.height) == (50, 33)


def test_a_smooth_jpeg_takes_no_more_than_its_code_fitted_to_it():
    smooth = gradient(1200, 900)
    content = made(smooth, to="jpeg", width=1200).content
    fitted, plain = (saved(smooth, "JPEG", quality=80, optimize=on) for on in (True, False))
    assert len(content) == len(fitted) < 0.97 * len(plain)
