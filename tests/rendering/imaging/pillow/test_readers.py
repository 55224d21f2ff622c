"""What Pillow's readers do and raise."""

from io import BytesIO
from struct import pack

import pytest
from PIL import Image
from PIL.ImageFile import ImageFile

from rendering.imaging.errors import BrokenPicture, TooLarge
from rendering.imaging.pillow.formats import READABLE, format_of
from rendering.imaging.pillow.readers import AT_ONCE, DAMAGED, load, open_again, open_picture, reading, seek

from ..pictures import animation, corners, gradient, saved


class Watched(BytesIO):
    """A file that notes how many bytes are asked of it."""

    def __init__(self, content):
        super().__init__(content)
        self.asked = []

    def read(self, size=-1):
        self.asked.append(size)
        return super().read(size)


def test_all_of_a_file_is_handed_to_the_decoder_at_once():
    content = saved(gradient(900, 700).effect_spread(20), "JPEG", quality=100)
    assert len(content) > 3 * 65536
    in_pieces, at_once = Watched(content), Watched(content)
    Image.open(in_pieces).load()
    image = Image.open(at_once)
    load(image)
    assert in_pieces.asked.count(65536) > 3
    assert at_once.asked.count(AT_ONCE) == 1
    assert 65536 not in at_once.asked


def test_a_frame_is_handed_to_the_decoder_in_pieces_though_the_one_before_was_not():
    file = Watched(animation(3))
    image = Image.open(file)
    load(image)
    file.asked.clear()
    seek(image, 1)
    load(image, at_once=False)
    assert 65536 in file.asked
    assert AT_ONCE not in file.asked


@pytest.mark.parametrize("name", READABLE)
def test_a_file_is_read_again_as_it_was_read_before(name):
    content = saved(corners(64, 64), name)
    first = open_picture(content, name)
    second = open_again(type(first), content)
    assert format_of(first) == format_of(second) == name
    load(first)
    load(second)
    assert (second.mode, second.size, second.tobytes()) == (first.mode, first.size, first.tobytes())


def test_a_file_is_opened_as_what_it_says_it_is_and_as_nothing_else():
    with pytest.raises(BrokenPicture):
        open_picture(saved(corners(), "PNG"), "JPEG")


@pytest.mark.parametrize("kind", DAMAGED)
def test_what_a_reader_raises_is_the_files_fault(kind):
    with pytest.raises(BrokenPicture, match="says that it is a WebP") as caught, reading("WEBP"):
        raise kind("damaged")
    assert isinstance(caught.value.__cause__, kind)


def test_a_damaged_file_is_one_short_line_of_the_log(caplog):
    with caplog.at_level("INFO"), pytest.raises(BrokenPicture), reading("PNG"):
        raise ValueError("x" * 5000)
    (record,) = caplog.records
    assert record.exc_info is None
    assert record.getMessage().startswith("A picture could not be decoded: ValueError: xxx")
    assert len(record.getMessage()) < 300


def test_memory_that_runs_out_is_too_large_a_picture():
    with pytest.raises(TooLarge, match="memory"), reading("PNG"):
        raise MemoryError


@pytest.mark.parametrize("kind", [KeyboardInterrupt, StopIteration, TooLarge, BrokenPicture])
def test_nothing_else_is_taken_for_a_damaged_file(kind):
    error = kind("of another kind")
    with pytest.raises(kind) as caught, reading("PNG"):
        raise error
    assert caught.value is error


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP", "AVIF"])
def test_a_frame_that_is_not_there_is_the_files_fault(name):
    with pytest.raises(BrokenPicture):
        seek(open_picture(animation(2, pillow=name), name), 7)


def test_strips_that_are_the_same_bytes_are_read_as_far_as_each_needs():
    """In a file of which much follows: it is not copied for each of them."""
    longs, shorts, start = 4, 3, 8 + 2 + 12 * 9 + 4
    tags = [(256, longs, 1, 4), (257, longs, 1, 3), (258, shorts, 1, 8), (259, shorts, 1, 1), (262, shorts, 1, 1),
            (273, longs, 3, start), (277, shorts, 1, 1), (278, longs, 1, 1), (279, longs, 3, start + 12)]  # fmt: skip
    directory = b"".join(pack("<HHII", *tag) for tag in tags)
    places = pack("<3I", *[start + 24] * 3) + pack("<3I", 4, 4, 4)
    content = b"II*\0" + pack("<IH", 8, 9) + directory + bytes(4) + places + b"abcd" + bytes(1_000_000)
    image = open_picture(content, "TIFF")
    load(image)
    assert image.tobytes() == b"abcd" * 3
    assert isinstance(image, ImageFile)
    assert image.decodermaxblock == 64
