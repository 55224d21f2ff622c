"""The table of errors: every class that can reach a viewer has its status."""

import inspect
from types import ModuleType

import pytest
from django.test import RequestFactory

from rendering import catalogue, derivatives, originals, rawpath, refusals, s3, signing, stores
from rendering.delivery import answers
from rendering.imaging import errors
from rendering.refusals import STATUS, refusal

#: Told apart and handled before an answer is written.
INTERNAL = {s3.NotModified}


def errors_of(module: ModuleType) -> list[type[Exception]]:
    return [
        item
        for _, item in inspect.getmembers(module, inspect.isclass)
        if issubclass(item, Exception) and item.__module__ == module.__name__ and item not in INTERNAL
    ]


MODULES = [errors, stores, catalogue, originals, derivatives, rawpath, refusals, s3, signing]


@pytest.mark.parametrize("error", [error for module in MODULES for error in errors_of(module)])
def test_every_error_has_a_status_and_a_word(error):
    response = refusal(error("/private/thing"))
    assert 400 <= response.status_code < 600
    assert error.code
    if issubclass(error, stores.StorageError):
        assert b"private" not in response.content


def test_the_words_are_distinct_where_statuses_are():
    words: dict[str, set[int]] = {}
    for error in STATUS:
        words.setdefault(vars(error)["code"], set()).add(STATUS[error])
    assert all(len(statuses) == 1 for statuses in words.values())


@pytest.mark.parametrize("status", [502, 503, 504, 500])
def test_our_own_faults_are_never_cached(status):
    error = next(error for error in STATUS if STATUS[error] == status)
    assert refusal(error("x"))["Cache-Control"] == "no-store"


def test_a_fault_nobody_thought_of_is_a_500_with_a_sentence():
    def broken(request):
        raise ZeroDivisionError

    response = answers(broken)(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"unexpected" in response.content
