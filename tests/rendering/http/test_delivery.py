"""The table of errors: every class that can reach a viewer has its status."""

import inspect
from types import ModuleType

import pytest
from django.test import RequestFactory

from rendering.catalogue import catalogue
from rendering.dialects import raw_path, signing
from rendering.http import causes
from rendering.http.causes import CAUSES, SERVICE
from rendering.http.error_responses import error_response
from rendering.http.view import data_plane_view
from rendering.imaging import errors
from rendering.pictures import derivatives, originals
from rendering.storage import errors as storage
from rendering.storage.s3 import errors as s3_errors
from rendering.workers import errors as workers

#: Told apart and handled before an answer is written, or the common ancestors of those that are.
INTERNAL = {workers.Failed, derivatives.OutOfTime, s3_errors.NotModified, storage.StorageError, errors.PictureError}


def errors_of(module: ModuleType) -> list[type[Exception]]:
    return [
        item
        for _, item in inspect.getmembers(module, inspect.isclass)
        if issubclass(item, Exception) and item.__module__ == module.__name__ and item not in INTERNAL
    ]


MODULES = [errors, storage, catalogue, originals, derivatives, raw_path, causes, s3_errors, signing, workers]


@pytest.mark.parametrize("error", [error for module in MODULES for error in errors_of(module)])
def test_every_error_has_a_status_and_a_word(error):
    response = error_response(error("/private/thing"))
    assert 400 <= response.status_code < 600
    assert error.code
    if issubclass(error, storage.StorageError):
        assert b"private" not in response.content


def test_every_error_has_a_word_of_its_own():
    words = [vars(error)["code"] for error in CAUSES if error is not catalogue.UnreadCatalogue]  # of no catalogue
    assert len(words) == len(set(words))


@pytest.mark.parametrize("error", CAUSES)
def test_what_is_our_fault_is_a_5xx_that_no_cache_keeps(error):
    response = error_response(error("x"))
    if CAUSES[error].whose == SERVICE:
        assert response.status_code >= 500
    if response.status_code >= 500:
        assert response["Cache-Control"] == "no-store"
    assert (response.status_code in (503, 504)) == ("Retry-After" in response)


def test_a_fault_nobody_thought_of_is_a_500_with_a_sentence():
    def broken(request):
        raise ZeroDivisionError

    response = data_plane_view(broken)(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"unexpected" in response.content
