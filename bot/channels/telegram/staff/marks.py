"""What became of messages, shown to the staff: a mark where one arrived, words where it did not."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.telegram.errors import Fault
from bot.channels.telegram.requests import Place, number_of
from bot.channels.telegram.staff.topics import group_moved
from bot.desk.card import topic_title
from bot.desk.case import case_body, show_again
from bot.desk.desk import StaffDesk
from bot.desk.record import Record, last_card
from bot.desk.wording import say
from bot.store.protocol import PERSON, ChannelStore, Desk, Mirror, Outgoing

UNREACHABLE = "shell.unreachable"
"""Kind of the event that tells that staff have heard that a person has blocked the bot, or is gone."""
TOLD_AGAIN = timedelta(hours=1)
"""After so long staff are told again that the bot may not write somewhere."""
_GONE = re.compile("not found|message_id_invalid", re.IGNORECASE)
"""How the Bot API says that there is no such message, or none any more."""
_SERVER = re.compile(r"^Telegram server says - |^(?:Bad Request|Forbidden): ")
_CARD_GONE = re.compile(
    r"message to edit not found|message can't be edited|MESSAGE_ID_INVALID", re.IGNORECASE
)


class Marks:
    """The sender's reports. Called in the store's thread."""

    def __init__(self, store: ChannelStore, desk: StaffDesk, now: Callable[[], datetime]) -> None:
        self._store, self._desk, self._now = store, desk, now
        self._record = Record(store)
        self._mute: dict[Place, datetime] = {}
        """Where the bot may not write, and when staff were told."""

    def arrived(self, message: Outgoing, at: Place, ids: tuple[int, ...]) -> None:
        """Telegram took it."""
        if message.target == PERSON and "staff_message" not in message.body:
            return
        with self._store.transaction():
            desk = self._store.desks.desk(message.conversation)
            if desk is not None and message.target == PERSON:
                self._arrived_at_person(message, desk, ids)
            elif desk is not None and not {"edit", "mark"} & message.body.keys():
                self._arrived_at_staff(message, desk, at, ids)

    def trouble(self, message: Outgoing, at: Place | None, fault: Fault) -> None:
        """It will not arrive, or needs help to."""
        desk = self._store.desks.desk(message.conversation)
        if desk is None or fault.meaning == "locked_out":
            return
        if message.target != PERSON:
            self._trouble_at_staff(message, desk, at, fault)
            return
        gone = fault.meaning == "blocked"
        lost = [message, *(self._store.unsent(message.conversation) if gone else ())]
        of_agents = [each.body["staff_message"] for each in lost if "staff_message" in each.body]
        for said in of_agents:
            self._tell(desk, self._why(fault), said)
        if gone and desk.state in {"queued", "human"} and self._first_heard_of(desk) and not of_agents:
            self._tell(desk, self._why(fault), None)

    def _arrived_at_person(self, message: Outgoing, desk: Desk, ids: tuple[int, ...]) -> None:
        if desk.staff_chat is not None:
            said = message.body["staff_message"]
            first = ids[0] if ids else None
            self._store.desks.mirror(Mirror(desk.staff_chat, said, message.conversation, first))
            self._record.mark(desk, said, self._now())

    def _arrived_at_staff(self, message: Outgoing, desk: Desk, at: Place, ids: tuple[int, ...]) -> None:
        said = number_of(message.body)
        for number in ids:
            self._store.desks.mirror(Mirror(str(at.chat), number, message.conversation, said))
        if message.body.get("card") and ids and at.topic == desk.topic:
            self._new_card(message, desk, ids[-1])

    def _new_card(self, message: Outgoing, desk: Desk, number: int) -> None:
        """The buttons of the card before go, and what happened on the way to the new one is shown on it."""
        before = desk.card_message
        desk = self._record.set(desk, card_message=number)
        if before is not None and before != number:
            self._record.show(desk, {"edit": before, "keyboard": []}, message.at)
        if case_body(self._store, desk) != dict(message.body):
            show_again(self._store, desk, self._now())
        if before is not None and (desk.topic or 0) > 0 and desk.state != "closed":
            title = topic_title(desk, last_card(self._store, desk.conversation))
            for change in ({"topic": "reopen"}, {"topic": "rename", "name": title}):
                self._record.show(desk, change, message.at)

    def _trouble_at_staff(self, message: Outgoing, desk: Desk, at: Place | None, fault: Fault) -> None:
        if at is not None and fault.meaning in {"topic_gone", "moved"}:
            self._place_gone(message, desk, at, fault)
        elif fault.meaning == "mute" and at is not None and at.topic is not None:
            self._tell_all(desk, at, fault)
        elif fault.meaning == "refused" and "mark" in message.body:
            if not _GONE.search(fault.error):
                # The group allows no such reaction: it is written instead.
                body = {"text": say("staff.delivered"), "reply_to": message.body["mark"]}
                self._record.show(desk, body, self._now())
        elif fault.meaning == "refused" and message.body.get("edit") == desk.card_message is not None:
            if _CARD_GONE.search(fault.error):  # staff deleted it, and with it the buttons
                bare = self._record.set(desk, card_message=None)
                self._record.show(bare, case_body(self._store, bare), self._now())
        elif fault.meaning == "refused" and "copy" in message.body:
            key = "staff.own_not_copied" if "agent" in message.body else "staff.not_copied"
            self._tell(desk, say(key, error=_plain(fault.error)), None)
        elif fault.meaning == "refused" and {"said", "card"} & message.body.keys():
            self._tell(desk, say("staff.not_shown", error=_plain(fault.error)), None)

    def _tell_all(self, desk: Desk, at: Place, fault: Fault) -> None:
        """All staff are told where the bot may still write: beside a closed topic, or in the other groups."""
        closed, now = "topic_closed" in fault.error.lower(), self._now()
        mute = at if closed else Place(at.chat)
        if mute in self._mute and now - self._mute[mute] < TOLD_AGAIN:
            return
        self._mute[mute] = now
        words = say("staff.mute", number=desk.number, error=_plain(fault.error))
        for chat in self._desk.groups:
            if closed or chat != str(at.chat):
                body = {"text": words, "plain": True}
                self._store.outbox.post(desk.conversation, body, now, f"staff:{chat}:")

    def _place_gone(self, message: Outgoing, desk: Desk, at: Place, fault: Fault) -> None:
        """What waits is kept for the topic that is made next, if one is; see `StaffDesk.topic_made`."""
        if fault.meaning == "moved":
            group_moved(self._desk, at.chat, fault.chat)
        elif at.topic is not None:
            self._desk.topic_lost(message.conversation, at.topic)
        now = self._store.desks.desk(message.conversation) or desk
        if at.topic is not None and (now.topic is not None or now.state not in {"queued", "human"}):
            self._store.outbox.fail(message.seq, fault.error)

    def _first_heard_of(self, desk: Desk) -> bool:
        """Whether staff hear for the first time since the person's last word that they cannot be reached."""
        known, now = self._store.conversation(desk.conversation), self._now()
        heard_at = known.updated if known else now
        told = next(self._store.events(desk.conversation, kinds=(UNREACHABLE,), last=1), None)
        if told is not None and told.at >= heard_at:
            return False
        self._store.record(desk.conversation, [(UNREACHABLE, {})], now)
        return True

    def _tell(self, desk: Desk, words: str, answered: int | None) -> None:
        body = {"text": words, "plain": True, **({"reply_to": answered} if answered else {})}
        self._record.show(desk, body, self._now())

    @staticmethod
    def _why(fault: Fault) -> str:
        if fault.meaning == "blocked":
            return say("staff.blocked")
        return say("staff.not_delivered", error=_plain(fault.error))


def _plain(error: str) -> str:
    return _SERVER.sub("", _SERVER.sub("", error))[:120]
