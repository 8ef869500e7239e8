"""What a person may want, compiled: what it implies, what it asks in any case, what it may turn into."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.conditions import Condition
from knowledge.facts import UNSURE

When = tuple[tuple[str, Condition], ...]


@dataclass(frozen=True, slots=True)
class Implied:
    """Values that hold unless something better is known."""

    when: When
    unless: When
    always: Mapping[str, str]
    silent: Mapping[str, Any]
    unsure: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wish:
    name: str
    title: str
    products: tuple[str, ...]
    in_doubt: tuple[str, ...]
    """The products it can be where the person cannot tell."""
    asks: tuple[str, ...]
    rank: Mapping[str, int]
    """The order in which columns are asked for."""
    never_asks: frozenset[str]
    no_verdict: bool
    implied: tuple[Implied, ...]
    becomes: tuple[tuple[When, str], ...]

    def fill(self, facts: dict[str, Any]) -> frozenset[str]:
        """Adds what the wish implies to `facts`; returns the columns that a silent default filled."""
        defaults: set[str] = set()
        for implied in self.implied:
            if not _holds(implied.when, facts) or (implied.unless and _holds(implied.unless, facts)):
                continue
            facts.update(implied.always)
            for column, value in implied.unsure.items():
                if column in facts and facts[column] is UNSURE:
                    facts[column] = value
            for column, value in implied.silent.items():
                if facts.get(column, UNSURE) is UNSURE:
                    facts[column] = value
                    defaults.add(column)
        return frozenset(defaults)

    def turned_into(self, facts: Mapping[str, Any]) -> str | None:
        """The wish that this one really is, given the facts; None where it stays what it is."""
        return next((wish for when, wish in self.becomes if _holds(when, facts)), None)


def _holds(when: When, facts: Mapping[str, Any]) -> bool:
    for column, condition in when:
        value = facts.get(column, UNSURE)
        if value is UNSURE or not condition.holds(value):
            return False
    return True
