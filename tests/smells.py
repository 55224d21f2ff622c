"""What makes a test worth less than it seems, found in its source."""

import ast
from collections.abc import Iterator

CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "time", "time_ns"}


def smells(source: str) -> list[str]:
    """Each with its line: "3: sleeps for a second or more"."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt | ast.expr)]
    return [f"{node.lineno}: {smell}" for node in nodes for smell in smells_of(node)]


def smells_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ImportFrom(module=str(module)) if is_collected(module):
            yield "imports from a module of tests, which is for pytest alone"
        case ast.ImportFrom(names=names) | ast.Import(names=names) if any(is_collected(one.name) for one in names):
            yield "imports a module of tests, which is for pytest alone"
        case ast.Call(func=function, args=[ast.Constant(value=int() | float() as seconds)]) if (
            called(function) == "sleep" and seconds >= 1
        ):
            yield "sleeps for a second or more"
        case ast.Call(func=ast.Attribute(value=owner, attr="__init__")) if not is_super(owner):
            yield "makes an object again by its __init__"
        case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()) if is_of_others(node):
            yield f"sets {name}, which is private"
        case ast.Assert(test=test) if any(is_duration(inner) for inner in ast.walk(test)):
            yield "asserts how long something took"


def is_collected(module: str) -> bool:
    """Whether pytest imports it by itself, as tests or for their fixtures."""
    name = module.rpartition(".")[2]
    return name.startswith("test_") or name == "conftest"


def called(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def is_super(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Call) and called(owner.func) == "super"


def is_of_others(attribute: ast.Attribute) -> bool:
    """Whether it is private to something else than the object that the code is of."""
    own = isinstance(attribute.value, ast.Name) and attribute.value.id in ("self", "cls")
    return attribute.attr.startswith("_") and not attribute.attr.endswith("__") and not own


def is_duration(node: ast.AST) -> bool:
    """Whether it is the time of a clock less something; a deadline is compared with the time itself."""
    match node:
        case ast.BinOp(left=ast.Call(func=function), op=ast.Sub()):
            return called(function) in CLOCKS
    return False
