"""How well the engine does on labelled messages that it was not trained on."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from intents.engine import Engine
from intents.model import OUT_OF_SCOPE, Ranking
from intents.pipeline import answer
from intents.segment import plain_jieba


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message; `voice` names the kind of writer it came from."""

    text: str
    intent: str
    voice: str


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many."""

    right: int
    all: int

    @property
    def share(self) -> float:
        """0..1; 1 of nothing."""
        return self.right / self.all if self.all else 1.0


@dataclass(frozen=True, slots=True)
class Report:
    """The figures. A message in scope that is rejected counts as wrong."""

    in_scope: Share
    rejected: Share
    """Of the messages out of scope."""
    separation: float
    """Area under the ROC curve of the best raw score, in scope against out of scope."""
    separation_by_confidence: float
    voices: dict[str, Share]
    """In scope only."""
    intents: dict[str, Share]
    mixed_up: tuple[tuple[str, str, int], ...]
    """(meant, understood, times), most often first."""


def read(paths: Iterable[Path]) -> list[Message]:
    """Messages of JSON lines files: text, intent and, if known, voice. Raises OSError, ValueError."""
    rows = [orjson.loads(line) for path in paths for line in path.read_bytes().splitlines() if line.strip()]
    return [Message(row["text"], row["intent"], row.get("voice", "")) for row in rows]


def evaluate(engine: Engine, messages: Sequence[Message]) -> Report:
    """Rank every message and count."""
    rankings = [engine.rank_text(message.text) for message in messages]
    pairs = [(message, answer(ranking)) for message, ranking in zip(messages, rankings, strict=True)]
    wrong = Counter((message.intent, found) for message, found in pairs if found != message.intent)
    inside = [pair for pair in pairs if pair[0].intent != OUT_OF_SCOPE]
    outside = [pair for pair in pairs if pair[0].intent == OUT_OF_SCOPE]

    def area(score: Callable[[Ranking], float]) -> float:
        scored = [(score(r), m.intent != OUT_OF_SCOPE) for m, r in zip(messages, rankings, strict=True)]
        return separation(scored)

    return Report(
        _share(inside),
        _share(outside),
        area(lambda ranking: ranking.best[0][1]),
        area(lambda ranking: ranking.confidence),
        {
            voice: _share([p for p in inside if p[0].voice == voice])
            for voice in _names(m.voice for m, _ in inside)
        },
        {
            name: _share([p for p in pairs if p[0].intent == name])
            for name in _names(m.intent for m in messages)
        },
        tuple((meant, found, times) for (meant, found), times in wrong.most_common(20)),
    )


def as_text(report: Report) -> str:
    """The report in lines for people."""
    lines = [
        f"范围内：{_percent(report.in_scope)}",
        f"范围外拒答：{_percent(report.rejected)}",
        f"区分度 AUROC：得分 {report.separation:.4f}，把握 {report.separation_by_confidence:.4f}",
    ]
    lines += [f"  写法 {voice or '—'}：{_percent(share)}" for voice, share in report.voices.items()]
    lines += [f"  意图 {name}：{_percent(share)}" for name, share in report.intents.items()]
    lines += [f"  {meant} 认成 {found}：{times} 次" for meant, found, times in report.mixed_up]
    return "\n".join(lines)


def _percent(share: Share) -> str:
    return f"{share.share:.1%}（{share.right}/{share.all}）"


def separation(scored: Iterable[tuple[float, bool]]) -> float:
    """The chance that a random positive scores above a random negative; equal scores count one half."""
    below = 0.0
    positives = negatives = 0
    groups: dict[float, list[bool]] = {}
    for score, positive in scored:
        groups.setdefault(score, []).append(positive)
    for score in sorted(groups):
        up = sum(groups[score])
        down = len(groups[score]) - up
        below += up * (negatives + down / 2)
        positives += up
        negatives += down
    return below / (positives * negatives) if positives and negatives else 1.0


def cost_against_jieba(engine: Engine, texts: Sequence[str], rounds: int = 5) -> float:
    """CPU time of ranking as a multiple of plain `jieba.lcut` on the same texts in the same run."""
    cut = plain_jieba()
    ranking = jieba = float("inf")
    for _ in range(rounds):
        jieba = min(jieba, _seconds(cut, texts))
        ranking = min(ranking, _seconds(engine.rank_text, texts))
    return ranking / jieba


def _seconds(work: Callable[[str], object], texts: Sequence[str]) -> float:
    start = time.process_time()
    for text in texts:
        work(text)
    return time.process_time() - start


def _share(pairs: Sequence[tuple[Message, str]]) -> Share:
    return Share(sum(message.intent == found for message, found in pairs), len(pairs))


def _names(names: Iterable[str]) -> list[str]:
    return sorted(set(names))
