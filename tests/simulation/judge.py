"""Holds a conversation to the oracle and to the laws that every reply obeys."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.simulation import figures
from tests.simulation.expected import Anything, Arrival, Expected
from tests.simulation.oracle import expect
from tests.simulation.simulate import Conversation, Exchange
from tests.simulation.voices import to_simplified, to_traditional

MOST_LINES = 12
_EXAMPLE = re.compile(r"(?:比如|例如)[「“][^」”]*[」”](?:、?[「“][^」”]*[」”])*")
"""A form that the person is shown to answer in is no figure that is stated."""
MONEY = re.compile(r"\d+\.\d\d")
NEVER = {
    "已替人操作": r"已(?:经)?(?:帮|替|为|给)[您你]?(?:把.{0,8})?(?:取消|退款|退票|退了|提交)",
    "黄牛": r"(?<!不要)(?<!别)(?<!不)(?:找|卖给|转给|转让给|联系)黄牛",
    "拒付": r"(?:谎称|假装|说是).{0,6}盗刷|信用卡拒付",
    "私下": r"(?:可以|建议|试试|不妨)[^。；\n]{0,12}(?:私下|加微信|加QQ|线下)(?:交易|转账|成交|退款)",
    "反复点": r"(?:可以|建议|请)[^。；不别\n]{0,8}(?:反复|多点几次|一直点|连续点)",
}
DIGRESSIONS = frozenset({"aside", "repeat", "correct", "rephrase"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was not as it should be."""

    kind: str
    wanted: str
    got: str
    turn: int
    because: str = ""


def judge(talk: Conversation) -> list[Fault]:
    """Every fault of a conversation; none means that it was right."""
    faults = list(_no_outcome(talk))
    for place in talk.finals:
        exchange = talk.exchanges[place]
        expected = expect(exchange.truth)
        faults += _against(expected, exchange.answer, place)
    for turn, exchange in enumerate(talk.exchanges):
        if "error" not in exchange.answer:
            faults += _laws(talk, exchange, turn)
    return faults + list(_asked_twice(talk))


def _no_outcome(talk: Conversation) -> Iterator[Fault]:
    for turn, exchange in enumerate(talk.exchanges):
        if "error" in exchange.answer:
            yield Fault("error", "an answer", str(exchange.answer), turn)
    wanted = 2 if any(e.said.purpose == "what_if" for e in talk.exchanges) else 1
    if len(talk.finals) < wanted:
        last = talk.exchanges[-1].answer
        got = f"intent {last.get('intent')}, asks {last.get('asks')}, handoff {bool(last.get('handoff'))}"
        yield Fault(
            "no outcome",
            f"an outcome ({expect(talk.exchanges[-1].truth).because})",
            got,
            len(talk.exchanges) - 1,
        )


def _against(expected: Expected, answer: Mapping[str, Any], turn: int) -> Iterator[Fault]:
    outcome = answer["outcome"]
    for name, read in _READERS.items():
        permitted = getattr(expected, name)
        try:
            got = read(outcome.get(name))
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            yield Fault(f"form of {name}", "as section 4 writes it", f"{outcome.get(name)!r}: {error}", turn)
            continue
        if got not in permitted:
            wanted = " | ".join(sorted(map(_show, permitted)))
            yield Fault(name, wanted, _show(got), turn, expected.because)
    yield from _eta(expected, outcome.get("eta"), turn)
    cited = set(outcome.get("citations") or ())
    for group in expected.cites:
        if not group & cited:
            yield Fault("citations", "|".join(sorted(group)), " ".join(sorted(cited)), turn, expected.because)
    told = (_text(answer), *outcome.get("steps", ()), *outcome.get("alternatives", ()))
    text = to_simplified().convert("\n".join(told))
    for pattern in expected.says:
        if not re.search(pattern, text.replace("*", "")):
            yield Fault("says", pattern, text[:80].replace("\n", " / "), turn, expected.because)


def _eta(expected: Expected, got: Mapping[str, Any] | None, turn: int) -> Iterator[Fault]:
    if isinstance(expected.eta, Anything):
        return
    wanted = expected.eta
    if wanted is None or got is None:
        if (wanted is None) != (got is None):
            yield Fault("eta", str(wanted), str(got), turn, expected.because)
        return
    read = Arrival(
        (got["working_days"][0], got["working_days"][1]),
        date.fromisoformat(got["from"]),
        date.fromisoformat(got["earliest"]),
        date.fromisoformat(got["latest"]),
        wanted.overdue,
    )
    if read != wanted:
        yield Fault("eta", str(wanted), str(read), turn, expected.because)


def _money(value: str | None) -> Decimal | None:
    if value is not None and not MONEY.fullmatch(value):
        raise ValueError("not CNY with two places")
    return None if value is None else Decimal(value)


def _range(value: list[str] | None) -> tuple[Decimal, ...] | None:
    return None if value is None else tuple(Decimal(side) for side in value)


def _change(value: Mapping[str, str] | None) -> tuple[datetime, Decimal | None] | None:
    return None if value is None else (datetime.fromisoformat(value["at"]), _money(value["fee"]))


