"""The admin's site."""

import pytest

from tests.aliases.forms import page

pytestmark = pytest.mark.django_db


def test_browsers_keep_what_a_page_allows_and_nothing_else(admin, alias):
    assert admin.get(page("alias_picture", alias.pk, "original"))["Cache-Control"] == "private, max-age=300"
    assert "no-store" in admin.get(page("alias_change", alias.pk))["Cache-Control"]
