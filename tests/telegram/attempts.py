"""What might be forged at a desk, and as what each is refused."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from tests.telegram.chats import Json
from tests.telegram.claims import BUTTON
from tests.telegram.town import STAFF_CHAT, Press, Someone, Town, buttons

FOREIGN_CHAT = STAFF_CHAT - 77
ACTS = ("claim", "draft", "release", "close")
COMMANDS = (
    *("/claim", "/release", "/close", "/reopen", "/note 假的", "/card", "/draft"),
    *("/canned 稍等", "/snooze 2h", "/ban", "/unban"),
)
OTHERS_CASE = {
    **{"/claim": "taken", "/release": "not_claimer", "/close": "not_claimer"},
    **{"/snooze 2h": "not_claimer", "/canned 稍等": "not_claimer", "/reopen": "not_now"},
}
"""Commands that only who has the case may give, or nobody now, and why they are refused."""
JUNK = ("v1", "v1:0", "v999999999999999999:1", "claim:", "x" * 64, "字" * 21, "desk:1:close", "{}", "null")

Act = Callable[[], Awaitable[Press | Json]]


@dataclass(frozen=True)
class Attempt:
    """What is tried, and the reason that the log gives; None for words that are no deed, and reach nobody."""

    kind: str
    name: str
    act: Act
    reason: str | None


class Case:
    """A conversation that 小李 has claimed, another that waits, and everyone who would like to have one."""

    def __init__(self, people: Town, card: Json, topic: int, other_card: Json, other_topic: int) -> None:
        self.card, self.topic = card, topic
        self.other_card, self.other_topic = other_card, other_topic
        self.person, self.waiting = people.person("小王"), people.person("小红")
        self.agent, self.other = people.staff("小李"), people.staff("小赵")
        self.gone, self.outsider = people.staff("离职的"), people.person("外人")

    async def attempts(self) -> list[Attempt]:
        """All of them, those of a kind together."""
        own = await self.outsider.writes("我的")
        return [*self._presses(own), *self._junk(), *self._commands(), *self._words()]

    def _presses(self, own: Json) -> Iterator[Attempt]:
        claim = next(data for data in buttons(self.card).values() if "claim" in data)
        elsewhere = {**self.card, "chat": {"id": FOREIGN_CHAT, "type": "supergroup", "title": "别处"}}
        moved = {**self.card, "message_thread_id": self.other_topic}
        for data in (claim.replace("claim", act) for act in ACTS):
            for who, where, message, reason in (
                (self.outsider, "", self.card, "no_member"),
                (self.gone, "", self.card, "no_member"),
                (self.person, "", self.card, "no_member"),
                (self.outsider, " in their own chat", own, "forged"),
                (self.outsider, " in another group", elsewhere, "forged"),
                (self.agent, " in another group", elsewhere, "forged"),
                (self.other, " under another's card", self.other_card, "foreign_message"),
                (self.other, " in another's thread", moved, "foreign_thread"),
            ):
                name = f"{who.name} presses {data}{where}"
                yield Attempt(data, name, _later(who.forges, message, data), reason)
        for who, reason in ((self.other, "taken"), (self.agent, "yours")):
            yield Attempt(
                "replay",
                f"the claim is replayed by {who.name}",
                _later(who.presses, BUTTON, None, self.card),
                reason,
            )

    def _junk(self) -> Iterator[Attempt]:
        for junk in JUNK:
            press = _later(self.other.forges, self.card, junk)
            yield Attempt("junk", f"{self.other.name} presses {junk!r}", press, "forged")

    def _commands(self) -> Iterator[Attempt]:
        places = (
            (self.outsider, "the bot", None, None, "foreign_chat"),
            (self.outsider, "another group", self.topic, FOREIGN_CHAT, "foreign_chat"),
            (self.agent, "another group", self.topic, FOREIGN_CHAT, "foreign_chat"),
            (self.other, "the bot in private", None, self.other.user, "foreign_chat"),
            (self.gone, "the topic", self.topic, None, "no_member"),
            (self.agent, "the main thread", None, None, "no_desk"),
            (self.agent, "a thread of nobody", 999_999, None, "no_desk"),
        )
        for who, place, topic, chat, reason in places:
            for command in COMMANDS:
                name = f"{who.name} writes {command} to {place}"
                yield Attempt(place + who.name, name, _later(who.writes, command, topic, None, chat), reason)
        for command, reason in OTHERS_CASE.items():
            name = f"{self.other.name}, who has not claimed, writes {command} in the topic"
            yield Attempt("others", name, _later(self.other.writes, command, self.topic), reason)

    def _words(self) -> Iterator[Attempt]:
        tried: tuple[tuple[Someone, str, int | None, int | None, str | None], ...] = (
            (self.gone, "我还在", self.topic, None, "no_member"),
            (self.other, "我不是接手的人", self.topic, None, None),
            (self.agent, "// 内部说明", self.topic, None, None),
            (self.agent, "串了", None, None, None),
            (self.agent, "串了", 999_999, None, None),
            (self.agent, "串了", self.other_topic, None, None),
            (self.agent, "串了", self.topic, FOREIGN_CHAT, None),
        )
        for who, text, topic, chat, reason in tried:
            name = f"{who.name} writes {text!r} in {topic} of {chat or 'the staff'}"
            yield Attempt("words", name, _later(who.writes, text, topic, None, chat), reason)


def _later(act: Callable[..., Awaitable[Press | Json]], *args: object) -> Act:
    return lambda: act(*args)
