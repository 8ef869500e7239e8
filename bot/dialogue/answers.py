"""Putting an outcome into words: the answer first, figures bold, about ten lines, the rest behind buttons."""

from datetime import datetime, timedelta
from decimal import Decimal

from bot.dialogue.facts import summary
from bot.dialogue.scene import Scene
from bot.dialogue.state import Option
from bot.dialogue.wording import GOODS, day, percent, say, sentences, when
from knowledge.outcome import Charge, Eta, Outcome

NOTES_SHOWN = 3
LINES = 11
"""An answer is about this long; notes give way to what has to be said."""
STEPS_SHOWN = 2
STEPS_SHOWN_FOR_TWO = 4
"""Where the account sets conditions of its own, those and the order's."""
BOUND = frozenset({"foreign", "minor", "teen_mode", "unverified"})
"""Accounts that something more is asked of."""
STEPS_SHOWN_LATE = 4
"""Past the latest date the way to escalate is the answer itself."""
ALTERNATIVES_SHOWN = 2
CITES_SHOWN = 6


def show(scene: Scene, outcome: Outcome) -> None:
    """Say the outcome, with buttons for what lies behind it."""
    first = headline(scene, outcome)
    before = [
        first,
        *_charges(scene, outcome),
        _basis(scene, outcome),
        _next_change(outcome),
        _insurance(outcome),
    ]
    after = [*_steps(scene, outcome), *_alternatives(outcome), _caveat(outcome)]
    fixed = [line for line in (*before, *_eta(outcome.eta), *after) if line]
    room = max(1, LINES - len(fixed) - len(scene.prefix))
    notes = [note for note in outcome.notes if note != first][: min(room, NOTES_SHOWN)]
    lines = [*before, *_eta(outcome.eta), *notes, *after]
    scene.reply("\n".join(line for line in lines if line), _buttons(outcome))


def show_unchanged(scene: Scene, outcome: Outcome) -> None:
    """Say in short that what was added does not change the answer; its buttons stay."""
    again = headline(scene, outcome) if outcome.verdict not in {None, "conditional"} else ""
    lines = [say("outcome.unchanged"), again, *_eta(outcome.eta), _basis(scene, outcome)]
    scene.reply("\n".join(line for line in lines if line), _buttons(outcome))


def arrival_lines(outcome: Outcome) -> list[str]:
    """When the money comes, with the reason and the sources, and nothing else of the outcome."""
    lines = [*_eta(outcome.eta), *outcome.notes[:1], _caveat(outcome)]
    return [line for line in lines if line]


def headline(scene: Scene, outcome: Outcome) -> str:
    """The answer in one line: verdict, fee and refund; the first note where there is nothing to allow."""
    if scene.state.wish == "refund_amount_wrong" and outcome.fee is not None:
        return _difference(outcome)
    if outcome.verdict is None:
        return outcome.notes[0] if outcome.notes else _money(outcome).lstrip("，")
    keys = (f"outcome.{outcome.verdict}.{_kind(scene)}", f"outcome.{outcome.verdict}")
    key = next(key for key in keys if key in sentences())
    return say(key, tail=_money(outcome)) + "。"


def _difference(outcome: Outcome) -> str:
    if not outcome.fee or outcome.fee < 0:
        return say("outcome.complete")
    rate = f"（{percent(outcome.fee_rate)}）" if outcome.fee_rate is not None else ""
    return say("outcome.difference", fee=outcome.fee, rate=rate)


def _kind(scene: Scene) -> str:
    if scene.value("product") in GOODS:
        return "goods"
    if scene.state.wish == "cancel_delivery" and scene.value("ticket_plan") != "return":
        return "cancel_delivery"
    return "return"


def _money(outcome: Outcome) -> str:
    parts = []
    if outcome.fee is not None:
        parts.append(say("outcome.fee", fee=outcome.fee) if outcome.fee else say("outcome.free"))
        if outcome.fee and outcome.fee_rate is not None:
            parts.append(f"（{percent(outcome.fee_rate)}）")
    elif outcome.fee_range is not None:
        low, high = (_sum_or_rate(value, outcome.range_in_rates) for value in outcome.fee_range)
        parts.append(say("outcome.range", low=low, high=high))
    elif outcome.fee_rate is not None:
        free = outcome.fee_rate == 0
        parts.append(say("outcome.free") if free else say("outcome.fee_rate", rate=percent(outcome.fee_rate)))
    if outcome.refund is not None:
        parts.append(say("outcome.refund", refund=outcome.refund))
    return "".join(parts)


