"""One outcome for all the ways a case could be: what they share stands, else there is a range."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from knowledge import bill, wording
from knowledge.draft import fill
from knowledge.engine import Decision, Finding
from knowledge.outcome import UNKNOWN, Charge, Eta, Outcome, Verdict
from knowledge.table import Row, Table

T = TypeVar("T")
_MOST = 6
"""Steps, papers and alternatives beyond this many are not read by anybody."""


def outcome_of(findings: Sequence[Finding], decision: Decision) -> Outcome:
    """The outcome that covers every one of the findings."""
    verdict = _verdict(findings)
    low, high, in_rates = _range(findings)
    ranged = low is not None and high is not None and low != high
    fired = [(table, row) for finding in findings for table, row in finding.fired]
    cites = [claim for f in findings for price in f.prices for claim in price.cites]
    one_of_each = {finding.world.wish.name: finding for finding in reversed(findings)}
    draft = _same(_draft(finding) for finding in findings)
    return Outcome(
        verdict=verdict,
        fee=_same(finding.bill.fee for finding in findings),
        refund=_same(finding.refund for finding in findings),
        fee_rate=_same(finding.bill.rate for finding in findings),
        fee_range=(low, high) if low is not None and high is not None and ranged else None,
        range_in_rates=in_rates and ranged,
        next_change=_same(finding.next_change for finding in findings),
        insurance=max((f.insurance for f in findings if f.insurance is not None), default=None),
        eta=None if verdict == UNKNOWN else _eta([finding.eta for finding in findings if finding.eta]),
        charges=_charges(findings, decision.said.amount),
        notes=_unique(wording.notes(findings, decision.rules)),
        steps=_unique(wording.steps(findings, decision.rules))[:_MOST],
        evidence=_unique(text for _, row in fired for text in row.evidence)[:_MOST],
        alternatives=_unique(text for _, row in fired for text in row.alternatives)[:_MOST],
        message_draft=fill(decision.rules.drafts[draft], decision) if draft else None,
        citations=_unique([*cites, *(claim for _, row in fired for claim in row.cites)]),
        rows=_unique(f"{table.name}/{row.name}" for table, row in fired),
        could_refine=_unique(
            slot for finding in one_of_each.values() for slot in _unasked(finding, decision)
        ),
    )


def _verdict(findings: Sequence[Finding]) -> Verdict | None:
    verdicts = {finding.verdict for finding in findings}
    return verdicts.pop() if len(verdicts) == 1 else "unknown"


def _same(values: Iterable[T | None]) -> T | None:
    first, *others = list(values)
    return first if all(other == first for other in others) else None


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _draft(finding: Finding) -> str | None:
    """The most particular draft: tables are read from the general to the particular."""
    return next((row.draft for _, row in reversed(finding.fired) if row.draft), None)


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
        passed=latest.passed,
        approximate=any(eta.approximate for eta in etas),
    )


def _charges(findings: Sequence[Finding], amount: Decimal | None) -> tuple[Charge, ...]:
    """A line that differs between the worlds spans its rates, from nothing where one of them lacks it."""
    if len(findings) == 1:
        return tuple(bill.charge(price, amount) for price in findings[0].prices)
    figured = [finding for finding in findings if finding.bill.low is not None]
    lines: list[Charge] = []
    for label in _unique(price.label for finding in figured for price in finding.prices):
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


def _unasked(finding: Finding, decision: Decision) -> Iterable[str]:
    """Slots behind silent defaults with which the tables in play could have come to something else."""
    world = finding.world
    columns: dict[str, None] = {}
    for column in sorted(world.defaults):
        without = {name: value for name, value in world.facts.items() if name != column}
        for table, row in finding.fired:
            if column in table.columns and table.fire(world.wish.name, without) is not row:
                columns[column] = None
    for table in _consulted(finding, decision):
        for way in table.applies[world.wish.name]:
            columns.update((column, None) for column in way.known if column not in world.facts)
    return [slot for column in columns if (slot := decision.rules.columns[column].slot)]


def _consulted(finding: Finding, decision: Decision) -> Sequence[Table]:
    """The tables that had a say, or would have had one had more been known."""
    wish = finding.world.wish.name
    last: list[tuple[Table, Row]] = [pair for pair in finding.fired if pair[1].final]
    before = decision.tables.get((wish, False), ())
    rules = [table for table in before if not last or table.order <= last[0][0].order]
    return [*rules, *decision.tables.get((wish, True), ())]
