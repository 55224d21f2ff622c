"""Differences between two texts of filters, by filter."""

from difflib import SequenceMatcher

from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters.grammar.registry import split


def step_changes(old_text: str, new_text: str) -> list[str]:
    """["added grayscale()", "removed blur(2)"]; a single phrase if only the order differs."""
    old, new = steps_of(old_text), steps_of(new_text)
    if sorted(old) == sorted(new):
        return [f"now in the order {':'.join(new)}"]
    changes = []
    for operation, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation == "replace":
            changes.append(f"{':'.join(old[first:last])} → {':'.join(new[start:end])}")
        elif operation == "delete":
            changes.append(f"removed {':'.join(old[first:last])}")
        elif operation == "insert":
            changes.append(f"added {':'.join(new[start:end])}")
    return changes


def steps_of(text: str) -> list[str]:
    """`a(1):b()` as ["a(1)", "b()"]; a text that cannot be parsed is one step."""
    try:
        return [f"{name}({','.join(arguments)})" for name, arguments in split(text)]
    except BadRecipe:
        return [text]
