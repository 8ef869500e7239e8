"""From a case to what the rules come to: three-valued tables, asked in order, summed up.

A *world* is one way the case could be. What was said is the same in every world; where the person cannot
tell something on which the answer depends, there is a world for each way it could be: `merge` covers all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from knowledge import bill
from knowledge.conditions import Between, OneOf, sample_points
from knowledge.deduction import Deduction, explain
from knowledge.facts import UNSURE, Facts, read_case
from knowledge.outcome import UNKNOWN, Ask, Case, Eta, NextChange, Verdict
from knowledge.rulebook import Rules
from knowledge.table import Need, Price, Row, Table
from knowledge.wish import Wish
from knowledge.working_days import compute_eta

STRICTNESS: dict[Verdict, int] = {"allowed": 0, "conditional": 1, "unknown": 2, "denied": 3}
_INSTANT = timedelta(microseconds=1)
Fired = list[tuple[Table, Row]]


@dataclass(frozen=True, slots=True)
class World:
    wish: Wish
    facts: Mapping[str, Any]
    """All that is known in this world: said, guessed and implied."""
    guessed: Mapping[str, Any]
    """The columns on which this world differs from others, with its values."""
    asking: bool
    """Whether what nobody was asked about may still be asked; else it counts as not known."""
    defaults: frozenset[str]
    """The columns that a silent default filled."""
    deduction: Deduction | None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules come to in one world."""

    world: World
    fired: Fired
    verdict: Verdict | None
    prices: tuple[Price, ...]
    bill: bill.Bill
    refund: Decimal | None
    next_change: NextChange | None = None
    insurance: Decimal | None = None
    eta: Eta | None = None
    arrival: tuple[int, int] | None = None
    """The span in working days, also where no day is known to count from."""


