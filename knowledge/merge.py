"""One answer for all the ways a case could be."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from knowledge import bill
from knowledge.draft import fill
from knowledge.engine import Decision, Finding
from knowledge.outcome import Charge, Eta, Outcome, Verdict

T = TypeVar("T")
_MOST_STEPS = 6
_VERDICTS: dict[Verdict, str] = {
    "allowed": "可以自己办",
    "conditional": "要对方同意或补材料才能办",
    "unknown": "规则没有写死，以平台为准",
    "denied": "不能取消",
}


def outcome_of(findings: Sequence[Finding], decision: Decision) -> Outcome:
    """The findings of all worlds as one outcome: what they share stands, where they differ there is a range."""
    verdicts = {finding.verdict for finding in findings}
    verdict = verdicts.pop() if len(verdicts) == 1 else "unknown"
    low, high, in_rates = _range(findings)
    rows = [row for finding in findings for _, row in finding.fired]
    cites = [c for f in findings for p in f.prices for c in p.cites] + [c for row in rows for c in row.cites]
    drafts = [row.draft for row in rows if row.draft]
    return Outcome(
        verdict=verdict,
        fee=_same(finding.bill.fee for finding in findings),
        refund=_same(finding.refund for finding in findings),
        fee_rate=_same(finding.bill.rate for finding in findings),
        fee_range=None if low is None or high is None or low == high else (low, high),
        range_in_rates=in_rates and low != high,
        next_change=_same(finding.next_change for finding in findings),
        insurance=max((f.insurance for f in findings if f.insurance is not None), default=None),
        eta=_eta([finding.eta for finding in findings if finding.eta]),
        charges=_charges(findings, decision),
        notes=_notes(findings, decision),
        steps=_steps(findings, decision)[:_MOST_STEPS],
        evidence=_unique(text for row in rows for text in row.evidence)[:_MOST_STEPS],
        alternatives=_unique(text for row in rows for text in row.alternatives)[:_MOST_STEPS],
        message_draft=fill(decision.rules.drafts[drafts[-1]], decision) if drafts else None,
        citations=_unique(cites),
        rows=_unique(f"{table.name}/{row.name}" for finding in findings for table, row in finding.fired),
        could_refine=_could_refine(findings, decision),
    )


def _same(values: Iterable[T | None]) -> T | None:
    first, *others = list(values)
    return first if all(other == first for other in others) else None


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _range(findings: Sequence[Finding]) -> tuple[Decimal | None, Decimal | None, bool]:
    """Over the worlds that have figures; in rates where the amount is not known."""
    bills = [finding.bill for finding in findings if finding.bill.low is not None]
    in_rates = any(found.in_rates for found in bills)
    comparable = [found for found in bills if found.in_rates or not in_rates or not found.low]
    lows = [found.low for found in comparable if found.low is not None]
    highs = [found.high for found in comparable if found.high is not None]
    if in_rates:
        lows, highs = [low.normalize() for low in lows], [high.normalize() for high in highs]
    return min(lows, default=None), max(highs, default=None), in_rates


def _eta(etas: Sequence[Eta]) -> Eta | None:
    """The span that holds all of them. All count from the same day."""
    if not etas:
        return None
    soonest, latest = min(etas, key=lambda eta: eta.low), max(etas, key=lambda eta: eta.high)
    return Eta(
        low=soonest.low,
        high=latest.high,
        since=soonest.since,
        earliest=soonest.earliest,
        latest=latest.latest,
        overdue=latest.overdue,
        approximate=any(eta.approximate for eta in etas),
    )


def _charges(findings: Sequence[Finding], decision: Decision) -> tuple[Charge, ...]:
    """Line by line; a line that differs between the worlds spans its rates, from nothing where one lacks it."""
    amount = decision.said.amount
    if len(findings) == 1:
        return tuple(bill.charge(price, amount) for price in findings[0].prices)
    figured = [finding for finding in findings if finding.bill.low is not None]
    labels = _unique(price.label for finding in figured for price in finding.prices)
    lines: list[Charge] = []
    for label in labels:
        found = [[price for price in finding.prices if price.label == label] for finding in figured]
        prices = [price for some in found for price in some]
        if all(found) and len(set(prices)) == 1:
            lines.append(bill.charge(prices[0], amount))
            continue
        ends = [end for p in prices for end in (p.span or (p.rate, p.rate)) if end is not None]
        low = min(ends) if ends and all(found) else Decimal(0)
        cites = _unique(claim for price in prices for claim in price.cites)
        lines.append(Charge(label, None, None, low, max(ends, default=None), cites))
    return tuple(lines)


def _notes(findings: Sequence[Finding], decision: Decision) -> tuple[str, ...]:
    """What holds in every world, after one line for each way the case could turn out."""
    shared = _shared([[note for _, row in f.fired for note in row.notes] for f in findings])
    return (*_cases(findings, decision), *shared)


def _cases(findings: Sequence[Finding], decision: Decision) -> tuple[str, ...]:
    """`如果……：……` for each different result, the rows that are not in every world naming the case."""
    if len(findings) == 1:
        return ()
    everywhere = set.intersection(*({row.name for _, row in finding.fired} for finding in findings))
    lines: dict[str, list[str]] = {}
    for finding in findings:
        case = "、".join(dict.fromkeys(row.case for _, row in finding.fired if row.name not in everywhere))
        guessed = finding.world.guessed.get("product")
        if guessed and "product" in decision.rules.columns:
            name = decision.rules.columns["product"].values[guessed]
            case = f"{name}，{case}" if case and name not in case else case or name
        lines.setdefault(_result(finding), []).append(case)
    return tuple(
        f"如果是{'；或'.join(dict.fromkeys(case for case in cases if case))}：{result}"
        for result, cases in lines.items()
        if result and any(cases)
    )


def _result(finding: Finding) -> str:
    """One world's result in a few words."""
    parts = [_VERDICTS[finding.verdict]] if finding.verdict else []
    total = finding.bill
    if total.fee is not None:
        parts.append("不收手续费" if not total.fee else f"手续费 {total.fee} 元")
    elif total.low is not None and total.high is not None:
        low, high = (f"{_percent(end)}" if total.in_rates else f"{end}" for end in (total.low, total.high))
        unit = "" if total.in_rates else " 元"
        parts.append(f"手续费 {low}{unit}" if low == high else f"手续费 {low} 到 {high}{unit}")
    if finding.arrival and finding.eta is None:
        parts.append(f"{finding.arrival[0]} 至 {finding.arrival[1]} 个工作日到账")
    if parts:
        return "，".join(parts)
    return next((step for _, row in finding.fired for step in row.steps), "")


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


