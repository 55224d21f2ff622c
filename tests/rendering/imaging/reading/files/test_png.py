"""PNGs with thousands of chunks: what nobody asked for is not unpacked, and the picture is as it is without."""

import zlib

import pytest
from PIL import Image

from benchmarks.fidelity.spaces import chunk
from rendering.imaging.errors import TooLarge
from rendering.imaging.reading.credits import credits_of
from rendering.imaging.reading.files.png import png_chunks, png_of_pixels
from rendering.imaging.reading.limits import LARGEST_TEXT, Limits
from rendering.imaging.reading.opened import Opened

from ...pictures import animation, corners, difference, made, saved, shown

#: Just under what Pillow unpacks.
PACKED = zlib.compress(bytes(LARGEST_TEXT - 1000), 9)


def with_chunks(chunks, content=None, before=b"IDAT"):
    content = content or saved(corners())
    place = content.rindex(before) - 4
    return content[:place] + b"".join(chunks) + content[place:]


@pytest.mark.parametrize("before", [b"IDAT", b"IEND"])
@pytest.mark.parametrize(
    "one",
    [
        chunk(b"zTXt", b"Comment\0\0" + PACKED),
        chunk(b"iTXt", b"Comment\0\1\0\0\0" + PACKED),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + PACKED),
        chunk(b"zTXt", b"Raw profile type exif\0\0" + PACKED),
        chunk(b"tEXt", b"Comment\0hello"),
        chunk(b"iCCP", b"profile\0\0" + PACKED),
        chunk(b"prVt", b""),
        chunk(b"zTXt", b"Comment\0\7a method that nobody knows"),
        chunk(b"tEXt", b"Comment\0hello")[:-4] + b"oops",
    ],
    ids=["zTXt", "iTXt", "XMP", "EXIF", "tEXt", "iCCP", "private", "unknown method", "checksum"],
)
def test_a_picture_is_read_without_the_chunks_that_it_is_not_made_of(one, before):
    content = with_chunks([one] * 2000, before=before)
    assert len(list(png_chunks(png_of_pixels(content)))) <= 4
    assert difference(shown(made(content)), corners()) == 0


def test_an_animation_is_read_without_them_too():
    plain = animation(4, pillow="PNG")
    content = with_chunks([chunk(b"zTXt", b"k%d\0\0" % number + PACKED) for number in range(2000)], plain, b"fcTL")
    assert png_of_pixels(content) == plain
    assert made(content, to="original").frames == 4


def test_a_picture_of_too_many_chunks_is_refused_before_it_is_opened():
    many = [chunk(b"IDAT", b"")] * 50_000
    with pytest.raises(TooLarge, match=r"^The picture is a PNG of more than 50,000 chunks; save it with fewer$"):
        made(with_chunks(many))
    assert Opened(with_chunks(many[:1000]), Limits()).header.size == (120, 80)


def test_of_two_texts_the_last_one_counts_as_in_pillow():
    def xmp(name):
        return chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<dc:creator><rdf:li>%s</rdf:li></dc:creator>" % name)

    signed = Opened(with_chunks([xmp(b"Ada"), xmp(b"Bea"), chunk(b"tEXt", b"Title\0x")]), Limits())
    assert credits_of(signed.image, signed.header.exif).artist == b"Bea"


def test_what_no_decoder_passes_over_is_left_to_the_reader():
    content = with_chunks([chunk(b"tEXt", b"Title\0x")])
    for end in (len(content) - 3, len(content) - 20, 40):
        assert png_of_pixels(content[:end]).endswith(content[end - 4 : end])
    assert png_of_pixels(content + b"rest").endswith(b"rest")
    strange = chunk(b"\0\1\2\3", b"")
    assert strange in png_of_pixels(with_chunks([strange, chunk(b"tEXt", b"Title\0x")]))


def test_a_file_without_texts_is_handed_on_as_it_is():
    content = saved(Image.new("RGB", (9, 9)), transparency=(0, 0, 0), dpi=(72, 72))
    assert png_of_pixels(content) is content