def _sum_or_rate(value: Decimal, is_rate: bool) -> str:
    return percent(value) if is_rate else f"{value} 元"


def _charges(scene: Scene, outcome: Outcome) -> list[str]:
    lines = [c for c in outcome.charges if c.amount != 0 and (c.rate or c.amount or c.high)]
    least = 1 if scene.state.wish == "refund_amount_wrong" else 2
    return (
        [say("outcome.charge", label=c.label, amount=_charge(c)) for c in lines]
        if len(lines) >= least
        else []
    )


def _charge(charge: Charge) -> str:
    rate = percent(charge.rate) if charge.rate is not None else ""
    if charge.amount is not None:
        return f"{charge.amount} 元" + (f"（{rate}）" if rate else "")
    if charge.low is not None and charge.high is not None:
        return f"{percent(charge.low)} 到 {percent(charge.high)}"
    return rate


def _basis(scene: Scene, outcome: Outcome) -> str:
    facts = summary(scene)
    if not facts or outcome.verdict is None:
        return ""
    lead = _lead(scene)
    return say("outcome.basis", facts=facts) + (f"（{lead}）" if lead else "")


def _lead(scene: Scene) -> str:
    at = scene.value("event_time")
    if at is None or at == "unknown":
        return ""
    product = scene.value("product")
    event = say(f"event.{product}") if f"event.{product}" in sentences() else say("event.other")
    left = datetime.fromisoformat(at) - (scene.acting or scene.now)
    if left <= timedelta(0):
        return say("outcome.passed", event=event)
    return say("outcome.lead", event=event, lead=span(left))


def span(left: timedelta) -> str:
    """A time span in words: 1天6小时, 5小时59分钟, 45分钟."""
    minutes = int(left.total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return say("lead.days", days=hours // 24, hours=hours % 24)
    if hours:
        return say("lead.hours", hours=hours, minutes=minutes)
    return say("lead.minutes", minutes=minutes)


def _next_change(outcome: Outcome) -> str:
    change = outcome.next_change
    return say("outcome.next_change", when=when(change.at), fee=change.fee) if change else ""


def _insurance(outcome: Outcome) -> str:
    return say("outcome.insurance", amount=outcome.insurance) if outcome.insurance is not None else ""


def _eta(eta: Eta | None) -> list[str]:
    if eta is None:
        return []
    approx = say("outcome.eta_approx") if eta.approximate else ""
    if eta.high == 0:
        text = say("outcome.eta_now", latest=day(eta.latest))
    else:
        dates = {"earliest": day(eta.earliest), "latest": day(eta.latest)}
        text = say("outcome.eta", days=f"{eta.low}–{eta.high}", approx=approx, **dates)
    return [text, say("outcome.overdue", days=eta.overdue)] if eta.overdue else [text]


def _steps(scene: Scene, outcome: Outcome) -> list[str]:
    late = outcome.eta is not None and outcome.eta.passed
    bound = outcome.verdict == "conditional" and scene.value("account_type") in BOUND
    shown = STEPS_SHOWN_LATE if late else STEPS_SHOWN_FOR_TWO if bound else STEPS_SHOWN
    return [f"{n}. {step}" for n, step in enumerate(outcome.steps[:shown], 1)]


def _alternatives(outcome: Outcome) -> list[str]:
    if outcome.verdict not in {"denied", "unknown"}:
        return []
    return [f"· {text}" for text in outcome.alternatives[:ALTERNATIVES_SHOWN]]


def _caveat(outcome: Outcome) -> str:
    if not outcome.citations:
        return ""
    more = (
        ""
        if len(outcome.citations) <= CITES_SHOWN
        else say("outcome.more_cites", count=len(outcome.citations))
    )
    return say("outcome.caveat", cites="、".join(outcome.citations[:CITES_SHOWN]) + more)


def _buttons(outcome: Outcome) -> tuple[Option, ...]:
    names = {
        "steps": len(outcome.steps) > STEPS_SHOWN or bool(outcome.evidence),
        "sources": bool(outcome.citations),
        "draft": outcome.message_draft is not None,
        "alternatives": bool(outcome.alternatives),
        "person": True,
    }
    return tuple(Option(say(f"button.{name}"), f"show:{name}") for name, there in names.items() if there)
