"""Animated PNGs, composed as their specification says, whatever Pillow makes of them."""

import zlib
from struct import pack

import pytest
from PIL import Image

from rendering.imaging.errors import BrokenPicture
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened, identify
from rendering.imaging.reading.playback import png

from ...pictures import BLUE, RED, made, near, saved, shown
from .apngs import BACKGROUND, OVER, PREVIOUS, SOURCE, Cel, apng, chunk

HALF_GREEN, HALF_RED, CLEAR = (0, 255, 0, 128), (255, 0, 0, 128), (0, 0, 0, 0)
SIZE, CORNER = (12, 8), (4, 2)


def plain(colour, size=SIZE, mode="RGBA"):
    return Image.new(mode, size, colour)


def frames_of(content):
    """The frames as they are written: each in RGBA."""
    image = shown(made(content))
    frames = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        frames.append(image.convert("RGBA"))
    return frames


def seen(content, *places):
    return [tuple(frame.getpixel(place) for place in places) for frame in frames_of(content)]


def test_half_transparent_pixels_over_nothing_stay_as_they_are():
    content = apng(SIZE, [Cel(plain(CLEAR)), Cel(plain(HALF_GREEN, (4, 4)), CORNER)])
    assert seen(content, (5, 3), (0, 0)) == [(CLEAR, CLEAR), (HALF_GREEN, CLEAR)]


def test_half_transparent_pixels_are_mixed_with_those_under_them():
    over = Cel(plain(HALF_GREEN, (4, 4)), CORNER)
    (_, first), (inside, outside) = seen(apng(SIZE, [Cel(plain(HALF_RED)), over]), (5, 3), (0, 0))
    # Of 128 over 128 remain 1 - (1 - 128/255)² = 0.752; a third of that is of the one below.
    assert near(inside, (85, 170, 0, 192), 2)
    assert first == outside == HALF_RED
    (_, mixed) = seen(apng(SIZE, [Cel(plain((*RED, 255))), over]), (5, 3))
    assert near(mixed[0], (127, 128, 0, 255), 2)


def test_what_is_drawn_in_place_of_what_is_there_replaces_it():
    content = apng(SIZE, [Cel(plain((*RED, 255))), Cel(plain(HALF_GREEN, (4, 4)), CORNER, blend=SOURCE)])
    assert seen(content, (5, 3), (0, 0))[1] == (HALF_GREEN, (*RED, 255))


def test_greys_with_alpha_are_mixed_as_well():
    content = apng(SIZE, [Cel(plain((0, 255), mode="LA")), Cel(plain((255, 128), (4, 4), "LA"), CORNER)])
    assert near(seen(content, (5, 3))[1][0], (128, 128, 128, 255), 2)
    derivative = made(content)
    assert shown(derivative).mode == "L"


def test_so_are_palettes_with_alpha():
    def square(index, size):
        image = Image.new("P", size, index)
        image.putpalette([*RED, 0, 255, 0, 0, 0, 0])
        return image

    options = {"transparency": bytes([255, 128, 0]), "bits": 8}
    cels = [Cel(square(0, SIZE)), Cel(square(1, (4, 4)), CORNER), Cel(square(2, SIZE), blend=SOURCE)]
    assert [near(got, wanted, 2) for (got,), wanted in zip(
        seen(apng(SIZE, cels, options=options), (5, 3)), [(*RED, 255), (127, 128, 0, 255), CLEAR], strict=True
    )] == [True] * 3  # fmt: skip


@pytest.mark.parametrize(("mode", "ground", "colour", "clear"), [("L", 40, 90, 200), ("RGB", RED, BLUE, (1, 2, 3))])
def test_a_transparent_colour_shows_what_is_under_it(mode, ground, colour, clear):
    patch = plain(colour, (4, 4), mode)
    patch.paste(clear, (0, 0, 2, 4))
    content = apng(SIZE, [Cel(plain(ground, mode=mode)), Cel(patch, CORNER)], options={"transparency": clear})
    wanted = [(one,) * 3 if mode == "L" else one for one in (ground, colour)]
    assert seen(content, (5, 3), (7, 3))[1] == ((*wanted[0], 255), (*wanted[1], 255))


