"""Whole sentences: a text that is split over lines is held together by parentheses, or its end is lost without a word.

Two elements that were run together by a missing comma are ruff's to find (ISC)."""

import ast

import pytest

from tests.tracked import ROOT, tracked

MODULES = tracked("*.py")


def alone(tree: ast.AST) -> list[int]:
    """The lines of strings that stand alone as a statement and are no docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {id(node.body[0]) for node in ast.walk(tree) if isinstance(node, documented) and node.body}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and id(node) not in docstrings and text(node.value)
    ]


def text(node: ast.expr) -> bool:
    """Whether an expression is a text and nothing else, also one that is put together."""
    match node:
        case ast.Constant(value=str() | bytes()) | ast.JoinedStr():
            return True
        case ast.BinOp(left=left, right=right):
            return text(left) or text(right)
        case ast.Tuple(elts=elements):
            return bool(elements) and all(map(text, elements))
    return False


@pytest.mark.parametrize("module", MODULES)
def test_no_text_stands_alone_as_a_statement_but_docstrings(module):
    assert not alone(ast.parse((ROOT / module).read_bytes()))


@pytest.mark.parametrize(
    "lost",
    [
        'help = "One sentence, "\n"and its end."',
        'def f():\n    """Say it."""\n    x = "One"\n    f"{x}."',
        'class A:\n    a = 1\n    """Not a docstring: comments with #: explain attributes."""',
        'x = "One %s"\n"and %s." % x',
        'x = "One", \n"two", "three"',
    ],
)
def test_the_end_of_a_sentence_that_is_lost_is_found(lost):
    assert alone(ast.parse(lost))


@pytest.mark.parametrize(
    "kept",
    [
        '"""A module."""\nhelp = ("One sentence, "\n"and its end.")',
        'class A:\n    """A class."""\n    async def f(self):\n        """A coroutine."""',
        'print("One sentence, "\n"and its end.")',
    ],
)
def test_docstrings_and_sentences_in_parentheses_are_left_alone(kept):
    assert not alone(ast.parse(kept))
