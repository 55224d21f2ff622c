import pytest

from rendering.imaging.reading.limits import Limits


@pytest.fixture
def limits():
    return Limits()
