"""The sentences of an outcome: what holds in every world, and a line for each way it could turn out."""

from collections.abc import Sequence
from decimal import Decimal

from knowledge.engine import Finding
from knowledge.outcome import Verdict
from knowledge.rulebook import Rules
from knowledge.table import Row

_PERSON = "account_type"
"""The column of what holds for the person, whatever the order is about."""

_VERDICTS: dict[Verdict, str] = {
    "allowed": "可以自己办",
    "conditional": "要对方同意或补材料才能办",
    "unknown": "资料里没有写死，以平台为准",
    "denied": "办不了",
}


def notes(findings: Sequence[Finding], rules: Rules) -> Sequence[str]:
    """The ways it could turn out, then the notes of every world."""
    return [
        *_cases(findings, rules),
        *_shared([[n for row in _rows(f) for n in row.notes] for f in findings]),
    ]


def steps(findings: Sequence[Finding], rules: Rules) -> Sequence[str]:
    """How to find out what is not known, then what is to be done in every case."""
    guessed = dict.fromkeys(column for finding in findings for column in finding.world.guessed)
    hints = [hint for column in guessed if (hint := rules.columns[column].find_out)]
    return [*hints, *_shared([_steps(finding) for finding in findings])]


def _steps(finding: Finding) -> list[str]:
    """What is denied needs no papers for having it: the steps of milder rows are left out then."""
    milder = ("allowed", "conditional") if finding.verdict == "denied" else ()
    return [step for row in _rows(finding) if row.verdict not in milder for step in row.steps]


def _rows(finding: Finding) -> Sequence[Row]:
    """The rows that fired: who may act at all comes before how, where it is a condition."""
    conditions = [
        row for table, row in finding.fired if _PERSON in table.columns and row.verdict == "conditional"
    ]
    return [*conditions, *(row for _, row in finding.fired if row not in conditions)]


def _shared(each: Sequence[Sequence[str]]) -> Sequence[str]:
    return [text for text in each[0] if all(text in others for others in each[1:])]


def _cases(findings: Sequence[Finding], rules: Rules) -> Sequence[str]:
    """`如果……：……` for each way in which what is not known could turn out; equal results share a line.

    Told by the first thing that is not known, or by the next where that one makes no difference.
    """
    for column in findings[0].world.guessed if len(findings) > 1 else ():
        by_case: dict[str, list[Finding]] = {}
        for finding in findings:
            by_case.setdefault(_case(finding, column, rules), []).append(finding)
        by_result: dict[str, list[str]] = {}
        for case, group in by_case.items():
            by_result.setdefault(_result(group), []).append(case)
        if len(by_result) > 1:
            told = [(result, [case for case in cases if case]) for result, cases in by_result.items()]
            return [f"如果是{'，或'.join(cases)}：{result}" for result, cases in told if result and cases]
    return []


def _case(finding: Finding, column: str, rules: Rules) -> str:
    """One way for the column to turn out, in words: its value's label, or the case of the rows reading it."""
    labels = rules.columns[column].values
    cases = [row.case for _, row in finding.fired if any(name == column for name, _ in row.when)]
    if labels and (len(finding.world.guessed) > 1 or not cases or column == "product"):
        return labels.get(finding.world.guessed.get(column, ""), "")
    return "、".join(cases)


def _result(group: Sequence[Finding]) -> str:
    """What it comes to, in a few words; empty where there is nothing to say of the whole group."""
    if group[0].world.deduction is not None:
        return "、".join(dict.fromkeys(row.case for f in group for _, row in f.fired))
    verdicts = {finding.verdict for finding in group}
    only = next(iter(verdicts))
    parts = (
        [_VERDICTS[only]] if len(verdicts) == 1 and only else ["要看具体情况"] if len(verdicts) > 1 else []
    )
    bills = [f.bill for f in group if f.bill.low is not None and f.bill.high is not None]
    if bills:
        in_rates = any(bill.in_rates for bill in bills)
        lows, highs = (
            [b.low for b in bills if b.low is not None],
            [b.high for b in bills if b.high is not None],
        )
        if len(bills) == len(group):
            parts.append(_fee(min(lows), max(highs), in_rates=in_rates))
        elif max(highs):
            parts.append("算得出的情形里" + _fee(min(lows), max(highs), in_rates=in_rates))
    spans = {f.arrival for f in group if f.arrival and f.eta is None}
    if spans:
        parts.append(f"{min(s[0] for s in spans)} 至 {max(s[1] for s in spans)} 个工作日到账")
    return "，".join(parts) or next(iter(_shared([_steps(finding) for finding in group])), "")


def _fee(low: Decimal, high: Decimal, *, in_rates: bool) -> str:
    if not high:
        return "不收手续费"
    first, last = (_percent(end) if in_rates else str(end) for end in (low, high))
    return f"手续费 {first if low == high else f'{first} 到 {last}'}{'' if in_rates else ' 元'}"


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"
