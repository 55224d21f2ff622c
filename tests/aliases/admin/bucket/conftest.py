"""A live alias, and another editor."""

import pytest
from django.test import Client

from aliases.models import Alias, Outbox
from aliases.publishing.publishing import publish


@pytest.fixture
def live(alias: Alias) -> Alias:
    publish(alias, None)
    Outbox.objects.all().delete()
    return alias


@pytest.fixture
def other(made) -> Client:
    """Another editor's browser."""
    client = Client()
    client.force_login(made("ann", is_superuser=True))
    return client
