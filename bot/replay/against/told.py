"""What differs between two revisions of the data files, as text and as JSON: what weighs most comes first."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from bot.replay.against.comparison import Changed, Comparison
from bot.replay.difference import LAYERS
from bot.replay.telling import cut, layer_name, lines, many, sums

BROKE = "broke"
"""Stands before the layers: turns in which the bot breaks down on one side."""
_ORDER = (BROKE, *LAYERS)


def as_text(comparison: Comparison) -> str:
    """For a person: the sums, then every turn that differs, under the heaviest of its changes."""
    return "\n".join([*_sums(comparison), *_turns(comparison)])


def _sums(comparison: Comparison) -> Iterator[str]:
    yield from (f"ERROR  {fault}" for fault in comparison.faults)
    counts = _counts(comparison)
    yield sums(comparison.turns, counts)
    if counts[BROKE]:
        yield f"{many(counts[BROKE], 'turn')} broke down on one side; the rest of the dialogue was not run"


def _turns(comparison: Comparison) -> Iterator[str]:
    for layer in _ORDER:
        turns = [turn for turn in comparison.changed if _heaviest(turn) == layer]
        if not turns:
            continue
        title = "broke down" if layer == BROKE else f"change {layer_name(layer)}"
        weight = "" if layer in _ORDER[:2] else ", and nothing that weighs more"
        yield ""
        yield f"{many(len(turns), 'turn')} {title}{weight}"
        for turn in turns:
            yield from _turn(turn)


def _turn(turn: Changed) -> Iterator[str]:
    after = ", after a change" if turn.after_a_change else ""
    yield f"  {turn.file}:{turn.line}: {turn.name}, turn {turn.turn}{after}"
    yield f"    › {cut(turn.user)}"
    if turn.broke != (None, None):
        before, now = (cut(error) if error else "a reply" for error in turn.broke)
        yield f"    {before} → {now}"
    for line in lines(turn.differences):
        yield f"    {line}"


def _layers(turn: Changed) -> set[str]:
    return {BROKE} if turn.broke != (None, None) else {each.layer for each in turn.differences}


def _heaviest(turn: Changed) -> str:
    return min(_layers(turn), key=_ORDER.index)


def _counts(comparison: Comparison) -> Counter[str]:
    return Counter(layer for turn in comparison.changed for layer in _layers(turn))


def as_json(comparison: Comparison) -> str:
    """For a program. The same suites and the same two sets of data files give the same bytes."""
    counts = _counts(comparison)
    data = {
        "against": comparison.rev,
        "dialogues": comparison.dialogues,
        "turns": comparison.turns,
        "changed": len(comparison.changed),
        "layers": {layer: counts[layer] for layer in _ORDER},
        "errors": [asdict(fault) for fault in comparison.faults],
        "shown": [
            {**asdict(turn), "broke": dict(zip(("before", "after"), turn.broke, strict=True))}
            for turn in sorted(comparison.changed, key=lambda turn: _ORDER.index(_heaviest(turn)))
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)
