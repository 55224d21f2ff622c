"""Sample sets in documents of aliases: they arrive as they left, and a wrong one is refused with what is wrong."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aliases.editing import documents
from aliases.models import Bucket, Sample
from aliases.pictures import samples
from tests.values import KEYS, NO_KEYS

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(alias, tmp_path):
    """Import a document with these sample sets; what was printed, or the refusal."""

    def load(sets: Any, *options: str) -> str:
        file = tmp_path / "aliases.json"
        file.write_text(json.dumps({**documents.export()[0], "samples": sets}))
        output = io.StringIO()
        try:
            call_command("import_aliases", str(file), *options, stdout=output)
        except CommandError as error:
            return f"refused: {error}"
        return output.getvalue()

    return load


def sets_of(bucket) -> list[tuple[str, bool, list[str]]]:
    return [(one.key, one.pinned, one.reasons) for one in samples.of(bucket)]


def test_a_set_arrives_as_it_left_with_any_keys(alias, imported):
    samples.pin(alias.bucket, KEYS[:5], None)
    samples.replace(alias.bucket, KEYS[:5], {key: ["widest", "no face"] for key in KEYS[5:12]})
    before = sets_of(alias.bucket)
    document = json.loads(json.dumps(documents.export()[0]))
    Sample.objects.all().delete()
    assert "samples of photos: 12, 5 of them pinned" in imported(document["samples"])
    assert sets_of(alias.bucket) == before
    assert "samples of photos: unchanged" in imported(document["samples"])


def test_what_was_in_the_set_and_not_in_the_document_goes_and_a_dry_run_changes_nothing(alias, imported):
    samples.pin(alias.bucket, ["old.jpg"], None)
    new = {"photos": [{"key": "new.jpg"}]}
    assert "samples of photos: 1, 0 of them pinned" in imported(new, "--dry-run")
    assert sets_of(alias.bucket) == [("old.jpg", True, [])]
    imported(new)
    assert sets_of(alias.bucket) == [("new.jpg", False, [])]


def test_only_sets_of_the_aliases_buckets_are_exported(alias):
    assert "samples" not in documents.export()[0]
    other = Bucket.objects.create(name="other")
    samples.pin(other, ["a.jpg"], None)
    assert "samples" not in documents.export()[0]


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        ([], "an object with one list for each bucket"),
        ({"nowhere": []}, "There is no bucket “nowhere” here"),
        ({"\0": []}, "There is no bucket"),
        ({"photos": {}}, "is a list of at most 16 originals"),
        ({"photos": [{"key": f"{number}"} for number in range(17)]}, "is a list of at most 16 originals"),
        ({"photos": ["a.jpg"]}, "number 1: A sample is an object with a “key”"),
        ({"photos": [{"key": "a"}, {"key": 7}]}, "number 2: A sample is an object"),
        ({"photos": [{"key": "a", "pinned": "yes"}]}, "neither true nor false"),
        ({"photos": [{"key": "a", "reasons": "widest"}]}, "a list of words"),
        ({"photos": [{"key": "a", "reasons": ["prettiest"]}]}, "“prettiest” is none of widest, tallest"),
        *(({"photos": [{"key": key}]}, "key: ") for key in NO_KEYS),
    ],
)
def test_a_wrong_set_is_refused_and_nothing_imported(alias, imported, sets, words):
    said = imported(sets)
    assert said.startswith("refused: ")
    assert words in said
    assert "Nothing was imported." in said
    assert not Sample.objects.exists()
