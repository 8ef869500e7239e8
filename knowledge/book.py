"""The book of rules: the data folder, loaded, checked and ready to decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.compiler import Compiler
from knowledge.datafile import HOME, DataError, Model, checked, finding, read
from knowledge.draft import BLANKS, blanks_of
from knowledge.engine import Decision
from knowledge.merge import outcome_of
from knowledge.outcome import Ask, Case, Outcome
from knowledge.rulebook import Rules, known_prices
from knowledge.schema import ClaimEntry, ColumnEntry, TableEntry, WishEntry


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a source: what an outcome's citation stands for."""

    id: str
    source: str
    section: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Book:
    folder: Path
    claims: Mapping[str, Claim]
    rules: Rules
    entries: Mapping[Path, TableEntry]
    """The tables as their files have them."""

    @property
    def wishes(self) -> tuple[str, ...]:
        """The wishes on which there are rules."""
        return tuple(self.rules.wishes)

    def decide(self, case: Case, now: datetime) -> Outcome | Ask:
        """What the rules say about `case` at `now`, or the first question on which that still hangs.

        Raises ValueError for a wish without rules and for a slot value that its slot cannot have.
        """
        decision = Decision(self.rules, case, now)
        found = decision.run()
        return found if isinstance(found, Ask) else outcome_of(found, decision)


@cache
def own_book() -> Book:
    """The book of the folder in use, read once. Raises DataError."""
    return load(HOME.folder)


def load(root: Path) -> Book:
    """The book in the folder `root`. Raises DataError: file, line and key of all that is wrong."""
    claims = _claims(root / "claims.yaml")
    columns = _mapping(root / "columns.yaml", ColumnEntry)
    wishes = _mapping(root / "wishes.yaml", WishEntry)
    drafts = _drafts(root / "drafts.yaml")
    entries = {
        path: checked(path, TableEntry, read(path)) for path in sorted((root / "tables").glob("*.yaml"))
    }
    compiler = Compiler(columns, frozenset(claims), drafts)
    compiler.cited_by_columns(root / "columns.yaml")
    tables = tuple(compiler.table(path, entry, wishes) for path, entry in entries.items())
    rules = Rules(
        columns=columns,
        wishes={
            name: compiler.wish(root / "wishes.yaml", name, entry, wishes) for name, entry in wishes.items()
        },
        tables=tables,
        drafts=drafts,
        column_of={c.slot: name for name, c in columns.items() if c.slot and c.kind != "result"},
        known_prices=known_prices(tables, tuple(columns["product"].values)),
        explaining=frozenset(
            wish for table in tables if "deduction" in table.columns for wish in table.applies
        ),
    )
    compiler.stop_if_wrong()
    return Book(root, claims, rules, entries)


def _claims(path: Path) -> Mapping[str, Claim]:
    content = read(path)
    if not isinstance(content, list):
        raise DataError([finding(path, (), "must be a list of claims")])
    found: dict[str, Claim] = {}
    for index, item in enumerate(content):
        entry = checked(path, ClaimEntry, item, (index,))
        if entry.id in found:
            raise DataError([finding(path, (index, "id"), f"the claim {entry.id!r} is here twice")])
        found[entry.id] = Claim(entry.id, entry.source, entry.section, entry.kind, entry.text)
    return found


def _mapping(path: Path, model: type[Model]) -> Mapping[str, Model]:
    return {name: checked(path, model, item, (name,)) for name, item in _entries(path).items()}


def _drafts(path: Path) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, text in _entries(path).items():
        if not isinstance(text, str):
            raise DataError([finding(path, (name,), "must be text")])
        for blank in sorted(blanks_of(text) - BLANKS.keys()):
            raise DataError([finding(path, (name,), f"there is no blank {{{blank}}}")])
        found[name] = text.strip()
    return found


def _entries(path: Path) -> Mapping[str, Any]:
    content = read(path)
    if not isinstance(content, dict):
        raise DataError([finding(path, (), "must be a mapping of names")])
    return {str(name): item for name, item in content.items()}
