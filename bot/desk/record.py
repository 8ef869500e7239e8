"""What every action at the desk has in common: the move, the event it leaves, and the words it queues."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.desk.buttons import Row
from bot.desk.card import Card
from bot.desk.transitions import transition
from bot.desk.wording import say
from bot.dialogue.script import in_script
from bot.privacy import each_string, mask
from bot.store.protocol import NO_TOPIC, PERSON, ChannelStore, Desk, Json
from bot.transcript import AGENT_WROTE, CLAIMED, HANDED_OFF, QUEUED, SHOWN, TO_STAFF

MOST_PICTURES = 10
"""Pictures that staff are shown with a hand-off."""
OPEN = frozenset({"queued", "human"})
"""States in which a desk has a topic, or is about to have one."""
SHOWN_ANYWAY = frozenset({"card", "edit", "topic", "said", "agent"})
"""Keys of what a new topic shows of itself, or of what makes no sense there."""


class Record:
    """Writes for the desk. Every method belongs into a transaction that the caller holds."""

    def __init__(self, store: ChannelStore) -> None:
        self._store = store

    def move(
        self, desk: Desk, event: str, now: datetime, data: Json | None = None, **changes: object
    ) -> Desk | None:
        """Do what the table says and write it down; None, and nothing done, where it has no row for it.

        None also where the desk is no longer as it was read.
        """
        row = transition(desk.state, event)
        if row is None:
            return None
        if row.to != desk.state:
            changes = {"reminded": 0, "snoozed_until": None, **changes}
        if row.claims:
            changes["epoch"] = desk.epoch + 1
        moved = self._store.desks.move(desk.conversation, desk.state, desk.epoch, row.to, **changes)
        if moved is None:
            return None
        if row.kind == TO_STAFF:
            return moved
        told = {"from": desk.state, "to": row.to, "epoch": moved.epoch, **(data or {})}
        self._store.record(desk.conversation, [(row.kind, each_string(told, mask))], now)
        if row.claims:
            self._store.desks.keep_agents_words(desk.conversation, moved.epoch)
            self._store.outbox.drop_before(desk.conversation, moved.epoch)
        if moved.topic is None and moved.state not in OPEN:
            self._store.outbox.take_along(desk.conversation, PERSON)  # no topic is made for it any more
        return moved

    def set(self, desk: Desk, **changes: object) -> Desk:
        """Change fields that are no event of the conversation."""
        moved = self._store.desks.move(desk.conversation, desk.state, desk.epoch, desk.state, **changes)
        assert moved is not None, "read and written in one transaction"
        return moved

    def to_person(self, desk: Desk, text: str, now: datetime, keyboard: list[Row] | None = None) -> int:
        """Queue the desk's own words for the person, in the script that they write."""
        body: dict[str, Any] = {"text": self.in_script(desk.conversation, text)}
        if keyboard:
            body["keyboard"] = [
                [[self.in_script(desk.conversation, label), data] for label, data in row] for row in keyboard
            ]
        return self._store.outbox.post(desk.conversation, body, now)

    def to_staff(self, desk: Desk, text: str, now: datetime, keyboard: list[Row] | None = None) -> None:
        """Queue words for the conversation's topic."""
        self.show(desk, {"text": text, **({"keyboard": keyboard} if keyboard else {})}, now)

    def show(self, desk: Desk, body: Mapping[str, Any], now: datetime) -> None:
        """Queue a message for the conversation's topic, or for the one that will be made, see `topic_made`.

        Nothing where none will be, nor what a new topic shows anyway.
        """
        target = self.topic(desk)
        if target != NO_TOPIC or (desk.state in OPEN and not SHOWN_ANYWAY & body.keys()):
            self._store.outbox.post(desk.conversation, body, now, target)

    @staticmethod
    def topic(desk: Desk) -> str:
        """The target that is the desk's topic; `NO_TOPIC` while it has none."""
        return NO_TOPIC if desk.topic is None else f"staff:{desk.staff_chat}:{desk.topic}"

    def to_all_staff(self, desk: Desk, text: str, now: datetime) -> None:
        """Queue words for the staff group at large."""
        self._store.outbox.post(desk.conversation, {"text": text}, now, f"staff:{desk.staff_chat}:")

    def mark(self, desk: Desk, message: int, now: datetime) -> None:
        """Queue a mark under a message of the staff group: it is dealt with."""
        self._store.outbox.post(desk.conversation, {"mark": message}, now, f"staff:{desk.staff_chat}:")

    def show_what_was_said(self, desk: Desk, now: datetime) -> None:
        """Queue for a new topic what person and staff have written since the hand-off, as it was stored."""
        since = last_seq(self._store, desk.conversation, QUEUED)
        kinds, names = (CLAIMED, TO_STAFF, AGENT_WROTE), dict[str, str]()
        for event in self._store.events(desk.conversation, kinds=kinds, after=since):
            if event.kind == CLAIMED:
                names[event.data["by"]] = event.data["name"]
                continue
            of_agent = event.kind == AGENT_WROTE
            name = names.get(event.data["by"]) or say("card.staff") if of_agent else ""
            self.show(desk, self._of_agent(event.data, name) if of_agent else event.data["body"], now)

    def _of_agent(self, data: Json, name: str) -> Json:
        """What an agent said, under their name, for a topic that has none of it.

        A picture is taken from the person, who has it: what stood in a topic that was deleted went with it.
        """
        body, words = data["body"], say("staff.said", agent=name, text=data["text"])
        if "copy" not in body or (data["text"] and "caption" not in body):
            return {"text": words, "plain": True, "agent": data["by"]}
        copy = body["copy"]
        shown = self._store.desks.mirrored(str(copy["chat"]), body.get("staff_message", copy["message"]))
        if shown is not None and shown.person_message is not None:
            address = self._store.outbox.address(shown.conversation) or copy["chat"]
            copy = {"chat": int(address), "message": shown.person_message}
        return {"copy": copy, "caption": words, "agent": data["by"]}

    def show_pictures(self, desk: Desk, now: datetime) -> None:
        """Queue the last pictures and the like that the person showed the bot before staff came in."""
        shown: list[Json] = []
        before: list[Json] = []
        for event in self._store.events(desk.conversation, kinds=(SHOWN, QUEUED, CLAIMED)):
            if event.kind == SHOWN and "body" in event.data:
                shown.append(event.data["body"])
            elif event.kind == QUEUED or (event.kind == CLAIMED and event.data["from"] in {"bot", "closed"}):
                shown, before = [], shown[-MOST_PICTURES:]
        for body in before:
            self.show(desk, body, now)

    def show_elsewhere(self, desk: Desk, body: Json, now: datetime) -> None:
        """Queue for a new topic what waited for another one; not what the new one shows anyway.

        That is the card, and what person and staff have said; a topic or card that is gone cannot be changed.
        """
        if not SHOWN_ANYWAY & body.keys():
            self.show(desk, {key: value for key, value in body.items() if key != "reply_to"}, now)

    def in_script(self, conversation: str, text: str) -> str:
        """The text in the script that the conversation's person writes."""
        found = self._store.conversation(conversation)
        return in_script(text, found.state.get("script", "hans") if found else "hans")


def last_card(store: ChannelStore, conversation: str) -> Card:
    """The card of the conversation's last hand-off; an empty one where the bot never handed it over."""
    handed_off = next(store.events(conversation, kinds=(HANDED_OFF,), last=1), None)
    card: Card = handed_off.data["card"] if handed_off else {}
    return card


def last_seq(store: ChannelStore, conversation: str, kind: str) -> int:
    """The number of the conversation's last event of a kind; 0 where there is none."""
    found = next(store.events(conversation, kinds=(kind,), last=1), None)
    return found.seq if found else 0
