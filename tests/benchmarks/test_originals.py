"""The originals that `make fidelity` draws: a benchmark whose CMYK is no CMYK would praise whoever cannot read one."""

import re
import struct
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageChops, ImageCms, ImageStat

from benchmarks.fidelity import animations, apngs, gifs, icc, odd, spaces, stills
from benchmarks.fidelity.draw import kind_of
from benchmarks.fidelity.plays import repetitions
from benchmarks.fidelity.scene import animation, scene, sticker
from tests.rendering.imaging.pictures import made, shown


@cache
def drawn(name):
    return {**stills.STILLS, **spaces.SPACES, **odd.ODD, **animations.ANIMATIONS}[name]()


def opened(name):
    return Image.open(BytesIO(drawn(name).content))


def apart(one, other):
    """The mean difference of two pictures, of 255."""
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


@pytest.mark.parametrize(
    ("name", "pillow", "mode"),
    [
        ("JPEG", "JPEG", "RGB"),
        ("JPEG, grey", "JPEG", "L"),
        ("JPEG, CMYK with a profile", "JPEG", "CMYK"),
        ("JPEG, YCCK (Adobe)", "JPEG", "CMYK"),
        ("JPEG, MPO of two", "MPO", "RGB"),
        ("PNG, RGBA over hidden colours", "PNG", "RGBA"),
        ("PNG, palette with tRNS", "PNG", "P"),
        ("PNG, 1 bit", "PNG", "1"),
        ("PNG, grey and alpha", "PNG", "LA"),
        ("PNG, 16 bit grey", "PNG", "I;16"),
        ("WebP, alpha", "WEBP", "RGBA"),
        ("TIFF, CMYK with a profile", "TIFF", "CMYK"),
        ("TIFF, 16 bit grey", "TIFF", "I;16"),
        ("BMP", "BMP", "RGB"),
        ("ICO", "ICO", "RGBA"),
        ("GIF, transparent", "GIF", "P"),
        ("JPEG 2000, alpha", "JPEG2000", "RGBA"),
    ],
)
def test_an_original_is_of_its_kind(name, pillow, mode):
    image = opened(name)
    assert (image.format, image.mode) == (pillow, mode)
    image.load()


def test_a_progressive_jpeg_has_several_scans():
    assert "progressive" in opened("JPEG, progressive").info
    assert "progressive" not in opened("JPEG").info


def test_adobes_cmyk_is_turned_to_ycck_and_shows_the_scene():
    image = opened("JPEG, YCCK (Adobe)")
    assert image.info["adobe_transform"] == 2
    assert opened("JPEG, CMYK without").info["adobe_transform"] == 0
    assert apart(image, scene()) < 3


@pytest.mark.parametrize("turn", range(2, 9))
def test_an_orientation_lies_as_it_says_and_is_upright_once_turned(turn):
    image = opened(f"JPEG, orientation {turn}")
    exif = image.getexif()
    assert exif[ExifTags.Base.Orientation] == turn
    assert exif.get_ifd(ExifTags.IFD.GPSInfo)
    # As the EXIF specification has it: where the first row and the first column of what is stored are to be seen.
    rows, columns = {
        2: ("top", "right"),
        3: ("bottom", "right"),
        4: ("bottom", "left"),
        5: ("left", "top"),
        6: ("right", "top"),
        7: ("right", "bottom"),
        8: ("left", "bottom"),
    }[turn]
    first_row = scene().crop({"top": (0, 0, 800, 1), "bottom": (0, 599, 800, 600)}.get(rows, (0, 0, 1, 600)))
    if rows == "right":
        first_row = scene().crop((799, 0, 800, 600))
    line = first_row if first_row.height == 1 else first_row.transpose(Image.Transpose.TRANSPOSE)
    if columns in ("right", "bottom"):
        line = line.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert apart(image.crop((0, 0, image.width, 1)), line) < 12


def test_sixteen_bits_are_sixteen_and_not_eight_twice():
    png, tiff = drawn("PNG, 16 bit RGB").content, opened("TIFF, 16 bit RGB")
    assert png[24] == 16
    assert tiff.tag_v2[ExifTags.Base.BitsPerSample] == (16, 16, 16)
    assert apart(opened("PNG, 16 bit RGB"), scene()) < 1
    assert apart(tiff, scene()) < 1
    wide = opened("PNG, 16 bit grey")
    assert any(value >> 8 != value & 255 for value in (wide.getpixel((x, 300)) for x in range(0, 600, 7)))


