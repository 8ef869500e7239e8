"""The case card as staff read it: from what a hand-off left behind, line by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.desk.wording import say, sentences
from bot.dialogue.wording import labels, percent, slot_name
from bot.privacy import TAIL
from bot.store.protocol import Desk

TALK_LINES = 12
"""Messages of the conversation on the card, the last ones."""
TALK_LENGTH = 160
"""Characters of each of them."""
TITLE_LENGTH = 128
"""Characters that Telegram takes as a topic's name."""
HIDDEN = "••••"
"""Instead of masked digits, whose asterisks would read as bold marks."""
DIFFERENCE = "refund_amount_wrong"
"""The wish whose outcome holds in `fee` what was paid back too little."""

Card = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the card: what it is about, and what there is to know of it."""

    name: str
    text: str


def topic_title(desk: Desk, card: Card) -> str:
    """The name of the conversation's topic: its number, the wish, the product, the mood."""
    product = next((fact["shown"] for fact in card.get("slots", ()) if fact["slot"] == "product"), "")
    mood = card.get("mood", "calm")
    parts = [card.get("title") or say("card.untold"), product, "" if mood == "calm" else say(f"mood.{mood}")]
    return f"#{desk.number} {' · '.join(part for part in parts if part)}"[:TITLE_LENGTH]


def card_lines(desk: Desk, card: Card) -> list[Line]:
    """The lines; the first one names the case."""
    return [Line(f"#{desk.number}", card.get("title") or say("card.untold")), *_lines(desk, card)]


def card_text(desk: Desk, card: Card) -> str:
    """The lines as one message, names bold."""
    return "\n".join(f"**{line.name}** {_unmarked(line.text)}" for line in card_lines(desk, card))


def _lines(desk: Desk, card: Card) -> Iterator[Line]:
    yield Line(say("card.reason"), _named("reason", desk.reason or card.get("reason", "")))
    yield Line(say("card.mood"), _named("mood", card.get("mood", "calm")))
    for fact in card.get("slots", ()):
        said = fact["said"] if fact["source"] == "said" and fact["said"] != fact["shown"] else ""
        shown = say(
            "card.slot_said" if said else "card.slot",
            shown=fact["shown"],
            source=_named("source", fact["source"]),
            said=said,
        )
        yield Line(slot_name(fact["slot"]), shown)
    if outcome := card.get("outcome"):
        yield Line(say("card.outcome"), "，".join(_outcome(outcome, card.get("wish"))))
    if card.get("rules"):
        yield Line(say("card.rules"), "，".join(card["rules"]))
    if card.get("steps_told"):
        yield Line(say("card.told"), "；".join(card["steps_told"]))
    if card.get("open_question"):
        yield Line(say("card.question"), slot_name(card["open_question"]))
    if talk := list(card.get("transcript", ())):
        said_by = [f"{_speaker(line)}：{_short(line['text'])}" for line in talk[-TALK_LINES:]]
        yield Line(say("card.talk"), "\n" + "\n".join(said_by))


def _outcome(outcome: Mapping[str, Any], wish: str | None) -> Iterator[str]:
    if outcome.get("verdict"):
        yield say("card.verdict", verdict=labels()["verdicts"][outcome["verdict"]])
    if outcome.get("fee") is not None:
        yield say("card.difference" if wish == DIFFERENCE else "card.fee", fee=outcome["fee"])
    elif outcome.get("fee_rate") is not None:
        yield say("card.fee_rate", rate=percent(Decimal(outcome["fee_rate"])))
    if outcome.get("refund") is not None:
        yield say("card.refund", refund=outcome["refund"])
    if (outcome.get("eta") or {}).get("overdue"):
        yield say("card.overdue", days=outcome["eta"]["overdue"])


def _named(section: str, name: str) -> str:
    return sentences().get(f"{section}.{name}", name)


def _speaker(line: Mapping[str, str]) -> str:
    return _named("card", f"{line['who']}_edited" if line.get("edited") else line["who"])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TALK_LENGTH else line[: TALK_LENGTH - 1] + "…"


def _unmarked(text: str) -> str:
    """Without marks: what persons wrote must not become bold, nor may a bot's reply be cut within it."""
    return text.replace(TAIL, HIDDEN).replace("**", "")
