"""One stored conversation, run again from its beginning: what differs, and what could not be run."""

from dataclasses import dataclass, field

from bot.dialogue.order import Order
from bot.replay.difference import Difference
from bot.replay.history.found import BLURRED, CUT, LOST_ORDER, PURGED, Changed
from bot.replay.history.talk import Talk
from bot.replay.record.said import SaidTurn, turns
from bot.replay.record.stored import stored_turns
from bot.session import Mind
from bot.store.protocol import Conversation, Store


@dataclass(slots=True)
class Rerun:
    """What running one conversation again showed."""

    turns: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    """Turns that could not be run, by the reason."""
    changed: list[Changed] = field(default_factory=list)


def run_again(conversation: Conversation, history: Store, mind: Mind) -> Rerun:
    """Run a stored conversation from its beginning, or from where its state was dropped, and compare.

    Turns whose state cannot be known are left out: those after a gap, say, up to the next new state. A turn
    that breaks down ends the conversation.
    """
    events = list(history.events(conversation.id))
    stored = stored_turns(events, conversation.created)
    said = turns(events, mind.understand, conversation.created)
    orders = _orders(said, history)
    rerun = Rerun()
    talk: Talk | None = None
    missing = PURGED
    for number, (turn, then) in enumerate(zip(said, stored, strict=True), start=1):
        if turn.fresh:
            talk = Talk(mind, orders, conversation.channel)
        lost = _lost(turn, orders)
        if lost is not None:
            talk, missing = None, lost
        found: tuple[Difference, ...] | None = None
        broke: str | None = None
        if talk is not None:
            try:
                found = talk.hear(turn, then.heard, then.answer or {})
            except Exception as error:  # a broken turn is a finding; the other conversations still run
                found, broke = (), f"{type(error).__name__}: {error}"
            if found is None:
                talk, missing = None, BLURRED
        if found is None:
            rerun.left_out[missing] = rerun.left_out.get(missing, 0) + 1
            continue
        rerun.turns += 1
        if found or broke:
            text, at = str(then.heard.get("text", "")), then.at.isoformat()
            rerun.changed.append(
                Changed(conversation.id, number, at, text, bool(rerun.changed), found, broke)
            )
        if broke:
            break
    return rerun


def _lost(turn: SaidTurn, orders: dict[str, Order]) -> str | None:
    """Why the conversation cannot be run from this turn on, if so."""
    if turn.gap:
        return PURGED
    if turn.cut and "length" not in turn.heard:  # an old event, which lacks the end of the message
        return CUT
    look_up = turn.look_up
    unknown = look_up is not None and look_up.status == "found" and look_up.order_id not in orders
    return LOST_ORDER if unknown else None


def _orders(said: list[SaidTurn], history: Store) -> dict[str, Order]:
    """The orders that were shown, by number; today's where an old event does not hold them."""
    found: dict[str, Order] = {}
    for look_up in (turn.look_up for turn in said if turn.look_up and turn.look_up.status == "found"):
        order = look_up.order or history.order(look_up.order_id)
        if order is not None:
            found[look_up.order_id] = order
    return found