class Decision:
    """One case being decided. `run` gives the worlds' findings, or the one question that comes first."""

    def __init__(self, rules: Rules, case: Case, now: datetime) -> None:
        self.rules = rules
        self.said: Facts = read_case(case, now, rules.columns)
        self.tables = rules.tables_as_of(case.rules_as_of or self.said.today)
        self.wish = rules.wish(case.wish)
        self.slots = case.slots

    def run(self) -> list[Finding] | Ask:
        """One finding for each way the case could be. Raises nothing for what is not known."""
        return self._explore({}, asking=True)

    def _explore(self, guessed: Mapping[str, Any], *, asking: bool) -> list[Finding] | Ask:
        world = self._world(guessed, asking)
        fired, needs = self._consult(world.wish, world.facts, after=False)
        if asking and not any(row.final for _, row in fired):
            needs += _asked_anyway(world)
        if not needs:
            finding = self._reckon(world, fired)
            needs = self._amount_need(finding)
            finding, more = self._afterwards(finding)
            needs += more
            if not needs:
                return [finding]
        return self._ask_or_branch(world, min(needs, key=lambda n: (not n.first, world.wish.rank[n.column])))

    def _world(self, guessed: Mapping[str, Any], asking: bool) -> World:
        """The world with what its wish implies; the wish itself may turn out to be another one."""
        wish = self.wish
        while True:
            facts = dict(self.said.columns)
            facts.update(guessed)
            defaults = wish.fill(facts)
            other = wish.turned_into(facts)
            if other is None:
                break
            wish = self.rules.wish(other)
        if facts.get("product", UNSURE) not in (UNSURE, *wish.products):
            facts["product"] = UNSURE
        found = None
        if wish.name in self.rules.explaining:
            found = explain(self.said, facts.get("product", UNSURE), self.rules.known_prices)
            if found is not None:
                facts["deduction"] = found.kind
        return World(wish, facts, guessed, asking, defaults, found)

    def _consult(self, wish: Wish, facts: Mapping[str, Any], *, after: bool) -> tuple[Fired, list[Need]]:
        fired: Fired = []
        needs: list[Need] = []
        for table in self.tables.get((wish.name, after), ()):
            result = table.fire(wish.name, facts)
            if isinstance(result, Need):
                needs.append(self._via_slot(result))
            elif result is not None:
                fired.append((table, result))
                if result.final:
                    break
        return fired, needs

    def _via_slot(self, need: Need) -> Need:
        """What is derived from a slot is asked for by that slot."""
        column = self.rules.columns[need.column]
        if column.kind == "result" and column.slot:
            return replace(need, column=column.slot)
        return need

    def _reckon(self, world: World, fired: Fired) -> Finding:
        """Verdict and figures of the rules' stage."""
        verdict = None if world.wish.no_verdict else _strictest(fired)
        found = world.deduction
        if found is not None:
            refund = self.said.received if found.bill.fee is not None else None
            return Finding(world, fired, verdict, found.prices, found.bill, refund)
        prices = tuple(price for _, row in fired for price in row.charges)
        total = self._total(fired)
        refund = None
        if self.said.amount is not None and total.fee is not None and _gives_back(fired):
            refund = self.said.amount - total.fee
        return Finding(world, fired, verdict, prices, total, refund, self._next_change(world, fired, total))

    def _total(self, fired: Fired) -> bill.Bill:
        prices = [price for _, row in fired for price in row.charges]
        if not prices or any(row.no_figures for _, row in fired):
            return bill.Bill()
        return bill.add_up(prices, self.said.amount)

    def _amount_need(self, finding: Finding) -> list[Need]:
        """The amount is asked for where a figure in CNY depends on it."""
        world, fired = finding.world, finding.fired
        if not world.asking or "amount" in world.facts or "amount" in world.wish.never_asks:
            return []
        if any(row.no_figures for _, row in fired) or not finding.prices:
            return []
        if not _gives_back(fired) and not any(price.rate or price.span for price in finding.prices):
            return []
        return [Need("amount", tuple(row for _, row in fired if row.charges))]

    def _next_change(self, world: World, fired: Fired, total: bill.Bill) -> NextChange | None:
        """When waiting makes it dearer: the next lower edge, if the stage below it has a dearer figure."""
        if self.said.event_time is None or self.said.amount is None or total.low is None:
            return None
        edges = [
            c.low for _, row in fired for name, c in row.when if name == "lead" and isinstance(c, Between)
        ]
        edge = max((low for low in edges if low is not None and low > timedelta(0)), default=None)
        if edge is None:
            return None
        rows, needs = self._consult(world.wish, dict(world.facts) | {"lead": edge - _INSTANT}, after=False)
        fee = None if needs else self._total(rows).fee
        if fee is None or fee <= total.low:
            return None
        return NextChange(self.said.event_time - edge, fee)

    def _afterwards(self, finding: Finding) -> tuple[Finding, list[Need]]:
        """The tables that read what the rules came to: arrival, delay, insurance, advice."""
        wish, facts = finding.world.wish, dict(finding.world.facts)
        facts["refundable"] = "yes" if _refundable(finding) else "no"
        facts["overdue"] = "not_known"
        fired, needs = list(finding.fired), []
        eta, arrival, insurance = None, None, None
        for table in self.tables.get((wish.name, True), ()):
            result = table.fire(wish.name, facts)
            if isinstance(result, Need):
                needs.append(self._via_slot(result))
            elif result is not None:
                fired.append((table, result))
                if result.eta is not None:
                    arrival, eta = result.eta, self._eta(wish, result.eta)
                    facts["overdue"] = _overdue(eta)
                if result.insurance is not None:
                    insurance = self._insured(result.insurance, finding.bill)
        return replace(finding, fired=fired, eta=eta, arrival=arrival, insurance=insurance), needs

    def _eta(self, wish: Wish, days: tuple[int, int]) -> Eta | None:
        """Counted from the day of the request where the wish is about one, else from today."""
        since = self.said.requested_at if "requested_at" in wish.asks else self.said.today
        return compute_eta(since, days, self.said.today) if since else None

    def _insured(self, rate: Decimal, total: bill.Bill) -> Decimal | None:
        """At most the insured share of the price, and never more than the loss."""
        if self.said.amount is None:
            return None
        most = bill.rounded(self.said.amount * rate)
        return most if total.high is None else min(most, total.high)

    def _ask_or_branch(self, world: World, need: Need) -> list[Finding] | Ask:
        column = need.column
        if world.asking and column not in world.facts and column not in world.wish.never_asks:
            return self._question(world, need)
        worlds = [dict(world.guessed) | {column: value} for value in self._values(world, need)]
        results = [self._explore(guessed, asking=world.asking) for guessed in worlds]
        asks = [result for result in results if isinstance(result, Ask)]
        if asks and column == "product" and len(asks) < len(results):
            # Without the product, what only some of them need is not asked: an interview for a mere range.
            results, asks = [self._explore(guessed, asking=False) for guessed in worlds], []
        if asks:
            return min(asks, key=lambda ask: world.wish.rank[self.rules.column_of[ask.slot]])
        return [finding for result in results if not isinstance(result, Ask) for finding in result]

    def _question(self, world: World, need: Need) -> Ask:
        column = self.rules.columns[need.column]
        options: tuple[str, ...] = ()
        if need.column == "product":
            options = world.wish.products
        elif column.kind == "choice":
            named = _named(need)
            options = tuple(v for v in column.values if v != UNKNOWN and (not named or v in named))
        cites = tuple(column.cites) or tuple(dict.fromkeys(c for row in need.rows for c in row.cites))
        return Ask(str(column.slot), options, cites)

    def _values(self, world: World, need: Need) -> Sequence[Any]:
        """The ways in which the column could turn out; of figures, one for each set of rows they leave."""
        column = self.rules.columns[need.column]
        if need.column == "product":
            return world.wish.in_doubt
        if column.kind == "choice":
            return tuple(column.values)
        intervals = [
            c for row in need.rows for name, c in row.when if name == need.column and isinstance(c, Between)
        ]
        found: dict[tuple[bool, ...], Any] = {}
        for point in sample_points(intervals, column.kind):
            found.setdefault(tuple(interval.holds(point) for interval in intervals), point)
        return tuple(reversed(found.values()))


