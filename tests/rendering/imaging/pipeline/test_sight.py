"""From a file to its focus, and to the picture that keeps it in sight."""

import pytest
from msgspec.structs import replace
from PIL import Image, ImageOps

from rendering.imaging.errors import BrokenPicture, TooLarge
from rendering.imaging.focus import edges, yunet
from rendering.imaging.focus.faces import Face, Focus
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.pipeline.sight import detect, faces, wants_focus
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from rendering.imaging.reading.orientation import TRANSPOSES, inverse, turn_focus
from rendering.imaging.recipe import Defaults, Recipe

from ..focus.portraits import FACE, near, portrait
from ..pictures import LIMITS, animation, corners, difference, made, saved, shown

SMART = Recipe(Geometry(30, 90, smart=Smart())).settled("any", Defaults())


def stored(image, turn):
    """A JPEG of an upright picture as a camera stores it in that orientation."""
    exif = Image.Exif()
    exif[0x0112] = turn
    turned = image.transpose(TRANSPOSES[inverse(turn)]) if turn > 1 else image
    return saved(turned, "JPEG", quality=95, exif=exif)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_face_is_found_upright_however_the_camera_was_held(turn):
    (face,) = detect(Opened(stored(portrait(), turn), LIMITS), yunet.NAME).faces
    assert near(face, FACE)


def test_a_smart_crop_of_a_turned_photograph_keeps_the_face():
    tall = ImageOps.pad(portrait(), (512, 1536), centering=(0, 1), color="white")
    content = stored(tall, 6)
    focus = detect(Opened(content, LIMITS), yunet.NAME)
    picture = shown(made(content, smart=Smart(), width=90, height=90, focus=focus)).convert("RGB")
    expected = tall.crop((0, 870, 512, 1382)).resize((90, 90))
    assert difference(picture, expected) < 25
    assert difference(shown(made(content, width=90, height=90)).convert("RGB"), expected) > 50


def test_a_recipe_that_leaves_a_photograph_lying_finds_the_face_lying():
    content = stored(portrait(), 6)
    focus = detect(Opened(content, LIMITS), yunet.NAME)
    # What is at the top when upright is at the left as stored; what is at the left is at the bottom.
    lying = (FACE[1], 1 - FACE[2], FACE[3], 1 - FACE[0])
    (face,) = faces(Opened(content, LIMITS), Geometry(upright=False), focus)
    assert near(face, lying)


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("wanted", range(1, 9))
def test_a_focus_that_is_turned_and_turned_back_is_the_same(turn, wanted):
    face = Face.at(0.1, 0.2, 0.4, 0.9)
    assert face
    focus = Focus("one", (face,), edges.Edges((b"\x01\x02\x03", b"\x04\x05\x06")))
    focus = replace(focus, measure=7)
    back = turn_focus(turn_focus(focus, turn, wanted), wanted, turn)
    assert (back.edges, back.measure) == (focus.edges, 7)
    assert near(back.faces[0], (0.1, 0.2, 0.4, 0.9), 1e-9)


def test_faces_and_edges_turn_alike():
    face = Face.at(0, 0, 0.5, 0.5)
    assert face
    # A face in the left upper quarter, and detail there alone.
    focus = Focus("one", (face,), edges.Edges((b"\xff\x00", b"\x00\x00")))
    for wanted in range(1, 9):
        turned = turn_focus(focus, 1, wanted)
        assert turned.edges
        column, row = round(2 * turned.faces[0].box.left), round(2 * turned.faces[0].box.top)
        assert turned.edges.rows[row][column] == 255


@pytest.mark.parametrize(
    "content",
    [
        saved(portrait(), "WEBP"),
        saved(portrait(), "AVIF"),
        saved(portrait().convert("CMYK"), "JPEG"),
        saved(portrait().convert("P"), "PNG"),
        saved(portrait().convert("L"), "TIFF"),
        saved(portrait().resize((4000, 3000)), "JPEG"),
    ],
    ids=["webp", "avif", "cmyk", "palette", "grey", "large"],
)
def test_a_face_is_found_in_every_kind_of_file(content):
    (face,) = detect(Opened(content, LIMITS), yunet.NAME).faces
    assert near(face, FACE, 0.05)


def test_behind_a_transparent_picture_is_white():
    image = portrait()
    image.putalpha(Image.new("L", image.size, 0))
    assert detect(Opened(saved(image), LIMITS), yunet.NAME) == Focus(yunet.NAME, (), measure=edges.MEASURE)


def test_in_an_animation_the_first_frame_counts():
    assert detect(Opened(animation(), LIMITS), yunet.NAME).faces == ()


def test_where_nobody_looks_for_faces_there_are_edges():
    focus = detect(Opened(saved(portrait()), LIMITS), edges.NAME)
    assert (focus.detector, focus.faces) == (edges.NAME, ())
    assert focus.edges


def test_an_original_is_looked_at_within_the_limits():
    with pytest.raises(TooLarge):
        detect(Opened(saved(corners(300, 300), "TIFF"), Limits(memory=1000)), yunet.NAME)
    with pytest.raises(BrokenPicture):
        detect(Opened(saved(portrait(), "JPEG")[:5000], LIMITS), yunet.NAME)


def test_a_detector_that_is_not_of_this_process_is_an_error():
    with pytest.raises(ValueError, match="rekognition"):
        detect(Opened(saved(corners()), LIMITS), "rekognition")


def test_nobody_looks_unless_the_crop_is_smart_and_drops_something():
    assert wants_focus(Opened(saved(corners()), LIMITS), SMART)
    assert not wants_focus(Opened(saved(corners(30, 90)), LIMITS), SMART)
    assert not wants_focus(Opened(saved(corners()), LIMITS), Recipe(Geometry(30, 90)))


def test_what_is_lying_is_measured_upright():
    assert not wants_focus(Opened(stored(corners(30, 90), 6), LIMITS), SMART)
