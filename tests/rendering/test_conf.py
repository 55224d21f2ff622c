"""What the data plane computes from its settings."""

import pytest

from rendering import conf


@pytest.mark.parametrize(
    ("most", "largest"),
    [
        (0, None),  # no gateway, no limit
        (1, 0),
        (conf.HEADERS, 0),
        (conf.HEADERS + 3, 0),
        (conf.HEADERS + 4, 3),  # three bytes are four characters in base64
        (conf.HEADERS + 7, 3),
        (conf.HEADERS + 8, 6),
        (6_000_000, 4_475_424),
    ],
)
def test_the_largest_picture_fits_the_gateway_in_base64_with_its_headers(settings, most, largest):
    settings.MAX_RESPONSE_BYTES = most
    assert conf.largest_picture() == largest
