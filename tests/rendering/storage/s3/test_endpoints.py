"""What an endpoint of S3 may be, and a region beside one."""

import pytest

from rendering.storage.s3.endpoints import wrong_with_endpoint, wrong_with_region

#: The longest name that DNS has: 253 characters.
LONGEST = ".".join(["a" * 63] * 3 + ["a" * 61])


@pytest.mark.parametrize(
    "url",
    ["https://minio", "http://s3.example.com:9000", "http://[::1]:9000", "https://my_minio", f"https://{LONGEST}"],
)
def test_an_endpoint_is_a_scheme_a_host_and_a_port(url):
    assert wrong_with_endpoint(url) == ""


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("minio:9000", "with its scheme"),
        ("ftp://minio", "with its scheme"),
        ("https://min io", "without spaces"),
        ("https://minio:70000", "its port 1 to 65535"),
        ("https://[::1", "IPv6 in brackets"),
        ("https://user:word@minio", "no user and password"),
        ("https://minio:", "from 1 to 65535"),
        ("https://minio:0", "from 1 to 65535"),
        ("https://", "letters, digits"),
        ("https://mini(o)", "letters, digits"),
        (f"https://{LONGEST}a", "letters, digits"),
    ],
)
def test_what_is_wrong_with_an_endpoint_is_named(url, wrong):
    assert wrong in wrong_with_endpoint(url)


@pytest.mark.parametrize(
    ("region", "aws", "own"),
    [
        ("eu-central-1", "", ""),
        ("us-gov-west-1", "", ""),
        ("auto", "AWS's regions look like", ""),
        ("fr-par", "AWS's regions look like", ""),
        ("EU-central-1", "AWS's regions look like", ""),
        ("two words", "AWS's regions look like", "With an endpoint, a region is one word"),
        ("-auto", "AWS's regions look like", "With an endpoint, a region is one word"),
    ],
)
def test_aws_has_regions_of_its_own_kind_and_beside_an_endpoint_a_region_is_any_word(region, aws, own):
    for said, expected in (
        (wrong_with_region(region, own_endpoint=False), aws),
        (wrong_with_region(region, own_endpoint=True), own),
    ):
        assert said.startswith(expected)
        assert bool(said) == bool(expected)