def test_the_sticker_hides_a_colour_that_nobody_sees():
    assert sticker().getpixel((0, 0)) == (0, 255, 0, 0)
    assert len(set(sticker().getchannel("A").tobytes())) > 50


def test_a_wide_profile_means_what_the_published_matrix_says():
    # Display P3 to sRGB, linear: CSS Color 4, section 18. A colour that sRGB holds, and a grey.
    for colour in ((180, 130, 100), (128, 128, 128)):
        light = [decoded(value / 255) for value in colour]
        wanted = [
            round(255 * encoded(sum(factor * part for factor, part in zip(row, light, strict=True))))
            for row in (
                (1.2249402, -0.2249402, 0.0),
                (-0.0420570, 1.0420570, 0.0),
                (-0.0196376, -0.0786360, 1.0982736),
            )
        ]
        assert in_srgb(Image.new("RGB", (1, 1), colour), icc.display_p3()) == pytest.approx(wanted, abs=1)


@pytest.mark.parametrize("name", [name for name in spaces.SPACES if not name.startswith("HEIC")])
def test_an_original_in_other_colours_shows_others_to_whoever_ignores_them(name):
    [shown] = drawn(name).intended
    assert apart(opened(name), shown) > 1


def test_pq_and_hlg_are_written_as_their_standards_say():
    white = spaces.light(Image.new("RGB", (1, 1), (255, 255, 255)))
    # 203 cd/m²: 58 % of PQ and 75 % of HLG (ITU-R BT.2408).
    assert spaces.pq(white / 2).max() == pytest.approx(0.5807, abs=0.001)
    assert spaces.hlg(white / 2).max() == pytest.approx(0.75, abs=0.003)


def test_adobe_rgb_has_a_gamma_of_its_own():
    grey = round(255 * encoded((100 / 255) ** 2.19921875))
    assert in_srgb(Image.new("RGB", (1, 1), (100, 100, 100)), icc.adobe_rgb()) == pytest.approx([grey] * 3, abs=1)


def test_the_profile_of_the_press_prints_ink_on_paper():
    def printed(*percent):
        return in_srgb(Image.new("CMYK", (1, 1), tuple(round(part * 2.55) for part in percent)), icc.print_cmyk())

    assert printed(0, 0, 0, 0) == pytest.approx([255] * 3, abs=2)
    assert max(printed(100, 100, 100, 100)) < 30
    # Solid cyan, magenta and yellow as ISO 12647-2 prints them: far from those of a naive conversion.
    assert printed(100, 0, 0, 0) == pytest.approx([0, 158, 224], abs=25)
    assert printed(0, 100, 0, 0) == pytest.approx([230, 0, 126], abs=25)
    assert printed(0, 0, 100, 0) == pytest.approx([255, 237, 0], abs=25)


