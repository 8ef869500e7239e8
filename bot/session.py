"""One message from the door to the commit: claim, load, understand, look up, step, write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import transcript
from bot.config import SHANGHAI
from bot.dialogue.expecting import expected
from bot.dialogue.order import OrderQuery
from bot.dialogue.state import State
from bot.dialogue.turn import Handoff, Heard, Reply, Turn
from bot.messages import Update
from bot.orders.lookup import look_up
from bot.privacy import conceal, pseudonym
from bot.store.protocol import Json, Store, TurnInStore
from intents.understanding import Understanding

TRANSCRIPT_EVENTS = 60
"""Events that a hand-off's card carries at most."""
A_MOMENT = timedelta(minutes=1)
"""So much later a message may be heard than it was written, as if at once."""


@dataclass(frozen=True, slots=True)
class Mind:
    """The three pure functions that make up the bot's answer."""

    understand: Callable[[str, datetime, str | None], Understanding]
    order_query: Callable[[State, Understanding], OrderQuery | None]
    step: Callable[[State, Heard, datetime], Turn]


@dataclass(frozen=True, slots=True)
class Effect:
    """A turn, and what is stored of it: nothing in `state`, `events` and `replies` gives anybody away."""

    turn: Turn
    state: Json
    events: list[tuple[str, Json]]
    replies: list[Json]


class Session:
    """The shell around the dialogue. One turn is one transaction: all of it is kept, or none."""

    def __init__(self, store: Store, mind: Mind) -> None:
        self.store = store
        self.mind = mind

    def handle(self, update: Update) -> Turn | None:
        """Answer an update, or None where its id was taken before: it has no second effect.

        The turn returned is what the channel shows; what is stored of it is masked.
        """
        update = at_the_door(update)
        with self.store.turn(update) as tx:
            if tx.repeated:
                return None
            before, events = load(tx)
            effect = self.play(tx, update, before, events)
            tx.write(effect.state, effect.events, effect.replies)
        return effect.turn

    def play(
        self,
        tx: TurnInStore,
        update: Update,
        before: State,
        earlier: Sequence[tuple[str, Json]] = (),
        marks: transcript.Marks | None = None,
    ) -> Effect:
        """Hear an update and decide, with the store only read: what the turn is to write.

        `earlier` are events to be written before this turn's; `marks` go into the event that tells what was
        heard.
        """
        said = self._read(update, before)
        query = self.mind.order_query(before, said)
        answer = look_up(tx, query, update.person, update.now) if query else None
        turn = self.mind.step(before, Heard(said, answer), update.now)
        clean = transcript.cleaner(before, said, turn.state, query)
        events = [*earlier, transcript.heard_event(update, said, clean, (before, turn.state), marks)]
        if query and answer:
            events.append(transcript.looked_up_event(query, answer, clean))
        events += [(event.kind, clean.data(dict(event.data))) for event in turn.events]
        answered = transcript.answered_event(update, turn, clean)
        if turn.handoff:
            card = _full_card(turn.handoff, tx, [*events, answered])
            turn = replace(turn, handoff=card)
            events.append(
                (transcript.HANDED_OFF, clean.data({"reason": card.reason, "card": dict(card.card)}))
            )
        events.append(answered)
        return Effect(turn, transcript.stored_state(turn.state, clean), events, answered[1]["replies"])

    def _read(self, update: Update, before: State) -> Understanding:
        """What the message says without what may not be kept: so what is stored was all there was."""
        text = update.text
        while True:
            said = self.mind.understand(text, update.written or update.now, expected(before, text))
            if (read := conceal(text, transcript.known_orders(said, before))) == text:
                return said
            text = read

    def earlier_replies(self, update: Update) -> tuple[Reply, ...]:
        """What was answered to an update that has been handled before, as stored."""
        update = at_the_door(update)
        for event in self.store.events(update.conversation):
            if event.kind == transcript.ANSWERED and event.data["update"] == update.id:
                return tuple(Reply(r["text"], tuple(r["buttons"])) for r in event.data["replies"])
        return ()

    def delivered(self, conversation: str) -> None:
        """The channel has shown all that was waiting for this conversation."""
        self.store.mark_sent(self.store.unsent(pseudonym(conversation)))


def at_the_door(update: Update) -> Update:
    """Well-formed text (no lone surrogates), Shanghai's clock, and names that give nobody away."""
    now = update.now.astimezone(SHANGHAI)
    return replace(
        update,
        text=well_formed(update.text),
        now=now,
        written=written_before(update.written, now),
        conversation=pseudonym(update.conversation),
        person=pseudonym(update.person),
    )


def written_before(written: datetime | None, now: datetime) -> datetime | None:
    """When it was written, in Shanghai; None where that is now, as good as: the same minute, the same day."""
    at = written.astimezone(SHANGHAI) if written is not None else now
    return at if at < now and (now - at >= A_MOMENT or at.date() != now.date()) else None


def well_formed(text: str) -> str:
    """The text without lone surrogates, which no file takes."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def load(tx: TurnInStore) -> tuple[State, list[tuple[str, Json]]]:
    """The state; a new one, and an event that says so, where the stored one is of another version."""
    if tx.conversation is None:
        return State(), []
    try:
        return State.from_json(tx.conversation.state), []
    except (TypeError, KeyError, AttributeError) as error:
        return State(), [(transcript.STATE_DROPPED, {"why": str(error)})]


def _full_card(handoff: Handoff, tx: TurnInStore, now: list[tuple[str, Json]]) -> Handoff:
    """The hand-off with what was said so far, masked, on its card."""
    before = [(event.kind, event.data) for event in tx.recent_events(TRANSCRIPT_EVENTS)]
    return replace(handoff, card={**handoff.card, "transcript": transcript.lines([*before, *now])})
