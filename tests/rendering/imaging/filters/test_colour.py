from rendering.imaging.filters import FILTERS

from ..pictures import gradient


def test_saturation_leaves_no_seams():
    picture = gradient(1000, 700)
    whole = FILTERS.read("saturation(2)")[0](picture)
    parts = [FILTERS.read("saturation(2)")[0](picture.crop((0, top, 1000, top + 100))) for top in range(0, 700, 100)]
    assert all(
        whole.crop((0, number * 100, 1000, number * 100 + 100)).tobytes() == part.tobytes()
        for number, part in enumerate(parts)
    )
