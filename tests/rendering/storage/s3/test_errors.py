"""What boto3 raises, as errors of a store."""

import pytest
import urllib3.exceptions
from botocore.exceptions import HTTPClientError

from rendering.imaging.errors import UnsupportedFormat
from rendering.storage.errors import Away, Misconfigured
from rendering.storage.s3.errors import errors


@pytest.mark.parametrize(
    ("cause", "meaning", "said"),
    [
        (RecursionError("maximum recursion depth exceeded"), Misconfigured, "one.jpg: redirected in a loop"),
        (urllib3.exceptions.DecodeError("gzip"), UnsupportedFormat, "Content-Encoding"),
        (urllib3.exceptions.HTTPError("reset"), Away, "one.jpg: .*reset"),
    ],
)
def test_what_a_client_raises_while_it_sends_has_the_meaning_of_its_cause(cause, meaning, said):
    with pytest.raises(meaning, match=said) as raised, errors("one.jpg"):
        raise HTTPClientError(error=cause)
    assert type(raised.value) is meaning
