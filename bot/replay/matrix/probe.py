"""A person who talks to the whole bot, up to a question and on from it; what the laws are checked on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from bot.replay.matrix.flows import PRODUCT, Said
from bot.replay.matrix.talk import BrokenLawError, NotApplicableError, Talk
from bot.replay.matrix.wording import Wording
from bot.session import Mind
from knowledge import UNKNOWN, Ask, Case, decide, outcome_to_json
from knowledge.outcome import Outcome

LONGEST = 14
"""Messages after which a case that is answered as asked must have its outcome."""
_LED_BY_A_TOPIC = ("notes", "citations")
"""What a question of the sources may add to an outcome that it leads."""
_NO_PART_OF_THE_ANSWER = "could_refine"
"""Names the slots that were not said; words may say more than the value they were chosen for."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One way through a flow, and the place on it where a move is made."""

    mind: Mind
    now: datetime
    wish: str
    said: Said
    """The whole way to the outcome."""
    at: int
    """How many questions are answered before the move."""
    values: tuple[str, ...]
    """All values of the slot asked there; empty after the outcome."""
    wording: Wording
    talks: list[Talk] = field(default_factory=list)
    """Every talk begun, the latest last."""

    @property
    def slot(self) -> str:
        """The slot that is asked when the move is made."""
        return self.said[self.at][0]

    @property
    def value(self) -> str:
        """Its value on this way."""
        return self.said[self.at][1]

    @property
    def after_outcome(self) -> bool:
        """Whether the move is made after the outcome."""
        return self.at == len(self.said)

    def begin(self) -> Talk:
        """A new conversation, nothing said."""
        talk = Talk(self.mind, self.now)
        self.talks.append(talk)
        return talk

    def until_here(self, opening: str | None = None) -> Talk:
        """A new conversation, led to the question (or the outcome) at which the move is made."""
        talk = self.begin()
        talk.say(opening or self.wording.opening(self.wish))
        for slot, value in self.said[: self.at]:
            self.asked(talk, slot)
            self.answer(talk, slot, value)
        if self.after_outcome:
            self.same_outcome(talk, dict(self.said))
        else:
            self.asked(talk, self.slot)
        return talk

    def answer(self, talk: Talk, slot: str, value: str, text: str | None = None) -> None:
        """Give a slot's value, and answer where a time is asked back."""
        talk.say(text or self.wording.clause(slot, value))
        self.confirm(talk, {slot: value})

    def confirm(self, talk: Talk, said: Mapping[str, str]) -> None:
        """Answer where a time is asked back: that it has gone by, or which half of the day is meant."""
        state = talk.last.state
        slot = state.doubt or ""
        fact = state.doubtful.get(slot)
        if fact is None:
            return
        if fact.doubt == "past" and said.get(slot) == fact.value:
            talk.say(self.wording.words("confirm"))
        elif fact.doubt == "half_day":
            for option in state.options:
                if option.value == said.get(slot):
                    talk.say(option.label)

    def go_on(self, talk: Talk, known: Mapping[str, str]) -> None:
        """Answer as asked until there is an outcome; what is not `known` the person cannot tell."""
        for _ in range(LONGEST):
            slot = talk.last.asks
            if slot is None:
                break
            if slot in known:
                self.answer(talk, slot, known[slot])
            else:
                talk.say(self.wording.words("unsure"))
        self.hold(talk.last.asks is None, f"the questions end: {talk.last.asks} is still asked")

    def lead_to(self, talk: Talk, known: Mapping[str, str]) -> None:
        """Go on to the outcome, which must be the one that the rules give for what is known."""
        self.go_on(talk, known)
        not_told = {slot for slot, value in talk.last.slots.items() if slot not in known and value == UNKNOWN}
        asked = {slot: value for slot, value in known.items() if slot in talk.last.slots}
        self.same_outcome(talk, {**dict.fromkeys(not_told, UNKNOWN), **asked})

    def asked(self, talk: Talk, slot: str) -> None:
        """The bot's last turn asks for the slot."""
        self.hold(talk.last.asks == slot, f"{slot} is asked; asked is {talk.last.asks}")

    def knows(self, talk: Talk, slot: str, value: str) -> None:
        """The bot has taken the value in."""
        got = talk.last.slots.get(slot)
        self.hold(got == value, f"{slot} is {value}; the bot has {got}")

    def same_outcome(self, talk: Talk, known: Mapping[str, str], wish: str | None = None) -> None:
        """The last turn's outcome is the one that the rules give for exactly these values."""
        want = self.rules(known, wish)
        self.hold(isinstance(want, Outcome), f"the rules have an outcome for {dict(known)}; they still ask")
        self.hold(talk.last.outcome is not None, "the turn brings an outcome")
        for key, expected, got in self._differences(want, talk):
            self.hold(False, f"the outcome's {key} is {expected} as the rules say; it is {got}")

    def rules(self, known: Mapping[str, str], wish: str | None = None) -> Outcome | Ask:
        """What the rules say for these values, what the wish's own words bear, and nothing else."""
        opening = self.mind.understand(self.wording.opening(wish or self.wish), self.now, None)
        borne = {slot: heard.value for slot, heard in opening.slots.items()}
        return decide(Case(wish or self.wish, {**borne, **known}), self.now)

    def _differences(self, want: Any, talk: Talk) -> Iterator[tuple[str, Any, Any]]:
        told = talk.happened("told")
        expected, got = outcome_to_json(want), outcome_to_json(talk.last.outcome or want)
        for key, value in expected.items():
            if key == _NO_PART_OF_THE_ANSWER or (told and key in _LED_BY_A_TOPIC):
                continue
            if value != got[key]:
                yield key, value, got[key]

    def hold(self, held: bool, law: str) -> None:
        """Raise where a law does not hold."""
        if not held:
            raise BrokenLawError(law)

    def not_applicable(self, why: str) -> NoReturn:
        """The move cannot be made here."""
        raise NotApplicableError(why)


def product_of(said: Said) -> str | None:
    """The product on this way, where it is asked."""
    return dict(said).get(PRODUCT)
