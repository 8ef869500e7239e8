"""A session behind an inbox: bursts, edits, and who answers, each in one transaction with its effect.

What a channel took in waits in the inbox until the transaction of its effect: whoever is killed before finds
it waiting again, and nothing has its effect twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot import transcript
from bot.bursts import (
    Again,
    Message,
    bursts,
    joined,
    marks_of,
    place_of,
    says_the_same,
    to_hear_again,
    words_of,
)
from bot.config import SHANGHAI
from bot.dialogue.state import State
from bot.dialogue.turn import Handoff, Turn
from bot.messages import Update
from bot.privacy import each_string, pseudonym
from bot.session import Effect, Mind, Session, at_the_door, load, well_formed, written_before
from bot.store.protocol import NO_TOPIC, ChannelStore, Json, Received, Rerun, StoredEvent, TurnInStore
from bot.transcript import Marks

LOOKED_BACK = 1000
"""Messages back to which an edited one is looked for: what is farther back is edited too late."""


class Takeover(Protocol):
    """Who answers a conversation. Called within a transaction: what it writes is kept with the turn."""

    def goes_to(self, conversation: str, person: str, now: datetime) -> str | None:
        """The target of what the person writes now, `NO_TOPIC` while there is none; None: the bot answers."""

    def hand_over(self, conversation: str, handoff: Handoff, now: datetime) -> None:
        """The bot has handed the conversation over; its turn is written."""


class Reception(Session):
    """A session for a channel with an inbox. `too_late` is said where an edit changes nothing any more."""

    store: ChannelStore

    def __init__(
        self, store: ChannelStore, mind: Mind, takeover: Takeover | None = None, too_late: str = ""
    ) -> None:
        super().__init__(store, mind)
        self._takeover = takeover
        self._too_late = too_late

    def receive(self, channel: str, update_id: int, conversation: str, payload: Json, at: datetime) -> bool:
        """Take an update in, durably; False where its id is known. See `Received` for the payload."""
        payload = each_string(dict(payload), well_formed)
        return self.store.inbox.receive(channel, update_id, pseudonym(conversation), payload, at)

    def handle_received(self, conversation: str, received: Sequence[Received], now: datetime) -> Turn | None:
        """Give them their effect, those that still wait: messages in a row are heard as one.

        An edited message is heard again, with what was said after it, unless something has been decided
        since. Returns the last turn of the bot; None where there was none.
        """
        turn = None
        with self.store.transaction():
            for burst in bursts(self.store.inbox.finish(received)):
                update = self._at_the_door(conversation, burst, now)
                if burst[0].edited and self._unchanged(update, burst[0]):
                    continue  # messengers tell of edits, too, that leave the words as they were
                turn = self._given(update, burst) or turn
                if rest := str(burst[-1].row.payload.get("rest", "")):
                    more = [Message(burst[-1].row, rest)]
                    turn = self._given(self._at_the_door(conversation, more, now), more, more=True) or turn
        return turn

    def _given(self, update: Update, burst: Sequence[Message], *, more: bool = False) -> Turn | None:
        """To staff, or to the dialogue; `more` of an update whose beginning had its effect just now."""
        if (target := self._goes_to(update)) is not None:
            self._to_staff(update, burst, target)
            return None
        return self._hear_edit(update, burst[0]) if burst[0].edited else self._hear(update, burst, more=more)

    def settle(
        self,
        conversation: str,
        received: Sequence[Received],
        events: Iterable[tuple[str, Json]],
        replies: Iterable[Json],
        now: datetime,
    ) -> bool:
        """Give them an effect that the channel has decided on: a command, a picture, a press too late.

        False, and nothing is written, where they had theirs before. Events and replies are stored as they
        are: what a person wrote must be masked in them.
        """
        with self.store.transaction():
            fresh = [Message(row, "") for row in self.store.inbox.finish(received)]
            if fresh:
                with self.store.turn(self._at_the_door(conversation, fresh, now)) as tx:
                    tx.write(_as_it_is(tx), events, replies)
        return bool(fresh)

    def give_up(self, received: Sequence[Received], error: Exception) -> None:
        """They cannot be handled. Only the error's kind is kept: its text may quote what was said."""
        self.store.inbox.give_up(received, type(error).__name__)

    def _at_the_door(self, conversation: str, burst: Sequence[Message], now: datetime) -> Update:
        row = burst[-1].row
        text = joined([message.text for message in burst])
        person = str(row.payload.get("person", conversation))
        date = row.payload.get("date")
        written = datetime.fromtimestamp(date, SHANGHAI) if date is not None else None
        update = at_the_door(
            Update(str(burst[0].row.update_id), conversation, person, row.channel, text, now, written)
        )
        if "address" in row.payload:
            self.store.outbox.set_address(update.conversation, row.channel, str(row.payload["address"]))
        return update

    def _hear(self, update: Update, burst: Sequence[Message], *, more: bool = False) -> Turn | None:
        with self.store.turn(update) as tx:
            if tx.repeated and not more:
                return None
            before, events = load(tx)
            stored = State().to_json() if events else _as_it_is(tx)
            marks = marks_of(burst)
            effect = self.play(tx, update, before, events, marks)
            tx.write(effect.state, effect.events, effect.replies)
        self._keep_for_edits(update, marks, before.turn, stored, effect)
        self._hand_over(update, effect)
        return effect.turn

    def _hear_edit(self, update: Update, edit: Message) -> Turn | None:
        kinds = (transcript.HEARD, transcript.TAKEN_BACK)
        heard = transcript.standing(self.store.events(update.conversation, kinds=kinds, last=LOOKED_BACK))
        place = place_of(heard, edit.id)
        again = to_hear_again(heard[place:], edit, update.now) if place is not None else None
        rerun = self.store.reruns.before(update.conversation, edit.id) if again else None
        before = _state(rerun.state) if rerun else None
        with self.store.turn(update) as tx:
            if again and rerun and before:
                effect = self._hear_again(tx, update, rerun, before, again)
            else:
                tx.write(_as_it_is(tx), [self._note(update, edit, transcript.EDITED)], self._too_late_reply())
                return None
        self._hand_over(update, effect)
        return effect.turn

    def _hear_again(
        self, tx: TurnInStore, update: Update, rerun: Rerun, before: State, again: Sequence[Again]
    ) -> Effect:
        """All that was said since, from the state before; told are the last answer and what is decided.

        All of it happens in the edit's update: buttons that were shown before are of an older one.
        """
        self.store.reruns.undo(update.conversation, rerun.turn)
        back = {"update": update.id, "turn": rerun.turn, "messages": again[0].marks.messages}
        events: list[tuple[str, Json]] = [(transcript.TAKEN_BACK, back)]
        stored, told = rerun.state, []
        for words in again:
            at = written_before(words.at, update.now) if words.at is not None else update.written
            said = replace(update, text=words.text, written=at)
            effect = self.play(tx, said, before, events, words.marks)
            self._keep_for_edits(said, words.marks, before.turn, stored, effect)
            events, before, stored = effect.events, effect.turn.state, effect.state
            last = words is again[-1] or effect.turn.handoff is not None
            told += effect.replies if last or _decides(effect) else []
            if last:
                break
        tx.write(stored, events, told)
        return effect

    def _goes_to(self, update: Update) -> str | None:
        if self._takeover is None:
            return None
        return self._takeover.goes_to(update.conversation, update.person, update.now)

    def _unchanged(self, update: Update, edit: Message) -> bool:
        last = self._last_version(update, edit)
        return last is not None and says_the_same(last, edit)

    def _last_version(self, update: Update, edit: Message) -> StoredEvent | None:
        kinds = (transcript.HEARD, transcript.EDITED, transcript.TO_STAFF)
        events = self.store.events(update.conversation, kinds=kinds, last=LOOKED_BACK)
        return transcript.last_version(events, edit.id)

    def _to_staff(self, update: Update, burst: Sequence[Message], target: str) -> None:
        """What a person of the staff answers goes past the dialogue, message by message.

        While there is no topic it is in the events alone, from which a new topic is filled.
        """
        was = self._heard_before(update, burst[0]) if burst[0].edited else ""
        notes = [self._note(update, message, transcript.TO_STAFF, was) for message in burst]
        with self.store.turn(update) as tx:
            tx.write(_as_it_is(tx), notes, [])
        for _, note in notes if target != NO_TOPIC else ():
            self.store.outbox.post(update.conversation, note["body"], update.now, target)

    def _heard_before(self, update: Update, edit: Message) -> str:
        """What an edited message said to the bot: staff have no message of it that could be answered."""
        last = self._last_version(update, edit)
        return words_of(last, edit.id) if last is not None and last.kind != transcript.TO_STAFF else ""

    def _note(self, update: Update, message: Message, kind: str, was: str = "") -> tuple[str, Json]:
        """A message that the dialogue does not hear, as an event; it is masked as heard ones are."""
        kept = self.store.conversation(update.conversation)
        before = (_state(kept.state) if kept else None) or State()
        said = replace(update, id=str(message.row.update_id), text=message.text)
        understood = self.mind.understand(said.text, said.now, None)
        clean = transcript.cleaner(before, understood, before, None)
        copy = message.row.payload.get("copy")
        return transcript.noted_event(kind, said, marks_of([message]), clean, copy=copy, was=was)

    def _too_late_reply(self) -> list[Json]:
        return [{"text": self._too_late, "buttons": []}] if self._too_late else []

    def _keep_for_edits(self, update: Update, marks: Marks, turn: int, stored: Json, effect: Effect) -> None:
        if _decides(effect):
            self.store.reruns.decided(update.conversation)
        else:
            messages = [message for message in marks.messages if message]
            self.store.reruns.keep(update.conversation, messages, turn, stored, update.now)

    def _hand_over(self, update: Update, effect: Effect) -> None:
        if self._takeover is not None and effect.turn.handoff is not None:
            self._takeover.hand_over(update.conversation, effect.turn.handoff, update.now)


def _decides(effect: Effect) -> bool:
    return effect.turn.outcome is not None or effect.turn.handoff is not None


def _as_it_is(tx: TurnInStore) -> Json:
    return tx.conversation.state if tx.conversation is not None else State().to_json()


def _state(stored: Json) -> State | None:
    """The state; None where it is of another version of this program."""
    try:
        return State.from_json(stored)
    except (TypeError, KeyError, AttributeError):
        return None