@pytest.mark.parametrize(
    ("depth", "kind", "clear", "rows"),
    [
        # Two pixels, of which the first is almost the transparent colour and the second is it.
        (16, 2, "010203040506", ("010203040507", "010203040506")),
        (16, 0, "0102", ("0103", "0102")),
        (4, 0, "0003", ("23",)),
    ],
)
def test_the_transparent_colour_of_a_frame_is_one_of_its_own_depth(depth, kind, clear, rows):
    def frame(number, row):
        control = pack(">IIIIIHHBB", number, 2, 1, 0, 0, 1, 10, 0, OVER)
        return chunk(b"fcTL", control), zlib.compress(b"\0" + row)

    white = bytes.fromhex("ff" * len("".join(rows)) if depth < 16 else "ff" * (len("".join(rows)) // 2))
    (one, ground), (two, pixels) = frame(0, white), frame(1, bytes.fromhex("".join(rows)))
    content = b"".join((
        b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", pack(">IIBBBBB", 2, 1, depth, kind, 0, 0, 0)),
        chunk(b"tRNS", bytes.fromhex(clear)), chunk(b"acTL", pack(">II", 2, 0)), one, chunk(b"IDAT", ground), two,
        chunk(b"fdAT", pack(">I", 2) + pixels), chunk(b"IEND", b""),
    ))  # fmt: skip
    (first, second) = seen(content, (0, 0), (1, 0))[1]
    assert first[0] < 40
    assert second == (255, 255, 255, 255)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("blend", [SOURCE, OVER])
def test_the_frame_before_comes_back(mode, blend):
    content = apng(
        SIZE,
        [
            Cel(plain(RED, mode=mode), blend=blend),
            Cel(plain(BLUE, (4, 4), mode), CORNER, PREVIOUS, blend),
            Cel(plain(BLUE, (1, 1), mode), (11, 7), blend=blend),
        ],
    )
    red, blue = (*RED, 255), (*BLUE, 255)
    assert seen(content, (5, 3), (11, 7)) == [(red, red), (blue, red), (red, blue)]


@pytest.mark.parametrize("dispose", [BACKGROUND, PREVIOUS])
def test_a_first_frame_that_goes_leaves_nothing(dispose):
    content = apng(SIZE, [Cel(plain(RED, mode="RGB"), dispose=dispose), Cel(plain(BLUE, (4, 4), "RGB"), CORNER)])
    assert seen(content, (5, 3), (0, 0)) == [((*RED, 255), (*RED, 255)), ((*BLUE, 255), CLEAR)]


def test_a_frame_that_is_cleared_leaves_nothing_where_it_was():
    cels = [
        Cel(plain(RED, mode="RGB")),
        Cel(plain(BLUE, (4, 4), "RGB"), CORNER, BACKGROUND),
        Cel(plain(RED, (1, 1), "RGB")),
    ]
    assert seen(apng(SIZE, cels), (5, 3), (0, 0))[2] == (CLEAR, (*RED, 255))


@pytest.mark.parametrize("to", ["png", "webp", "gif", "avif", "jpeg"])
def test_of_one_frame_beside_a_still_the_frame_is_shown(to):
    content = apng(SIZE, [Cel(plain(BLUE, mode="RGB"), blend=SOURCE)], still=plain(RED, mode="RGB"))
    assert identify(Opened(content, Limits())).frames == 1
    for width in (None, 6):
        derivative = made(content, to=to, width=width)
        assert derivative.frames == 1
        assert near(shown(derivative).convert("RGB").getpixel((2, 2)), BLUE, 30)


def test_such_a_frame_may_be_smaller_than_the_picture():
    content = apng(SIZE, [Cel(plain(BLUE, (4, 4), "RGB"), CORNER)], still=plain(RED, mode="RGB"))
    assert seen(content, (5, 3), (0, 0)) == [((*BLUE, 255), CLEAR)]


def test_where_such_a_frame_is_damaged_the_still_is_shown():
    content = apng(SIZE, [Cel(plain(BLUE, mode="RGB"))], still=plain(RED, mode="RGB"))
    at = content.index(b"fdAT") + 8
    assert seen(content[:at] + bytes(12) + content[at + 12 :], (5, 3)) == [((*RED, 255),)]


def test_times_are_added_before_they_are_rounded():
    cels = [Cel(plain((number, 0, 0, 255)), delay=(1, 60)) for number in range(48)]
    for to, most in (("webp", 1), ("png", 0.01), ("gif", 5), ("avif", 1)):
        image = shown(made(apng(SIZE, cels), to=to))
        total = 0
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            total += image.info["duration"]
        assert abs(total - 800) <= most, to


def damaged(*pieces):
    return b"\x89PNG\r\n\x1a\n" + b"".join(pieces) + chunk(b"IEND", b"")


HEAD = chunk(b"IHDR", bytes.fromhex("0000000c00000008 0802000000"))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (damaged(HEAD, chunk(b"fcTL", bytes(26))), "a frame has no pixels"),
        (damaged(HEAD, chunk(b"fcTL", bytes(26)), chunk(b"fdAT", b"\0\0\0\1")), "not within the picture"),
        (damaged(HEAD, chunk(b"fcTL", bytes(26)), chunk(b"IDAT", b"")), "its first frame is not the whole picture"),
        (damaged(HEAD, chunk(b"fcTL", b"\0\0\0\1" + bytes(22))), "not in order"),
        (damaged(HEAD, chunk(b"fcTL", bytes(9))), "not in order"),
        (damaged(HEAD, chunk(b"fdAT", b"\0")), "not in order"),
        (damaged(chunk(b"fcTL", bytes(26)), chunk(b"fdAT", b"\0\0\0\1")), "a frame has no pixels"),
    ],
)
def test_chunks_that_contradict_each_other_are_damage(content, what):
    with pytest.raises(BrokenPicture, match=what):
        list(png.frames(content))


