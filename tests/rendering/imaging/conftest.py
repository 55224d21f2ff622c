import pytest

from rendering.imaging.limits import Limits


@pytest.fixture
def limits():
    return Limits()
