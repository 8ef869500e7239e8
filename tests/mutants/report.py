"""What became of the mutants, for people and for programs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.mutants.mutations import RULES, Mutation
from tests.mutants.trial import Verdict

BAR = 0.98
"""The least share of the changed figures and verdicts that a dialogue must notice, explained or not."""
EXPLAINED = Path(__file__).parent / "explained.yaml"


@dataclass(frozen=True, slots=True)
class Explained:
    """A survivor, and why no conversation can notice it."""

    file: str
    key: str
    before: str
    after: str
    why: str

    def tells(self, mutation: Mutation) -> bool:
        """Whether it is about this mutation."""
        said = (mutation.file, mutation.key, mutation.before, mutation.after)
        return said == (self.file, self.key, self.before, self.after)


def explained() -> list[Explained]:
    """The survivors with an explanation, from the file beside this module."""
    return [Explained(**entry) for entry in yaml.safe_load(EXPLAINED.read_text("utf-8")) or []]


def unexplained(verdicts: Sequence[Verdict], known: Sequence[Explained]) -> list[Mutation]:
    """Figures and verdicts whose change no dialogue noticed, and nobody said why none can."""
    return [
        verdict.mutation
        for verdict in verdicts
        if verdict.fate == "survived" and verdict.mutation.kind in RULES and not _why(verdict, known)
    ]


def share(verdicts: Sequence[Verdict]) -> float:
    """Killed by a dialogue, of all that are about figures and verdicts and can be loaded."""
    counts = Counter(verdict.fate for verdict in verdicts if verdict.mutation.kind in RULES)
    tried = counts["killed"] + counts["survived"]
    return counts["killed"] / tried if tried else 1.0


def as_text(verdicts: Sequence[Verdict], known: Sequence[Explained]) -> str:
    """A line for each kind, then the survivors with what came near them."""
    lines = [f"{'kind':<10}{'mutants':>8}{'killed':>8}{'survived':>9}{'refused':>8}{'by the proof':>13}"]
    kinds = sorted(
        {verdict.mutation.kind for verdict in verdicts}, key=lambda kind: (kind not in RULES, kind)
    )
    lines += [_counts(kind, [v for v in verdicts if v.mutation.kind == kind]) for kind in kinds]
    lines.append(_counts("all", verdicts))
    for verdict in verdicts:
        if verdict.fate == "survived":
            lines.append(f"survived  {verdict.mutation}")
            why = _why(verdict, known)
            lines += [f"  because: {why}"] if why else [f"  not noticed by {near}" for near in verdict.near]
    what = "of the changed figures and verdicts that load"
    lines.append(f"{share(verdicts):.2%} killed by the suites, {what}; the bar is {BAR:.0%}")
    return "\n".join(lines)


def _counts(kind: str, verdicts: Sequence[Verdict]) -> str:
    fates = Counter(verdict.fate for verdict in verdicts)
    proof = sum(verdict.proof for verdict in verdicts)
    numbers = (len(verdicts), fates["killed"], fates["survived"], fates["refused"], proof)
    return f"{kind:<10}" + "".join(f"{n:>{w}}" for n, w in zip(numbers, (8, 8, 9, 8, 13), strict=True))


def _why(verdict: Verdict, known: Sequence[Explained]) -> str:
    return next((entry.why for entry in known if entry.tells(verdict.mutation)), "")


def as_json(verdicts: Sequence[Verdict], known: Sequence[Explained]) -> str:
    """All verdicts. The same suites and data give the same bytes, whatever the number of processes."""
    data = {
        "share": round(share(verdicts), 4),
        "bar": BAR,
        "mutants": [_entry(verdict, known) for verdict in verdicts],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _entry(verdict: Verdict, known: Sequence[Explained]) -> dict[str, Any]:
    mutation = verdict.mutation
    return {
        "file": mutation.file,
        "line": mutation.line,
        "key": mutation.key,
        "kind": mutation.kind,
        "before": mutation.before,
        "after": mutation.after,
        "fate": verdict.fate,
        "by": verdict.by,
        "near": list(verdict.near),
        "refused_by_proof": verdict.proof,
        "why": _why(verdict, known),
    }
