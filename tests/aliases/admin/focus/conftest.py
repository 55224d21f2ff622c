"""A live alias that crops by focus."""

import pytest

from aliases.models import Alias, Bucket
from aliases.publishing.publishing import publish
from tests.drawings import drawn
from tests.service import Service


@pytest.fixture
def smart(bucket: Bucket, service: Service) -> Alias:
    """A live alias whose smart crop cuts cat.jpg, a picture of four coloured quarters."""
    service.put("cat.jpg", drawn(300, 90))
    alias = Alias.objects.create(name="square", bucket=bucket, width=90, height=90, crop="smart", sample="cat.jpg")
    publish(alias, None)
    alias.refresh_from_db()
    return alias