def _asked_anyway(world: World) -> list[Need]:
    """What the wish asks for whatever the tables say; once one of it is not known, the rest is of no use."""
    if any(world.facts.get(column) is UNSURE for column in world.wish.asks):
        return []
    return [Need(column) for column in world.wish.asks if column not in world.facts]


def _strictest(fired: Fired) -> Verdict | None:
    verdicts: list[Verdict] = [row.verdict for _, row in fired if row.verdict]
    if not verdicts:
        return None
    strictest: Verdict = max(verdicts, key=STRICTNESS.__getitem__)
    return strictest


def _gives_back(fired: Fired) -> bool:
    """Whether a refund follows from the bill: the order itself is undone, and no row says otherwise."""
    own = any(row.charges for table, row in fired if table.bill == "own")
    return own and not any(row.no_refund or row.no_figures for _, row in fired)


def _overdue(eta: Eta | None) -> str:
    """The value of the column `overdue`: after the latest day, overdue begins with the next working day."""
    if eta is None:
        return "not_known"
    if eta.overdue:
        return "yes"
    return "passed" if eta.passed else "no"


def _refundable(finding: Finding) -> bool:
    """Whether there is money that the person can go and get."""
    if finding.verdict not in ("allowed", "conditional") or not _gives_back(finding.fired):
        return False
    if finding.refund is not None:
        return finding.refund > 0
    return finding.bill.high is None or finding.bill.high < 1


def _named(need: Need) -> set[str]:
    """The values that the rows tell apart; empty where any value leads to an answer."""
    if need.any_value:
        return set()
    conditions = [dict(row.when).get(need.column) for row in need.rows]
    if None in conditions:
        return set()
    return {value for c in conditions if isinstance(c, OneOf) for value in c.values}
