"""What tests of the inspector share: a published alias, unsigned URLs allowed, a key to sign with."""

from typing import Any

import pytest

from aliases.models import Alias
from aliases.publishing.publishing import publish
from rendering.catalogue.catalogue import READER
from tests.aliases.inspecting.urls import KEY


@pytest.fixture
def live(alias: Alias, settings: Any, committed: Any) -> Alias:
    settings.SECURITY_KEY = KEY
    settings.ALLOW_UNSAFE_URL = True
    settings.STRICT_FILTERS = False
    alias.bucket.unsafe_allowed = True
    alias.bucket.save()
    Alias.objects.filter(pk=alias.pk).update(dprs="2", widths="60, 120")
    alias.refresh_from_db()
    with committed():
        publish(alias, None, "to try it")
    READER.forget()
    alias.refresh_from_db()
    return alias