def test_fewer_frames_than_were_told_are_damage():
    content = apng(SIZE, [Cel(plain(RED, mode="RGB")), Cel(plain(BLUE, mode="RGB"))])
    three = content.replace(chunk(b"acTL", bytes(3) + b"\2" + bytes(4)), chunk(b"acTL", bytes(3) + b"\3" + bytes(4)))
    assert made(three).notes.flattened == "The animation is damaged, the picture before it is not"


def test_of_many_palettes_the_last_one_counts_and_no_frame_reads_them_all():
    cels = [Cel(Image.new("P", (4, 4))) for _ in range(2)]
    for cel in cels:
        cel.image.putpalette([9, 9, 9])
    content = apng((4, 4), cels)
    at = content.index(b"fcTL") - 4
    many = content[:at] + chunk(b"PLTE", bytes([7, 7, 7])) * 50 + chunk(b"PLTE", bytes(RED)) + content[at:]
    assert [frame.content.count(b"PLTE") for frame in png.frames(many)] == [1, 1]
    assert seen(many, (0, 0))[0] == ((*RED, 255),)


def test_an_animation_in_greys_stays_in_greys():
    frames = [Image.linear_gradient("L").resize(SIZE), Image.radial_gradient("L").resize(SIZE)]
    content = saved(frames[0], save_all=True, append_images=frames[1:], duration=100)
    assert [frame.convert("L").tobytes() for frame in frames_of(content)] == [frame.tobytes() for frame in frames]
    assert shown(made(content)).mode == "L"
