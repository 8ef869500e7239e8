"""What staff say to a person through the desk, and who is not listened to."""

from datetime import datetime

from bot.desk.case import show_again
from bot.desk.record import Record
from bot.desk.result import Agent, Done, Refused, refused
from bot.desk.wording import say
from bot.store.protocol import ChannelStore, Desk, Json, Mirror
from bot.transcript import AGENT_WROTE, BANNED, NOTED, UNBANNED

INTERNAL = ("//", "／／")
"""How a line begins that staff write for each other."""


class DeskTalk:
    """Passes the words of the agent who claimed on to the person."""

    def __init__(self, store: ChannelStore) -> None:
        self._store = store
        self._record = Record(store)

    def agent_wrote(
        self,
        conversation: str,
        agent: Agent,
        text: str,
        now: datetime,
        *,
        copy: Json | None = None,
        message: int | None = None,
    ) -> Done | Refused:
        """Pass on what the agent who claimed writes; lines that begin with // stay among the staff.

        Where nothing but such lines is there, they become a note, whoever wrote them. Refused is whoever has
        not claimed. `message` is the staff group's, for a mark when it has arrived; `copy` names it where it
        holds more than words. The words go as they are here, not as they read when they are sent: whoever
        wrote them may change them until then, and nobody would have looked at them.
        """
        words = for_person(text)
        with self._store.transaction():
            desk = self._store.desks.desk(conversation)
            if desk is None:
                return refused("no_desk")
            if text.strip() and not words:
                noted = self._record.move(desk, "note", now, {"by": agent.id, "text": text})
                return Done(self._written(noted), NOTED)
            if desk.state != "human":
                return refused("nobody", desk)
            if desk.agent != agent.id:
                return refused("not_claimer", desk)
            words_as_sent = {"copy": dict(copy), "caption": words} if copy else {"text": words, "plain": True}
            body = {**words_as_sent, "agent": agent.id}
            if message is not None:
                body["staff_message"] = message
                if desk.staff_chat is not None:  # known from now on, for whoever edits or answers it
                    self._store.desks.mirror(Mirror(desk.staff_chat, message, conversation, None))
            data = {"by": agent.id, "text": words, "body": body}
            moved = self._record.move(
                desk, "agent_wrote", now, data, agent_at=now, person_at=None, reminded=0, snoozed_until=None
            )
            sent = self._store.outbox.post(conversation, body, now)
            return Done(self._written(moved), AGENT_WROTE, sent)

    def ban(self, conversation: str, agent: Agent, now: datetime) -> Done | Refused:
        """Nothing that the person writes is taken in any more; the case is closed without a word."""
        return self._shut(conversation, agent, now, banned=True)

    def unban(self, conversation: str, agent: Agent, now: datetime) -> Done | Refused:
        """The person is listened to again."""
        return self._shut(conversation, agent, now, banned=False)

    def _shut(self, conversation: str, agent: Agent, now: datetime, *, banned: bool) -> Done | Refused:
        with self._store.transaction():
            desk, known = self._store.desks.desk(conversation), self._store.conversation(conversation)
            if desk is None or known is None:
                return refused("no_desk")
            if banned and desk.state == "human" and desk.agent != agent.id:
                return refused("not_claimer", desk)
            desks, event = self._store.desks, "ban" if banned else "unban"
            changed = desks.ban(known.person, agent.id, now) if banned else desks.unban(known.person)
            if not changed:
                return refused("already", desk)
            for of_theirs in desks.of_person(known.person) if banned else ():
                self._silence(of_theirs)
            gone = (
                {"agent": None, "agent_name": None, "claimed_at": None, "person_at": None} if banned else {}
            )
            moved = self._written(self._record.move(desk, event, now, {"by": agent.id}, **gone))
            self._record.to_staff(moved, say(f"staff.{event}ned", agent=agent.name), now)
            show_again(self._store, moved, now)
            return Done(moved, BANNED if banned else UNBANNED)

    def _silence(self, desk: Desk) -> None:
        """The bot says nothing more there of what it had still to say; an agent's words stay."""
        self._store.desks.keep_agents_words(desk.conversation, desk.epoch + 1)
        self._store.outbox.drop_before(desk.conversation, desk.epoch + 1)
        self._store.timers.drop_timers(desk.conversation)

    @staticmethod
    def _written(moved: Desk | None) -> Desk:
        assert moved is not None, "the table has the event, and it was read in this transaction"
        return moved


def for_person(text: str) -> str:
    """What of an agent's message is for the person: without the lines that begin with //."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith(INTERNAL))
    return "\n".join(lines).strip()