def _steps(findings: Sequence[Finding], decision: Decision) -> tuple[str, ...]:
    """How to find out what is not known, then what is to be done in every case, then the rest."""
    guessed = dict.fromkeys(column for finding in findings for column in finding.world.guessed)
    hints = [decision.rules.columns[column].find_out for column in guessed]
    each = [[step for _, row in finding.fired for step in row.steps] for finding in findings]
    rest = (step for steps in each for step in steps) if not guessed else ()
    return _unique([*(hint for hint in hints if hint), *_shared(each), *rest])


def _shared(each: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return _unique(text for text in each[0] if all(text in others for others in each[1:]))


def _could_refine(findings: Sequence[Finding], decision: Decision) -> tuple[str, ...]:
    """Slots behind silent defaults that the tables in play would have read."""
    columns: dict[str, None] = {}
    for finding in findings:
        wish = finding.world.wish.name
        read = {column for table, _ in finding.fired for column in table.columns}
        columns.update((column, None) for column in sorted(finding.world.defaults & read))
        for after in (False, True):
            for table in decision.tables.get((wish, after), ()):
                ways: tuple[Any, ...] = table.applies[wish]
                wanted = [column for way in ways for column in way.known if column not in finding.world.facts]
                columns.update((column, None) for column in wanted)
    slots = (decision.rules.columns[column].slot for column in columns)
    return tuple(dict.fromkeys(slot for slot in slots if slot))
