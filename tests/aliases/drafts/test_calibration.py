"""What was measured for a visual quality, as a value."""

from msgspec.structs import replace

from aliases.drafts.calibration import Calibration, read_calibration
from rendering.imaging import documents
from rendering.imaging.quality.calibration import Measure


def fresh(*keys: str, formats: tuple[str, ...] = ("jpeg", "webp")) -> Calibration:
    return Calibration(0.95, keys, {name: (None,) * len(keys) for name in formats})


def looked(calibration: Calibration, place: int, jpeg: int, webp: int, ssim: float = 0.96) -> Calibration:
    return calibration.with_measures(place, {"jpeg": Measure(jpeg, ssim, 1000), "webp": Measure(webp, ssim, 800)})


def test_every_picture_is_looked_at_once_and_then_again_with_what_all_take():
    calibration = fresh("a", "b", "c")
    order = []
    for found in ((50, 40), (70, 40), (60, 45), (70, 45), (70, 45)):
        assert calibration.due is not None
        order.append(calibration.due)
        calibration = looked(calibration, calibration.due, *found)
    assert order == [0, 1, 2, 0, 1]
    assert calibration.due == 2  # its JPEG was looked at with 60 only
    calibration = looked(calibration, 2, 70, 45)
    assert calibration.complete
    assert calibration.qualities == {"jpeg": 70, "webp": 45}


def test_it_is_complete_neither_without_pictures_nor_in_trouble():
    done = looked(fresh("a"), 0, 50, 40)
    assert done.complete
    assert not replace(done, trouble="The file is text").complete
    assert not fresh().complete


def test_pictures_that_are_left_out_take_their_measures_with_them():
    calibration = looked(looked(fresh("a", "b", "c"), 0, 50, 40), 2, 90, 90)
    without = calibration.without([1, 2], "They are broken.")
    assert without.samples == ("a",)
    assert without.left_out == {"b": "They are broken.", "c": "They are broken."}
    assert without.complete
    assert without.qualities == {"jpeg": 50, "webp": 40}


def test_the_lines_tell_the_least_alike_and_what_is_saved_on_the_sample():
    calibration = looked(looked(fresh("a", "b"), 0, 70, 45, 0.96), 1, 70, 45, 0.94)
    calibration = replace(calibration, defaults={"jpeg": Measure(80, 0.97, 1500), "webp": Measure(40, 0.95, 500)})
    jpeg, webp = calibration.lines()
    assert (jpeg.name, jpeg.quality, jpeg.ssim, jpeg.worst, jpeg.reached) == ("JPEG", 70, 0.94, "b", False)
    assert (jpeg.saved, webp.saved, webp.more) == (33, -60, 60)
    assert calibration.pictures() == [("a", "0.960 as JPEG, 0.960 as WebP"), ("b", "0.940 as JPEG, 0.940 as WebP")]


def test_it_reads_back_as_it_was_written_complete_or_not():
    for calibration in (
        fresh("a", "b"),
        replace(looked(fresh("a", "b"), 0, 50, 40), seconds=1.5, left_out={"c": "gone"}, trouble="x"),
    ):
        assert read_calibration(documents.to_builtins(calibration)) == calibration
