"""One turn while it is being played: what was heard, and what has been decided to do so far."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from bot.dialogue.order import OrderAnswer
from bot.dialogue.script import in_script
from bot.dialogue.state import Fact, Option, State
from bot.dialogue.turn import Event, Handoff, Reply, Turn
from bot.dialogue.wording import say
from intents.understanding import SlotValue, Understanding
from knowledge.outcome import Outcome

QUESTION = re.compile(
    r"[?？吗么]|怎|咋|多[久少长大]|(?<![十好])几(?:[天日个成点倍块号位分时种次档折家条步张钱]|多|耐|工作)"
    r"|啥|什么|能不能|可不可以|会不会|(?<!不)是不是|有没有|有无|[与适]?用?否$|为何|如何|哪|谁|(?<!不)[对行好]不(?![起住])|可以不"
    r"|(?:^|[,，。\s])(?:(?!没)[^,，。\s])*(?<!着)[呢咧捏][。!~\s]*$|真的假的|(?<!不)([^不])(?:不|or|没)\1|行or|是[^,，。]{1,10}还是|(?<![就不可还])是[^,，。]{3,14}[,，]还是(?!算|退|想|明|后|今)"
    r"|(?<![要用])不[啊呀哦啦~。\s]*$|[了过到]没[有]?[啊呀~。\s]*$"
    r"|[是对行没错好]吧[。!~\s]*$|不[^,，。退要了]{1,4}吧[。!~\s]*$|没(?:记|弄|搞|说)错(?![,，。!\s])|(?:没戏|没救|不行|不能|可以|退不|来不及|会|算|[不没]是)[^,，。]{0,10}吧[。!~\s]*$"
    r"|[讲说](?:讲|说|一下|下)|介绍一下|解释"
    r"|\b(?:duoshao|jitian|zenme|shenme|jige|duojiu|nengbuneng|keyi|ma|ji|zuiduo|mianfei)\b"
)
TALK = frozenset({"greet", "thanks", "goodbye", "bot_help", "affirm", "deny", "stop", "restart"}) | {
    "human_agent",
    "out_of_scope",
}
"""Intents that are no wish about an order."""
SURE = 0.8
"""The confidence from which on a wish counts even where a value would explain the message too."""
_FILLING = re.compile(
    r"[\s,，.。、;；!！:：?？我的是了吧呢啊呀哦嗯就那一共总买付花订从在用上啦咯嘛呗喽哟噢呃]"
)
META_SLOTS = frozenset({"order_id", "phone_tail", "platform"})
"""Slots that the rules never read."""


@dataclass(slots=True)
class Scene:
    """Built by `step` for one turn and thrown away after it; repair rules read and change it."""

    state: State
    said: Understanding
    order: OrderAnswer | None
    now: datetime
    intent: str
    confidence: float
    slots: dict[str, SlotValue]
    """The slots heard in this message and not used yet."""
    prefix: list[str] = field(default_factory=list)
    """Clauses that go before the first reply: an apology, an echo of a correction."""
    replies: list[Reply] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    cites: list[str] = field(default_factory=list)
    asks: str | None = None
    outcome: Outcome | None = None
    handoff: Handoff | None = None
    understood: bool = True
    told: str | None = None
    """The topic of a general question that this turn answered."""
    acting: datetime | None = None
    """The moment of acting that the person supposes, where it is not now."""

    def set(self, **changes: object) -> None:
        """Change the state."""
        self.state = self.state.with_(**changes)

    def note(self, kind: str, /, **data: object) -> None:
        """Record an event."""
        self.events.append(Event(kind, data))

    def mark(self) -> tuple[object, ...]:
        """Differs from an earlier mark where a move has changed anything since."""
        counts = (len(self.events), len(self.replies), len(self.prefix), len(self.slots))
        return (self.state, self.said.moves, self.said.text, self.intent, *counts)

    def is_question(self) -> bool:
        """True where the message reads like a question."""
        return bool(QUESTION.search(self.said.normal))

    def is_nothing_but_values(self) -> bool:
        """我的是明天上午10点的，三百八十块 or 机票呢: no wish is named."""
        rest = self.said.normal
        for heard in sorted(self.slots.values(), key=lambda value: -len(value.said)):
            rest = rest.replace(heard.said, "")
        short = self.confidence < SURE or rest.rstrip("?？").endswith("呢")
        return bool(self.slots) and short and not _FILLING.sub("", rest)

    def brought(self, *kinds: str) -> bool:
        """True where this turn has an event of one of these kinds."""
        return any(event.kind in kinds for event in self.events)

    def reply(self, text: str, options: tuple[Option, ...] = ()) -> None:
        """Say something, with options as buttons; empty text says nothing."""
        if text:
            self.replies.append(Reply(text, tuple(option.label for option in options)))
            self.options.extend(options)

    def say(self, key: str, **fields: object) -> bool:
        """Say one sentence by its key. True, for moves that end the turn with it."""
        self.reply(say(key, **fields))
        return True

    def cite(self, claims: tuple[str, ...]) -> None:
        """Remember the claims that a reply rests on."""
        self.cites.extend(claim for claim in claims if claim not in self.cites)

    def value(self, slot: str) -> str | None:
        """What the case knows of a slot."""
        fact = self.state.facts.get(slot)
        return fact.value if fact else None

    def learn(self, slot: str, fact: Fact) -> None:
        """Put a fact into the case; the doubt about it, if any, is over."""
        doubtful = {k: v for k, v in self.state.doubtful.items() if k != slot}
        self.set(facts={**self.state.facts, slot: fact}, doubtful=doubtful)

    def forget(self, *slots: str) -> None:
        """Take facts out of the case."""
        self.set(
            facts={k: v for k, v in self.state.facts.items() if k not in slots},
            doubtful={k: v for k, v in self.state.doubtful.items() if k not in slots},
            asked_times={k: v for k, v in self.state.asked_times.items() if k not in slots},
        )

    def finish(self) -> Turn:
        """The turn's result; the state remembers what was said and offered."""
        script = self.state.script
        replies = self._with_prefix()
        options = tuple(self.options)
        spoken = tuple(
            Reply(in_script(reply.text, script), tuple(in_script(b, script) for b in reply.buttons))
            for reply in replies
        )
        self.set(
            turn=self.state.turn + 1,
            asked=self.asks,
            told=self.told,
            options=options or (self.state.options if not spoken else ()),
            misunderstood=0 if self.understood else self.state.misunderstood,
            last=tuple(reply.text for reply in replies) or self.state.last,
            last_buttons=tuple(len(reply.buttons) for reply in replies) or self.state.last_buttons,
        )
        return Turn(
            state=self.state,
            replies=spoken,
            intent=self._acted_on(),
            confidence=self.confidence,
            slots={slot: fact.value for slot, fact in self.state.facts.items()},
            asks=self.asks,
            outcome=self.outcome,
            handoff=self.handoff,
            cites=tuple(self.cites),
            events=tuple(self.events),
        )

    def _acted_on(self) -> str:
        """The intent that was acted on: a message that only answered a question belongs to the open wish."""
        kinds = {event.kind for event in self.events}
        answered = kinds & {"learned", "chosen", "unsure", "kept", "order_found", "order_refused"}
        if answered and not kinds & {"began", "digressed", "handoff", "shown"} and self.state.wish:
            return self.state.wish
        return self.intent

    def _with_prefix(self) -> list[Reply]:
        clauses = "".join(self.prefix)
        if self.said.mood == "upset" and self.replies:
            clauses = say("mood.upset") + clauses
        if not clauses or not self.replies:
            return [Reply(clauses)] if clauses else self.replies
        first = self.replies[0]
        joint = "\n" if first.text.startswith("**") else ""
        return [Reply(f"{clauses}{joint}{first.text}", first.buttons), *self.replies[1:]]
