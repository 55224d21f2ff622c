"""Members of a document by their paths."""

import pytest

from aliases.fields.declaration import Published, member, nested


def test_members_are_nested_by_their_paths():
    assert nested({"a.b": 1, "c": 2, "a.d.e": 3, "a.d.f": None}) == {"a": {"b": 1, "d": {"e": 3, "f": None}}, "c": 2}


def test_a_member_is_found_by_its_path_and_one_that_is_not_there_is_none():
    content = {"a": {"b": {"c": 1}}, "d": 2}
    assert (member(content, "a.b.c"), member(content, "d"), member(content, "a.b.x")) == (1, 2, None)
    with pytest.raises(KeyError):
        member(content, "a.x.c")


def test_a_value_is_converted_both_ways_and_none_is_left_to_the_default():
    published = Published("a.b", freeze=lambda text: text.split(), thaw=lambda words: " ".join(words))
    assert published.freeze("one two", None) == {"a.b": ["one", "two"]}
    assert published.thaw({"a": {"b": ["one", "two"]}}) == "one two"
    assert published.freeze(None, None) == {}
    assert published.thaw({"a": {"b": None}}) is None
    assert published.thaw({"a": {}}) is None
