"""A mutant: a bug put into a production file on purpose, by replacing a piece of its text."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Edit:
    """One replacement in one file; `old` must be there."""

    path: str
    old: str
    new: str

    def applied(self, text: str) -> str:
        """Return the text with the bug in it."""
        if self.old not in text:
            raise ValueError(f"{self.path} has no longer: {self.old!r}; adapt the mutant")
        return text.replace(self.old, self.new, 1)


@dataclass(frozen=True)
class Mutant:
    """A named bug. One in SQL is hunted against PostgreSQL, one in Python by simulation.

    `tests` are files of tests that hunt it instead, where no simulated day would show it.
    """

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...] = ()

    @property
    def in_sql(self) -> bool:
        """Whether the bug is in the law."""
        return any(edit.path.endswith(".sql") for edit in self.edits)

    def check(self) -> None:
        """Raise when the files have changed so that the bug does not fit any more."""
        for edit in self.edits:
            edit.applied((ROOT / edit.path).read_text())

    def infect(self) -> None:
        """Make this process import the files with the bug in them."""
        sys.meta_path.insert(0, _Infected(self.edits))
        if self.in_sql:
            self._infect_scripts()

    def _infect_scripts(self) -> None:
        from eventstore import statements  # noqa: PLC0415 - not before the finder is in place

        sound = statements.script

        def script(path: str) -> str:
            text = str(sound(path))
            for edit in self.edits:
                if edit.path.endswith(path):
                    text = edit.applied(text)
            return text

        statements.script = script  # type: ignore[assignment]


class _Infected(MetaPathFinder):
    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = [edit for edit in edits if edit.path.endswith(".py")]

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        file = fullname.replace(".", "/") + ".py"
        mine = [edit for edit in self._edits if edit.path == file]
        if not mine:
            return None
        loader = _Loader(fullname, str(ROOT / file), mine)
        return importlib.util.spec_from_file_location(fullname, ROOT / file, loader=loader)


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, edits: Sequence[Edit]) -> None:
        super().__init__(fullname, path)
        self._edits = edits

    def get_code(self, fullname: str) -> object:
        text = Path(self.path).read_text()
        for edit in self._edits:
            text = edit.applied(text)
        return compile(text, self.path, "exec")


def one(name: str, path: str, old: str, new: str, *, tests: tuple[str, ...] = ()) -> Mutant:
    """Make a mutant of one replacement."""
    return Mutant(name, (Edit(path, old, new),), tests)
