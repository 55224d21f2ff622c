"""The picker of filters offers what the filters declare, and its script reads their texts as the service does."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from aliases.drafts import validators
from aliases.editing.filter_picker import offered
from aliases.editing.filter_words import GROUPS, WORDS
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.examples import EXAMPLES
from rendering.imaging.filters.grammar.lifetime import Lifetime

STATIC = Path(__file__).parents[3] / "aliases" / "static" / "aliases"
NODE = shutil.which("node")
WRONG = ["blur(5", "blur", "blur(5)sepia()", "blur(5):", ":blur(5)", "blur((5)", "glow()", "frame('a)"]
ODD = [
    "frame( 'a,b)/c.png' )",
    "frame(it's/d.png)",
    " blur(5): sepia()",
    "curve([(0,0),(9,9)],[(0,0)],[(0,0)],[(0,0)])",
]


@pytest.fixture
def filters(settings: Any) -> dict[str, dict[str, Any]]:
    settings.DEBUG = True  # static files have their own names
    return {one["name"]: one for one in offered()["filters"]}


def test_every_filter_that_an_alias_may_have_is_offered_with_words(filters: dict[str, dict[str, Any]]):
    offers = {name for name, one in FILTERS.items() if one.stage is not Lifetime}
    assert filters.keys() == offers == WORDS.keys(), "Give each filter its words in aliases/editing/filter_words.py."
    groups = [one["group"] for one in filters.values()]
    assert groups == sorted(groups, key=GROUPS.index)
    assert {one["name"] for one in filters.values() if one["picture"]} >= {"blur", "watermark", "face"}
    assert not filters["quality"]["picture"]


def test_a_filter_of_another_package_is_offered_in_a_group_of_its_own_with_its_help(settings: Any, monkeypatch: Any):
    settings.DEBUG = True
    theirs = replace(FILTERS["blur"], name="soft_focus", package="acme_filters 1.0")
    monkeypatch.setitem(FILTERS._filters, "soft_focus", theirs)
    offers = offered()
    (one,) = [one for one in offers["filters"] if one["name"] == "soft_focus"]
    assert (one["title"], one["group"], one["picture"]) == ("Soft focus", "Of other packages", "")
    assert one["hint"] == FILTERS["blur"].summary
    assert [argument["begin"] for argument in one["arguments"]] == ["", ""]
    assert offers["groups"][-1] == "Of other packages"
    monkeypatch.undo()
    assert "Of other packages" not in offered()["groups"]


def test_what_is_added_is_right_but_for_a_picture_to_be_chosen(filters: dict[str, dict[str, Any]]):
    for one in filters.values():
        texts = [
            argument["begin"] or ("brand/a.png" if argument["kind"] == "picture" else "")
            for argument in one["arguments"]
        ]
        validators.filters(f"{one['name']}({','.join(texts)})")


def test_inputs_follow_from_the_declarations(filters: dict[str, dict[str, Any]]):
    def of(name: str) -> list[tuple[str, Any]]:
        return [(one["kind"], one.get("high") or one.get("choices")) for one in filters[name]["arguments"]]

    assert of("sharpen") == [("number", 20), ("number", 20), ("flag", None)]
    assert of("duotone") == [("colour", None), ("colour", None)]
    assert of("rotate") == [("choice", ("0", "90", "180", "270"))]
    assert [kind for kind, _ in of("watermark")] == ["picture", "text", "text", "number", "text", "text"]
    assert filters["sepia"]["arguments"][0]["usual"] == "100"
    labels = {argument["label"] for one in filters.values() for argument in one["arguments"]}
    assert {"Amount", "Strength, in percent", "Transparent corners"} <= labels
    assert not any("_" in label or label in ("X", "Y", "Path", "Paint") for label in labels)
    kinds = {argument["kind"] for one in filters.values() for argument in one["arguments"]}
    (declared,) = [
        line for line in (STATIC / "filter-inputs.js").read_text().splitlines() if line.startswith("const KINDS")
    ]
    assert all(kind in declared for kind in kinds)


def read_by_script(texts: list[str]) -> list[str | None]:
    """The same texts as the picker writes them after reading; None where it refuses one."""
    assert NODE
    script = f"""{(STATIC / "filter-text.js").read_text()}
        const names = {json.dumps(list(FILTERS))};
        const again = (text) => {{ try {{ return write(read(text, names)); }} catch {{ return null; }} }};
        console.log(JSON.stringify({json.dumps(texts)}.map(again)));
    """
    command = [NODE, "--input-type=module", "-"]
    ran = subprocess.run(command, input=script, capture_output=True, text=True, check=True)
    said: list[str | None] = json.loads(ran.stdout)
    return said


@pytest.mark.skipif(
    not NODE and os.environ.get("REQUIRE_NODE") != "1",
    reason="no node on this machine (REQUIRE_NODE=1 makes this a failure)",
)
def test_the_script_reads_what_the_service_reads():
    right = [*EXAMPLES.values(), ":".join(list(EXAMPLES.values())[:20]), *ODD, ""]
    for before, after in zip(right, read_by_script(right), strict=True):
        assert after is not None, before
        assert FILTERS.read(after) == FILTERS.read(before)
    assert read_by_script(WRONG) == [None] * len(WRONG)
    for text in WRONG:
        with pytest.raises(BadRecipe):
            FILTERS.read(text)
