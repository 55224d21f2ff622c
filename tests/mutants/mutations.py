"""Which mutants a module has. mutmut says how a node may change; what cannot be noticed is left out here.

mutmut's own runner leaves out constants, properties and whatever else is decorated, and hides functions behind others,
so that those whose signature is a grammar would no longer be read. Here a mutant is the file with one node changed.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst
from libcst import matchers
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string

#: What no test can notice: types, logs, slots, and names for whoever reads. mutmut leaves docstrings alone.
UNNOTICED = matchers.OneOf(
    matchers.Annotation(),
    matchers.Assert(),  # they narrow types
    matchers.Call(func=matchers.OneOf(*map(matchers.Name, ("cast", "TypeVar", "NewType", "dataclass")))),
    matchers.Call(func=matchers.Attribute(value=matchers.Name("logger") | matchers.Name("logging"))),
    matchers.Assign(targets=[matchers.AssignTarget(matchers.Name("__all__"))]),
    matchers.Assign(targets=[matchers.AssignTarget(matchers.Name("logger"))]),
    matchers.If(test=matchers.Name("TYPE_CHECKING")),
    matchers.Import(),
    matchers.ImportFrom(),
)


@dataclass(frozen=True, eq=False)
class Mutant:
    """A file in which one node is another. `path` begins in the checkout's folder; `line` to `last` are the node's."""

    path: str
    line: int
    last: int
    module: libcst.Module
    before: libcst.CSTNode
    after: libcst.CSTNode

    @property
    def name(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def room(self) -> str:
        return self.path.split("/")[0]

    def text(self) -> str:
        """The whole file, changed."""
        return str(self.module.deep_replace(self.before, self.after).code)

    def difference(self) -> str:
        """The lines that differ, with `-` and `+` before them."""
        lines = difflib.unified_diff(self.module.code.splitlines(), self.text().splitlines(), lineterm="", n=0)
        return "\n".join(line for line in lines if line[:1] in "-+" and line[:3] not in ("---", "+++"))


def mutants(root: Path, path: str) -> Iterator[Mutant]:
    """All mutants of a file, in the order of its code."""
    wrapper = MetadataWrapper(libcst.parse_module((root / path).read_text()), unsafe_skip_copy=True)
    finding = Finding()
    wrapper.visit(finding)
    for before, after, line, last in finding.changes:
        yield Mutant(path, line, last, wrapper.module, before, after)


class Finding(libcst.CSTVisitor):  # type: ignore[misc]  # Any here
    """Collects nodes, what takes their place, and on which lines they are."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[tuple[libcst.CSTNode, libcst.CSTNode, int, int]] = []

    def on_visit(self, node: libcst.CSTNode) -> bool:
        if matchers.matches(node, UNNOTICED):
            return False
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                changed = list(operator(node))
                # Of a text, one mutant: the others have the same words in other cases.
                for one in changed[:1] if operator is operator_string else changed:
                    where = self.get_metadata(PositionProvider, node)
                    self.changes.append((node, one, where.start.line, where.end.line))
        return True
