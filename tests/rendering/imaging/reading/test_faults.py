"""Whose fault it is: the file's, or this program's."""

import io
import struct

import pytest
from PIL import Image, JpegImagePlugin

from rendering.imaging.errors import BrokenPicture
from rendering.imaging.focus import edges
from rendering.imaging.pipeline import render, sight
from rendering.imaging.reading import decoding, header, opened
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened

from ..pictures import animation, corners, gradient, made, saved

#: What a wrong program raises, as damaged files make Pillow raise too.
KINDS = [
    TypeError,
    AssertionError,
    AttributeError,
    KeyError,
    IndexError,
    NameError,
    UnboundLocalError,
    ValueError,
    ZeroDivisionError,
    OSError,
    RuntimeError,
    NotImplementedError,
    struct.error,
]
#: Our functions, from the geometry to the encoding, each as the module that calls it knows it.
OURS = [
    (render, "plan"),
    (render, "turn_of"),
    (header, "orientation_of"),
    (header, "extent"),
    (render, "stored_box"),
    (render, "decode_scale"),
    (render, "check_memory"),
    (opened, "decode"),
    (render, "to_workable"),
    (render, "resample"),
    (render, "to_srgb"),
    (render, "make_upright"),
    (render, "choose"),
    (render, "encode"),
    (render, "drop_opaque_alpha"),
    (render, "credits_of"),
    (decoding, "shrink_factor"),
    (header, "exif_of"),
]


def failing(kind):
    def fail(*args, **named):
        raise kind("a fault of ours")

    return fail


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(("module", "name"), OURS, ids=lambda one: getattr(one, "__name__", one))
def test_a_fault_of_ours_stays_what_it_is(monkeypatch, module, name, kind):
    monkeypatch.setattr(module, name, failing(kind))
    if name == "shrink_factor":
        monkeypatch.setattr(render, "shrink_factor", failing(kind))
    with pytest.raises(kind, match="a fault of ours"):
        made(saved(gradient(400, 300), "JPEG"), "keep_copyright()", width=50)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_fault_of_ours_in_an_animation_does_not_make_it_a_still(monkeypatch, kind):
    monkeypatch.setattr(render, "resample", failing(kind))
    with pytest.raises(kind, match="a fault of ours"):
        made(animation(3, pillow="PNG"), to="original", width=10)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda image, *args, **named: image.resize("wide"),
        lambda image, *args, **named: image.resize((10, 10), box=5),
        lambda image, *args, **named: image.crop(None, 5),
        lambda image, *args, **named: image.nothing_of_that_name,
        lambda image, *args, **named: image.transpose({}),
    ],
)
def test_a_wrong_argument_to_pillow_is_a_fault_of_ours(monkeypatch, wrong):
    monkeypatch.setattr(render, "resample", wrong)
    with pytest.raises((TypeError, AttributeError, KeyError)):
        made(saved(corners(), "PNG"), width=50)


@pytest.mark.parametrize("kind", [*KINDS, SyntaxError, EOFError, RecursionError], ids=lambda kind: kind.__name__)
def test_what_pillow_raises_while_it_reads_is_the_files(kind):
    class Damaged(JpegImagePlugin.JpegImageFile):
        """Pillow's reader, at a file on which it fails so."""

        def load(self):
            raise kind("damaged")

    before = Image.OPEN["JPEG"]
    Image.register_open("JPEG", Damaged, before[1])
    try:
        with pytest.raises(BrokenPicture, match="damaged or cut off"):
            made(saved(corners(), "JPEG"), width=50)
    finally:
        Image.OPEN["JPEG"] = before


def test_a_fault_of_ours_while_looking_for_faces_stays_what_it_is(monkeypatch):
    monkeypatch.setattr(sight, "reduce", failing(TypeError))
    with pytest.raises(TypeError, match="a fault of ours"):
        sight.detect(Opened(saved(corners(), "JPEG"), Limits()), edges.NAME)


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a\x10\x00\x10\x00\x80\x00\x00" + bytes(6) + b",\0\0\0\0\x10\x00\x10",
        b"GIF89a\x10\x00\x10\x00\x00\x00\x00,",
        b"\xff\xd8\xff\xda",
        b"\xff\xd8\xff\xc0\x00\x0b\x08\x00",
    ],
)
def test_a_file_that_ends_within_its_header_is_broken(content):
    with pytest.raises(BrokenPicture):
        made(content)


def test_a_grey_picture_of_one_value_beyond_what_is_white_is_white():
    file = io.BytesIO()
    Image.new("F", (20, 10), 300.0).save(file, "TIFF")
    assert Image.open(io.BytesIO(made(file.getvalue(), to="png").content)).convert("L").getextrema() == (255, 255)