def in_srgb(image, profile):
    converted: Any = ImageCms.profileToProfile(
        image,
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    return [band.getpixel((0, 0)) for band in converted.split()]


def decoded(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def encoded(value):
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


@pytest.mark.parametrize(
    ("name", "disposals"),
    [
        ("Animated GIF, for ever", {1}),
        ("Animated GIF, cleared (disposal 2)", {1, 2}),
        ("Animated GIF, restored (disposal 3)", {1, 3}),
    ],
)
def test_a_gif_disposes_of_its_frames_as_it_says(name, disposals):
    content = drawn(name).content
    flags = re.findall(rb"\x21\xf9\x04(.)(?:..).\x00\x2c", content, re.DOTALL)
    assert {flag[0] >> 2 for flag in flags} == disposals
    image = opened(name)
    assert image.n_frames == len(drawn(name).intended) == 6
    for number, frame in enumerate(drawn(name).intended):
        image.seek(number)
        assert not ImageChops.difference(image.convert("RGBA"), frame).getbbox(alpha_only=False), number


def test_clearing_and_restoring_show_different_animations():
    cleared, restored = (
        drawn(f"Animated GIF, {name}").intended for name in ("cleared (disposal 2)", "restored (disposal 3)")
    )
    assert ImageChops.difference(cleared[2], restored[2]).getbbox(alpha_only=False)


def test_a_part_of_the_screen_leaves_the_rest_clear():
    palette = [0, 0, 0, 255, 0, 0] + [0] * 762
    [frame] = gifs.shown((4, 2), palette, [gifs.Part(Image.new("P", (2, 2), 1), 1, 0, 5, 1)])
    assert [frame.getpixel((left, 0)) for left in range(4)] == [
        (0, 0, 0, 0),
        (255, 0, 0, 255),
        (255, 0, 0, 255),
        (0, 0, 0, 0),
    ]


def test_a_pane_of_an_animated_png_is_laid_over_what_is_there_and_gone_after_it():
    parts = [
        apngs.Part(Image.new("RGBA", (2, 1), (0, 0, 200, 255)), 0, 0, (1, 10)),
        apngs.Part(Image.new("RGBA", (1, 1), (200, 0, 0, 51)), 1, 0, (1, 60), disposal=2, over=True),
        apngs.Part(Image.new("RGBA", (1, 1), (0, 200, 0, 0)), 0, 0, (1, 10), disposal=1),
        apngs.Part(Image.new("RGBA", (1, 1), (9, 9, 9, 255)), 1, 0, (1, 10)),
    ]
    blue, mixed, nothing = (0, 0, 200, 255), (40, 0, 160, 255), (0, 200, 0, 0)
    frames = apngs.shown((2, 1), parts)
    assert [[frame.getpixel((left, 0)) for left in (0, 1)] for frame in frames] == [
        [blue, blue],
        [blue, mixed],
        [nothing, blue],
        [(0, 0, 0, 0), (9, 9, 9, 255)],
    ]
    image: Any = Image.open(BytesIO(apngs.apng((2, 1), parts)))
    assert image.n_frames == 4
    image.seek(1)
    image.load()
    assert image.info["duration"] == pytest.approx(1000 / 60)


@pytest.mark.parametrize(
    "name",
    # The others are drawn by libraries of the benchmark's own environment.
    [name for name in odd.ODD if not name.startswith(("TIFF", "JPEG, without loss", "JPEG 2000, 4 bit"))],
)
def test_an_odd_original_shows_what_it_is_said_to_show(name):
    [wanted] = drawn(name).intended
    seen = shown(made(drawn(name).content))
    assert seen.size == wanted.size
    assert apart(*(over_grey(image) for image in (seen, wanted))) < 2


def over_grey(image):
    ground = Image.new("RGBA", image.size, (128, 128, 128, 255))
    ground.alpha_composite(image.convert("RGBA"))
    return ground


@pytest.mark.parametrize(
    "name",
    [name for name in animations.ANIMATIONS if not re.search("part|hurried|at its end|60 frames|one frame", name)],
)
def test_an_animations_timing_is_what_is_noted_of_it(name):
    image, noted = opened(name), drawn(name)
    first = int(getattr(image, "default_image", False))
    durations = []
    for number in range(first, image.n_frames):
        image.seek(number)
        image.load()
        durations.append(image.info["duration"])
    assert durations == list(noted.durations)
    assert repetitions(image, noted.content) == noted.plays


def test_how_often_an_avif_plays_is_read_from_its_edit_list():
    content = bytearray(drawn("Animated AVIF").content)
    assert repetitions(opened("Animated AVIF"), bytes(content)) == 0
    track, edits = content.find(b"tkhd"), content.find(b"elst")
    (once,) = struct.unpack_from(">Q", content, edits + 12)
    struct.pack_into(">Q", content, track + 32, 3 * once)
    assert repetitions(opened("Animated AVIF"), bytes(content)) == 3
    content[edits + 7] = 0
    assert repetitions(opened("Animated AVIF"), bytes(content)) == 1


def test_no_two_kinds_share_a_file():
    names = [*stills.STILLS, *spaces.SPACES, *odd.ODD, *animations.ANIMATIONS]
    assert len({kind_of(name).slug for name in names}) == len(names)


def test_the_animation_is_one_that_every_format_can_hold():
    assert all(frame.getcolors(16) for frame in animation())