_READERS = {
    "verdict": lambda value: value,
    "fee": _money,
    "refund": _money,
    "fee_rate": lambda value: None if value is None else Decimal(value),
    "fee_range": _range,
    "next_change": _change,
    "insurance": _money,
}


def _show(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_show, value)) + "]"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _text(answer: Mapping[str, Any]) -> str:
    return "\n".join(reply["text"] for reply in answer["replies"])


def _laws(talk: Conversation, exchange: Exchange, turn: int) -> Iterator[Fault]:
    answer = exchange.answer
    text = _text(answer)
    plain = _EXAMPLE.sub("", to_simplified().convert(text).replace("*", ""))
    if not text.strip():
        yield Fault("silent", "a reply", "nothing", turn)
    longest = max((reply["text"].count("\n") + 1 for reply in answer["replies"]), default=0)
    if longest > MOST_LINES:
        yield Fault("too long", f"at most {MOST_LINES} lines", f"{longest} lines", turn)
    for name, pattern in NEVER.items():
        if found := re.search(pattern, plain):
            yield Fault("never says", name, found[0], turn)
    yield from _invented(talk, exchange, plain, turn)
    if talk.voice == "hant":
        yield from _script(text, turn)
    yield from _secret(talk, exchange, plain, turn)
    if exchange.said.purpose == "aside" and answer.get("asks") != exchange.said.slot:
        yield Fault("not resumed", f"asks {exchange.said.slot} again", f"asks {answer.get('asks')}", turn)


def _script(text: str, turn: int) -> Iterator[Fault]:
    wrong = {
        char
        for char in text
        if to_traditional().convert(char) != char
        and to_simplified().convert(char) == char
        and char not in "台里面后只几系于云余了"
    }
    if len(wrong) > 1:
        yield Fault("script", "Traditional characters", "".join(sorted(wrong)), turn)


def _invented(talk: Conversation, exchange: Exchange, text: str, turn: int) -> Iterator[Fault]:
    beliefs = [e.believed for e in talk.exchanges]
    order = talk.hidden.order or {}
    refund = order.get("refund") or {}
    amounts = {b[slot] for b in beliefs for slot in ("amount", "received_amount") if slot in b}
    amounts |= {str(v) for v in (order.get("amount"), refund.get("amount")) if v}
    extra = expect(exchange.truth).figures
    permitted = figures.permitted_amounts(amounts, extra)
    for amount in figures.amounts_in(text):
        if amount not in permitted:
            yield Fault("invented figure", "an amount of the case or the claims", f"{amount} 元", turn)
    for percent in figures.percents_in(text):
        if percent not in figures.SUMMED_PERCENTS:
            yield Fault("invented figure", "a rate of the claims", f"{percent}%", turn)
    events = {b["event_time"] for b in beliefs if b.get("event_time", "unknown") != "unknown"}
    asked = {b["requested_at"] for b in beliefs if b.get("requested_at", "unknown") != "unknown"}
    asked |= {str(refund["requested_at"])} if refund else set()
    events |= {str(v) for v in (order.get("event_time"), order.get("paid_at")) if v}
    days = figures.permitted_days(talk.hidden.now, events, asked)
    for day in figures.days_in(text, talk.hidden.now.year):
        if day not in days:
            yield Fault("invented figure", "a day of the case", str(day), turn)


def _secret(talk: Conversation, exchange: Exchange, text: str, turn: int) -> Iterator[Fault]:
    """Nothing of an order is shown before its phone_tail was given."""
    order = talk.hidden.order
    if order is None:
        return
    tail = str(order["phone_tail"])
    known = any(tail in e.said.text for e in talk.exchanges[: turn + 1])
    if known:
        return
    hidden = [str(order["title"])] + ([str(order["amount"])] if talk.hidden.tail_story != "wrong" else [])
    shown = text + str(exchange.answer["slots"])
    for secret in hidden:
        if secret in shown:
            yield Fault("secret shown", "nothing of the order before its phone_tail", secret, turn)


def _asked_twice(talk: Conversation) -> Iterator[Fault]:
    asked: dict[str, int] = {}
    open_question: str | None = None
    for turn, exchange in enumerate(talk.exchanges):
        slot = exchange.answer.get("asks")
        if exchange.said.purpose in DIGRESSIONS and open_question:
            # The question was left unanswered: it may come again at any time.
            asked.pop(open_question, None)
        open_question = slot
        excused = exchange.said.purpose in DIGRESSIONS or _doubtful(talk, exchange, slot)
        if slot and slot != "phone_tail" and not excused:
            if slot in asked:
                yield Fault("asked twice", f"{slot} asked once (turn {asked[slot] + 1})", "asked again", turn)
            elif exchange.believed.get(slot, "unknown") != "unknown" and slot in exchange.told:
                yield Fault("asked though told", f"{slot} was told", f"asks {slot}", turn)
        if slot:
            asked.setdefault(slot, turn)


def _doubtful(talk: Conversation, exchange: Exchange, slot: str | None) -> bool:
    """A time that lies in the past or was said without its half of the day may be asked back."""
    if slot != "event_time":
        return False
    told = exchange.believed.get("event_time", "unknown")
    return talk.habit == "vague" or (told != "unknown" and datetime.fromisoformat(told) <= talk.hidden.now)
