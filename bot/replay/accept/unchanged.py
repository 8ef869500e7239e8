"""The proof that a rewritten file says what was accepted, and for the rest what it said before."""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.replay.accept.expectation import CannotAcceptError
from bot.replay.compare import Failure, compare
from bot.replay.runner import Result
from bot.replay.suite import Dialogue

_REFUSED = "cannot be rewritten without changing something else (an alias?)"


def prove(
    before: Sequence[Dialogue],
    after: Sequence[Dialogue],
    results: Iterable[Result],
    accepted: Iterable[tuple[str, Failure]],
) -> None:
    """Raises `CannotAcceptError` unless the dialogues differ in the accepted values alone, which hold now.

    `accepted` are failures with their dialogues' names.
    """
    taken = {(name, failure.turn, failure.key) for name, failure in accepted}
    heads = {(name, turn, key.partition(".")[0]) for name, turn, key in taken}
    if [_without(d, heads) for d in before] != [_without(d, heads) for d in after]:
        raise CannotAcceptError(_REFUSED)
    by_name = {dialogue.name: dialogue for dialogue in after}
    for result in results:
        name = result.dialogue.name
        known = {(failure.turn, failure.key) for failure in result.failures}
        turns = by_name[name].turns
        for played in result.played:
            for failure in compare(played.number, turns[played.number - 1], played.answer):
                place = (failure.turn, failure.key)
                if place not in known or (name, *place) in taken:
                    raise CannotAcceptError(_REFUSED)


def _without(dialogue: Dialogue, heads: set[tuple[str, int, str]]) -> tuple[Any, ...]:
    """All that the dialogue says, without lines and without the values under these keys of its turns."""
    turns = [
        (
            *(turn.user, turn.after, turn.now),
            [
                (expected.key, None if (dialogue.name, number, expected.key) in heads else expected.value)
                for expected in turn.expected
            ],
        )
        for number, turn in enumerate(dialogue.turns, start=1)
    ]
    return (dialogue.name, dialogue.now, dialogue.channel, dialogue.orders, dialogue.xfail, turns)
