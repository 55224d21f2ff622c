"""The picture of each alias that snippets are made of."""

import pytest

from aliases.snippets.picture import Picture
from rendering.catalogue.alias import Alias

from .declared import ALIASES, BASE


@pytest.fixture(params=ALIASES)
def alias(request: pytest.FixtureRequest) -> Alias:
    return ALIASES[request.param]


@pytest.fixture
def picture(alias: Alias) -> Picture:
    return Picture.of(BASE, alias, "people/ann (1).jpg")
