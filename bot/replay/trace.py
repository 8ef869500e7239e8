"""Why a turn came as it did: what was heard, which moves were made, what was asked, which rows fired."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from knowledge import load

Json = Mapping[str, Any]
Events = Sequence[tuple[str, Json]]
_MOST_REASONS = 6


def trace(heard: Json, events: Events, answer: Json, sentences: Sequence[str] = ()) -> list[str]:
    """How the turn came about, as plain lines "what: the rest", in the order in which things happened.

    `heard` and `answer` are the turn's data as the runner and the transcript write them (`Played.heard`,
    `Played.answer`; the stored events shell.heard and shell.answered), `events` the dialogue's own as (kind,
    data), `sentences` the keys of what was put into words. What a store of another day does not hold is left
    out.
    """
    return [
        *_understood(heard, answer),
        *_happened(events),
        *(f"row: {row}{_cited(row)}" for row in (answer.get("outcome") or {}).get("rows", ())),
        *([f"sentences: {', '.join(sentences)}"] if sentences else []),
    ]


def _understood(heard: Json, answer: Json) -> Iterator[str]:
    reasons = ", ".join(list(heard.get("reasons", ()))[:_MOST_REASONS])
    because = f", because of {reasons}" if reasons else ""
    yield f"heard: {heard.get('intent')} {heard.get('confidence', 0):.2f}{because}"
    for name, slot in heard.get("slots", {}).items():
        doubt = "" if slot.get("certain", True) else ", in doubt"
        yield f"heard: {name} = {slot['value']}, said as 「{slot['said']}」{doubt}"
    if answer.get("intent") != heard.get("intent"):
        yield f"acted on: {answer.get('intent')} {answer.get('confidence', 0):.2f}"


def _happened(events: Events) -> Iterator[str]:
    """A line for each move of repair with what it brought about, and one for what came without any."""
    done: list[str] = []
    for kind, data in events:
        if kind == "move":
            yield f"move: {data['name']}" + (f", {'; '.join(done)}" if done else "")
            done.clear()
        else:
            done.append(_told(kind, data))
    if done:
        yield f"then: {'; '.join(done)}"


def _told(kind: str, data: Json) -> str:
    if kind in _TOLD:
        return _TOLD[kind](data)
    values = " ".join(map(_short, data.values()))
    return f"{kind.replace('_', ' ')} {values}".rstrip()


_TOLD: Mapping[str, Callable[[Json], str]] = {
    "asked": lambda data: f"asked {data['slot']}" + (f", time {data['times']}" if data["times"] > 1 else ""),
    "asked_back": lambda data: f"asked back {data['slot']} = {data['value']} ({data['doubt']})",
    "contradiction": lambda data: f"the order has {data['slot']} = {data['order']}, not {data['said']}",
    "corrected": lambda data: f"corrected {data['slot']} from {data['old']} to {data['new']}",
    "learned": lambda data: f"learned {', '.join(data['slots'])}",
    "outcome": lambda data: f"outcome {data['outcome']['verdict']}",
}


def _short(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _cited(name: str) -> str:
    """The claims on which the row of today's rules rests; none where there is no such row any more."""
    table_name, _, row_name = name.partition("/")
    cites = [
        cite
        for table in load().rules.tables
        if table.name == table_name
        for row in table.rows
        if row.name == row_name
        for cite in (*row.cites, *(cite for price in row.charges for cite in price.cites))
    ]
    return f", by {', '.join(dict.fromkeys(cites))}" if cites else ""
