"""What became of each mutant of a seed: a line each in build/mutants/report-SEED.jsonl, the last one counts."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from .mutations import Mutant
from .records import KEPT, tree
from .trying import Verdict


class Report:
    """The verdicts of a seed. Raises SystemExit, where there must be some, if there are none."""

    def __init__(self, seed: int) -> None:
        self.path = KEPT.parent / f"report-{seed}.jsonl"
        lines = [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else [{}]
        self.begun: dict[str, Any] = lines[0]
        self.verdicts = {(line["name"], line["difference"]): Verdict(**line["verdict"]) for line in lines[1:]}

    def begin(self, only: Sequence[str]) -> None:
        """Go on, if the files and the folders are the same; else begin anew."""
        wanted = {"tree": tree(), "only": sorted(only)}
        if self.begun != wanted:
            self.begun, self.verdicts = wanted, {}
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(f"{json.dumps(wanted)}\n")

    def survivors(self) -> set[tuple[str, str]]:
        return {one for one, verdict in self.verdicts.items() if verdict.said in ("survived", "untested")}

    def of(self, mutant: Mutant) -> Verdict | None:
        return self.verdicts.get((mutant.name, mutant.difference()))

    def said(self, mutant: Mutant) -> str:
        found = self.of(mutant)
        return found.said if found else "untested"

    def tried(self, mutant: Mutant) -> list[str]:
        """The tests that passed on it."""
        found = self.of(mutant)
        return found.tried if found else []

    def forget(self, chosen: Iterable[Mutant]) -> None:
        for one in chosen:
            del self.verdicts[one.name, one.difference()]

    def add(self, mutant: Mutant, verdict: Verdict) -> None:
        shown = {"name": mutant.name, "verdict": asdict(verdict), "difference": mutant.difference()}
        self.verdicts[mutant.name, mutant.difference()] = verdict
        with self.path.open("a") as lines:
            lines.write(f"{json.dumps(shown)}\n")
