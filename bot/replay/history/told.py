"""What a run of stored conversations found, as text and as JSON: what weighs most comes first."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bot.replay.difference import LAYERS
from bot.replay.history.found import Changed
from bot.replay.history.tally import BROKE, SHOWN, Tally
from bot.replay.telling import cut, layer_name, lines, many, sums


def as_text(tally: Tally, all_in: Path) -> str:
    """For a person; `all_in` is the file that has every turn."""
    return "\n".join([*_sums(tally), *_turns(tally, all_in)])


def _sums(tally: Tally) -> Iterator[str]:
    yield sums(tally.turns, {layer: count.turns for layer, count in tally.layers.items()})
    broke = tally.layers[BROKE].turns
    if broke:
        yield f"{many(broke, 'turn')} broke down, and the rest of the conversation was not run"
    for reason, (conversations, turns) in sorted(tally.left_out.items()):
        yield f"left out: {many(turns, 'turn')} of {many(conversations, 'conversation')}: {reason}"


def _turns(tally: Tally, all_in: Path) -> Iterator[str]:
    for layer in (BROKE, *LAYERS):
        shown, heaviest = tally.shown(layer), tally.heaviest[layer]
        if not shown:
            continue
        follow = heaviest.after_a_change
        yield ""
        title = "broke down" if layer == BROKE else f"change {layer_name(layer)}"
        weight = "" if layer in (BROKE, LAYERS[0]) else ", and nothing that weighs more"
        yield f"{many(heaviest.turns, 'turn')} {title}{weight}" + (
            f" ({follow:,} after a change)" * bool(follow)
        )
        for turn in shown:
            yield from _turn(turn)
        if heaviest.turns > len(shown):
            yield f"  … and {heaviest.turns - len(shown):,} more, in {all_in}"


def _turn(turn: Changed) -> Iterator[str]:
    after = ", after a change" if turn.after_a_change else ""
    yield f"  {turn.conversation}, turn {turn.turn}, {turn.at}{after}"
    yield f"    › {cut(turn.user)}"
    if turn.broke:
        yield f"    {turn.broke}"
    for line in lines(turn.differences):
        yield f"    {line}"


def as_json(tally: Tally, all_in: Path) -> str:
    """For a program. The same history and the same code give the same bytes."""
    data = {
        "conversations": tally.conversations,
        "turns": tally.turns,
        "changed": tally.changed,
        "broke": asdict(tally.layers[BROKE]),
        "layers": {layer: asdict(tally.layers[layer]) for layer in LAYERS},
        "left_out": {
            reason: {"conversations": conversations, "turns": turns}
            for reason, (conversations, turns) in sorted(tally.left_out.items())
        },
        "shown": [asdict(turn) for layer in (BROKE, *LAYERS) for turn in tally.shown(layer)],
        "shown_at_most": SHOWN,
        "all_in": str(all_in),
    }
    return json.dumps(data, ensure_ascii=False, indent=2)
