"""The requests of imagor's own golden tests, on drawn originals of the same sizes: each is answered with a picture of
the same size and as many frames, or stands in the table with the reason why not.

golden.json has `answered` (width, height, frames, path), `otherwise` and `out_of_reach` (path, why).
"""

import io
import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from tests.rendering.dialects.imagor.originals import originals

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))
#: They are asked in a few tests, since each test draws the originals anew.
GROUPS = 4


@pytest.fixture
def imagor(service, settings):
    settings.DIALECT, settings.ALLOW_UNSAFE_URL, settings.THUMBOR_BUCKET = "imagor", True, "photos"
    for key, content in originals().items():
        service.put(key, content)
    service.bucket = replace(service.bucket, unsafe_allowed=True, overlays_from=("photos",))
    service.publish()
    return service


@pytest.mark.parametrize("group", range(GROUPS))
def test_imagors_own_requests_are_answered_in_the_same_size(imagor, group):
    for width, height, frames, path in GOLDEN["answered"][group::GROUPS]:
        response = imagor.get(f"/unsafe/{path}")
        assert response.status_code == 200, (path, response.content)
        with Image.open(io.BytesIO(response.content)) as picture:
            assert (*picture.size, getattr(picture, "n_frames", 1)) == (width, height, frames), path


def test_what_is_answered_in_another_size_is_a_picture_all_the_same(imagor):
    for path, why in GOLDEN["otherwise"]:
        response = imagor.get(f"/unsafe/{path}")
        assert (response.status_code, response["Content-Type"][:6]) == (200, "image/"), (path, why)


def test_most_of_imagors_requests_are_answered():
    assert len(GOLDEN["answered"]) > 4 * len(GOLDEN["otherwise"] + GOLDEN["out_of_reach"])
    assert all(why for _, why in GOLDEN["otherwise"] + GOLDEN["out_of_reach"])
