"""The sum over all batches: every turn is counted, and the first few of each layer are kept to be shown."""

from dataclasses import dataclass, field

from bot.replay.difference import LAYERS
from bot.replay.history.found import Batch, Changed

BROKE = "broke"
"""Stands before the layers: turns in which today's bot breaks down."""
SHOWN = 10
"""Turns of a layer that a report shows; the progress file has all."""


@dataclass(slots=True)
class Count:
    """Turns that change something, and how many of them come after another change."""

    turns: int = 0
    after_a_change: int = 0


@dataclass(slots=True)
class Tally:
    """Grows by a batch at a time and stays small, whatever changes.

    The same batches, in their order, give the same tally however they were cut.
    """

    conversations: int = 0
    turns: int = 0
    changed: int = 0
    """Turns with any difference."""
    left_out: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Conversations, and their turns, that could not be run, by the reason."""
    layers: dict[str, Count] = field(default_factory=lambda: {layer: Count() for layer in (BROKE, *LAYERS)})
    """Turns that change something of a layer; one turn may count in several."""
    heaviest: dict[str, Count] = field(default_factory=lambda: {layer: Count() for layer in (BROKE, *LAYERS)})
    """Turns whose heaviest change is of a layer: each counts once."""
    _causes: dict[str, list[Changed]] = field(default_factory=dict)
    _followers: dict[str, list[Changed]] = field(default_factory=dict)

    def add(self, batch: Batch) -> None:
        """Count a batch in."""
        self.conversations += batch.conversations
        self.turns += batch.turns
        for reason, (conversations, turns) in batch.left_out.items():
            before = self.left_out.get(reason, (0, 0))
            self.left_out[reason] = (before[0] + conversations, before[1] + turns)
        for turn in batch.changed:
            self._add(turn)

    def _add(self, turn: Changed) -> None:
        self.changed += 1
        touched = {BROKE} if turn.broke else {difference.layer for difference in turn.differences}
        heaviest = min(touched, key=(BROKE, *LAYERS).index)
        for count in (self.heaviest[heaviest], *(self.layers[layer] for layer in touched)):
            count.turns += 1
            count.after_a_change += turn.after_a_change
        kept = (self._followers if turn.after_a_change else self._causes).setdefault(heaviest, [])
        if len(kept) < SHOWN:
            kept.append(turn)

    def shown(self, layer: str) -> list[Changed]:
        """The turns to show whose heaviest change is of this layer: first causes before what followed."""
        return [*self._causes.get(layer, ()), *self._followers.get(layer, ())][:SHOWN]

    def fails(self, layers: frozenset[str]) -> bool:
        """Whether a turn breaks down, or one of these layers changes."""
        return self.layers[BROKE].turns > 0 or any(self.layers[layer].turns for layer in layers)
