"""The desk's actions: each is one transaction that checks, compares and sets, writes down, and queues words.

Conversations are named as they are stored (`bot.privacy.pseudonym`). An action inside of a turn joins the
turn's transaction.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.desk.buttons import claim_row, rating_row, waiting_row
from bot.desk.case import case_body, show_again
from bot.desk.groups import StaffGroups
from bot.desk.hours import Hours
from bot.desk.record import Record
from bot.desk.result import Agent, Done, Refused, refused
from bot.desk.waiting import ahead_of, lightest
from bot.desk.wording import clock_words, closed_words, say
from bot.store.protocol import ChannelStore, Desk
from bot.transcript import CLAIMED, CLOSED, NOTED, RATED, RELEASED, REOPENED, SNOOZED, WITHDRAWN

Result = Done | Refused


class StaffDesk:
    """Takes conversations in, gives them to staff, and back."""

    def __init__(self, store: ChannelStore, chats: Iterable[int | str], hours: Hours) -> None:
        """`chats` are the staff groups that share the conversations; ValueError where there is none."""
        self.groups = StaffGroups(chats)
        self.hours = hours
        self._store = store
        self._record = Record(store)
        self._unreachable: dict[str, datetime] = {}
        """Groups in which nothing can be written, and until when they are left alone."""

    def queue(self, conversation: str, reason: str, now: datetime) -> Desk:
        """The bot hands over: in the turn's transaction, after its events and replies were written."""
        with self._store.transaction():
            desk = self._store.desks.open(conversation, "bot", staff_chat=self._chat_for(None, now))
            chat = self._chat_for(desk, now)
            moved = self._record.move(
                desk,
                "queue",
                now,
                {"reason": reason},
                staff_chat=chat,
                **({} if desk.staff_chat == chat else {"topic": None, "card_message": None}),
                reason=reason,
                queued_at=now,
                person_at=now,
                rating=None,
                rating_asked=None,
            )
            if moved is None:
                return desk
            self._record.to_person(moved, self._place(moved, now), now, waiting_row(moved))
            self._show_card(moved, now)
            self._record.show_pictures(moved, now)
            return moved

    def withdraw(self, conversation: str, now: datetime) -> Result:
        """The person waits no longer and goes back to the bot."""
        with self._store.transaction():
            desk = self._store.desks.desk(conversation)
            if desk is None:
                return refused("no_desk")
            moved = self._record.move(desk, "withdraw", now, **_nobody())
            if moved is None:
                return refused("not_now", desk)
            self._record.to_person(moved, say("person.withdrawn"), now)
            self._record.to_staff(moved, say("staff.withdrawn"), now)
            show_again(self._store, moved, now)
            return Done(moved, WITHDRAWN)

    def place(self, conversation: str, now: datetime) -> str | None:
        """The person's place in the queue, in words; None where they do not wait in it."""
        desk = self._store.desks.desk(conversation)
        if desk is None or desk.state != "queued":
            return None
        return self._record.in_script(conversation, self._place(desk, now))

    def claim(self, conversation: str, agent: Agent, now: datetime) -> Result:
        """Take it. Of two at once one gets it, the other is told who has it.

        What was offered because its agent is silent may be taken from them. Whatever the bot still had queued
        for the person is dropped, so that it does not talk over the agent; an agent's words stay.
        """
        with self._store.transaction():
            desk = self._store.desks.desk(conversation)
            if desk is None:
                return refused("no_desk")
            before = desk.agent_name if desk.state == "human" else None
            if desk.state == "human" and desk.agent == agent.id:
                return refused("yours", desk)
            if desk.state == "human" and not desk.reminded:
                return refused("taken", desk)
            moved = self._record.move(
                desk,
                "take_over" if desk.state == "human" else "claim",
                now,
                {"by": agent.id, "name": agent.name, "before": before},
                agent=agent.id,
                agent_name=agent.name,
                reason=desk.reason if desk.state in {"queued", "human"} else "staff",
                claimed_at=now,
                agent_at=None,
                reminded=0,
                snoozed_until=None,
            )
            if moved is None:
                return self._lost(conversation)
            self._record.to_person(moved, say("person.claimed", agent=agent.name), now)
            words = "staff.taken_over" if before else "staff.claimed"
            self._record.to_staff(moved, say(words, agent=agent.name, before=before), now)
            show_again(self._store, moved, now)
            if desk.state in {"bot", "closed"}:
                self._record.show_pictures(moved, now)
            return Done(moved, CLAIMED)

    def release(self, conversation: str, agent: Agent, now: datetime) -> Result:
        """Give it back to the bot: who claimed it, or anyone while nobody has."""
        with self._store.transaction():
            desk = self._held(conversation, agent)
            if isinstance(desk, Refused):
                return desk
            moved = self._record.move(desk, "release", now, {"by": agent.id}, **_nobody())
            if moved is None:
                return refused("not_now", desk)
            self._record.to_person(moved, say("person.released"), now)
            self._record.to_staff(moved, say("staff.released", agent=agent.name), now)
            show_again(self._store, moved, now)
            return Done(moved, RELEASED)

    def close(self, conversation: str, agent: Agent, now: datetime) -> Result:
        """The case is done. Where staff had it, the person is asked once how it was, from 1 to 5."""
        with self._store.transaction():
            desk = self._held(conversation, agent)
            if isinstance(desk, Refused):
                return desk
            asks = desk.state == "human" and desk.rating_asked is None
            asked_at = now if asks else desk.rating_asked
            data = {"by": agent.id, "rating_asked": asks}
            moved = self._record.move(desk, "close", now, data, **_nobody(), rating_asked=asked_at)
            if moved is None:
                return refused("not_now", desk)
            if desk.state != "bot":
                self._record.to_person(moved, say("person.closed"), now)
            if asks:
                self._record.to_person(moved, say("person.rate"), now, rating_row(moved))
            self._record.to_staff(moved, say("staff.closed", agent=agent.name), now)
            show_again(self._store, moved, now)
            return Done(moved, CLOSED)

    def reopen(self, conversation: str, agent: Agent, now: datetime) -> Result:
        """Staff put a closed case back into the queue."""
        with self._store.transaction():
            desk = self._store.desks.desk(conversation)
            if desk is None:
                return refused("no_desk")
            moved = self._record.move(desk, "reopen", now, {"by": agent.id}, queued_at=now, person_at=now)
            if moved is None:
                return refused("not_now", desk)
            self._record.to_person(moved, say("person.reopened"), now)
            self._record.to_staff(moved, say("staff.reopened", agent=agent.name), now)
            self._show_card(moved, now)
            return Done(moved, REOPENED)

    def note(self, conversation: str, agent: Agent, text: str, now: datetime) -> Result:
        """What staff write for each other."""
        with self._store.transaction():
            desk = self._store.desks.desk(conversation)
            if desk is None:
                return refused("no_desk")
            moved = self._record.move(desk, "note", now, {"by": agent.id, "text": text})
            return Done(moved, NOTED) if moved else self._lost(conversation)

    def snooze(self, conversation: str, agent: Agent, until: datetime, now: datetime) -> Result:
        """No reminders until then: by who claimed it, or by anyone while nobody has."""
        with self._store.transaction():
            desk = self._held(conversation, agent)
            if isinstance(desk, Refused):
                return desk
            data = {"by": agent.id, "until": until.isoformat()}
            moved = self._record.move(desk, "snooze", now, data, snoozed_until=until, reminded=0)
            if moved is None:
                return refused("not_now", desk)
            self._record.to_staff(moved, say("staff.snoozed", when=clock_words(until, now)), now)
            return Done(moved, SNOOZED)

    def rate(self, conversation: str, rating: int, now: datetime) -> Result:
        """The person's satisfaction, 1 to 5, once and only where they were asked."""
        if not 1 <= rating <= 5:
            raise ValueError(f"a rating is 1 to 5: {rating}")
        with self._store.transaction():
            desk = self._store.desks.desk(conversation)
            if desk is None:
                return refused("no_desk")
            if desk.rating_asked is None or desk.rating is not None:
                return refused("rated", desk)
            moved = self._record.move(desk, "rate", now, {"rating": rating}, rating=rating)
            if moved is None:
                return self._lost(conversation)
            self._record.to_person(moved, say("person.rated"), now)
            self._record.to_staff(moved, say("staff.rated", rating=rating), now)
            return Done(moved, RATED)

    def agent_left(self, agent: str, chat: int | str, now: datetime) -> int:
        """An agent is no longer in this staff group: what they have is offered to the others; how much."""
        with self._store.transaction():
            theirs = [
                desk
                for desk in self._store.desks.in_state("human")
                if desk.agent == agent and desk.staff_chat == str(chat)
            ]
            for desk in theirs:
                moved = self._record.move(desk, "offer", now, {"left": True}, reminded=max(1, desk.reminded))
                assert moved is not None, "the table has the event, and it was read in this transaction"
                self._record.to_staff(moved, say("staff.left", agent=desk.agent_name), now, claim_row(moved))
            return len(theirs)

    def topic_made(self, conversation: str, topic: int, now: datetime) -> Result:
        """The conversation has its topic in the staff group: everything since the hand-off is shown there.

        So is what waited for a former topic of it. Refused ("already") where it has one: whoever made another
        removes it.
        """
        with self._store.transaction():
            desk = self._store.desks.desk(conversation)
            if desk is None:
                return refused("no_desk")
            if desk.topic is not None:
                return refused("already", desk)
            moved = self._record.set(desk, topic=topic)
            left = self._store.outbox.take_along(conversation, self._record.topic(moved))
            self._show_card(moved, now)
            self._record.show_pictures(moved, now)
            self._record.show_what_was_said(moved, now)
            for message in left:
                self._record.show_elsewhere(moved, message.body, now)
            return Done(moved, "desk.topic")

    def topic_lost(self, conversation: str, topic: int) -> Result:
        """The topic was deleted; the desk is without one until the next is made."""
        with self._store.transaction():
            desk = self._store.desks.desk(conversation)
            if desk is None:
                return refused("no_desk")
            if desk.topic != topic:
                return refused("already", desk)
            return Done(self._record.set(desk, topic=None, card_message=None), "desk.topic")

    def group_moved(self, old: int | str, new: int | str) -> bool:
        """A staff group has another id, under which nothing of what was there can be found any more.

        Its conversations are without a topic until the next is made. False where that was known.
        """
        with self._store.transaction():
            news = self._store.desks.group_moved(str(old), str(new))
            self._store.outbox.chat_moved(str(old), str(new))
        self.groups.moved(old, new)
        return news

    def follow_groups(self) -> None:
        """Take up the moves of the groups that are on record; to be told before anything else is asked."""
        self.groups.follow(self._store.desks.group_moves())

    def gather(self, now: datetime) -> int:
        """Whoever is with a group that is none of the staff's any more waits in another; how many."""
        lost = [
            it for it in self._store.desks.in_state("queued", "human") if it.staff_chat not in self.groups
        ]
        for desk in lost:
            self._to_another_group(desk, now)
        return len(lost)

    def unreachable(self, chat: int | str, until: datetime, now: datetime) -> int:
        """Nothing can be written in this group: who waits there waits in another one, where there is one.

        Nobody new comes to it until then. Returns how many have another group.
        """
        self._unreachable[str(chat)] = until
        if not self._free(now):
            return 0
        waiting = [it for it in self._store.desks.queue() if it.staff_chat == str(chat)]
        for desk in waiting:
            self._to_another_group(desk, now)
        return len(waiting)

    def reachable(self, chat: int | str) -> None:
        """It can be written there."""
        self._unreachable.pop(str(chat), None)

    def _to_another_group(self, desk: Desk, now: datetime) -> None:
        where = {"staff_chat": self._chat_for(None, now), "topic": None, "card_message": None}
        with self._store.transaction():
            if desk.state == "queued":
                self._record.set(desk, **where)
                return
            moved = self._record.move(
                desk,
                "requeue",
                now,
                {"by": "group"},
                **_nobody() | {"person_at": now},
                **where,
                queued_at=now,
            )
            if moved is not None:
                self._record.to_person(moved, self._place(moved, now), now, waiting_row(moved))

    def without_topic(self) -> list[Desk]:
        """The desks for which a topic has to be made."""
        return [desk for desk in self._store.desks.in_state("queued", "human") if desk.topic is None]

    def _held(self, conversation: str, agent: Agent) -> Desk | Refused:
        """The desk, where nobody else has it."""
        desk = self._store.desks.desk(conversation)
        if desk is None:
            return refused("no_desk")
        if desk.state == "human" and desk.agent != agent.id:
            return refused("not_claimer", desk)
        return desk

    def _lost(self, conversation: str) -> Refused:
        desk = self._store.desks.desk(conversation)
        return refused("taken" if desk and desk.agent else "not_now", desk)

    def _chat_for(self, desk: Desk | None, now: datetime) -> str | None:
        """Who came back stays with their group, where it is one still, and can be written in."""
        free = self._free(now)
        if desk is not None and desk.staff_chat in (free or self.groups):
            return desk.staff_chat
        return lightest(free or self.groups, self._store.desks.load())

    def _free(self, now: datetime) -> list[str]:
        return [chat for chat in self.groups if now >= self._unreachable.get(chat, now)]

    def _place(self, desk: Desk, now: datetime) -> str:
        ahead = ahead_of(desk, self._store.desks.queue())
        place = say("person.place", ahead=ahead) if ahead else say("person.next")
        return "\n".join(words for words in (place, closed_words(self.hours, now)) if words)

    def _show_card(self, desk: Desk, now: datetime) -> None:
        self._record.show(desk, case_body(self._store, desk), now)


def _nobody() -> dict[str, Any]:
    """The fields of a desk that no agent has."""
    return {"agent": None, "agent_name": None, "claimed_at": None, "agent_at": None, "person_at": None}
