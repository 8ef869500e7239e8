"""A message in, its meaning out: the steps in their order."""

from datetime import datetime

from intents.clauses import parts, wanted
from intents.engine import Engine, engine
from intents.features import View
from intents.lazily import Lazily
from intents.model import OUT_OF_SCOPE, Ranking
from intents.mood import mood_of
from intents.moves import find_moves
from intents.normalise import normalise
from intents.slots import extract
from intents.understanding import Understanding

SURE = 0.6
"""The confidence from which on a part of a message counts as a wish of its own."""
TOPICS = 3


def understand(text: str, now: datetime, expecting: str | None = None) -> Understanding:
    """What a message says. `expecting` names the slot that was asked last, which a bare answer then fills.

    Pure: equal arguments give equal results. Raises DataFileError where a data file is at fault.
    """
    ready = engine()
    normal = normalise(text)
    seen, whole = ready.rank(wanted(normal.text))
    ranking, wishes = _wishes(ready, normal.text, whole)
    heard = extract(normal.text, now, expecting)
    return Understanding(
        text=text,
        normal=normal.text,
        script=normal.script,
        intent=wishes[0] if wishes else OUT_OF_SCOPE,
        confidence=round(ranking.confidence, 4),
        ranking=ranking.best,
        wishes=wishes,
        slots=heard.slots,
        denied=heard.denied,
        moves=find_moves(normal.text),
        mood=mood_of(normal.text),
        topics=Lazily(lambda: _topics(ready, seen)),
        tokens=tuple(seen.words),
        reasons=Lazily(lambda: _reasons(ready, seen, ranking)),
    )


def answer(ranking: Ranking) -> str:
    """The best intent, where the message is about any."""
    return ranking.best[0][0] if ranking.inside else OUT_OF_SCOPE


def _wishes(ready: Engine, normal: str, whole: Ranking) -> tuple[Ranking, tuple[str, ...]]:
    """The first wish's ranking, and the wishes in their order.

    Those of the parts where two are sure and differ, else that of the whole.
    """
    pieces = parts(normal)
    if len(pieces) > 1:
        sure: dict[str, Ranking] = {}
        for piece in pieces:
            ranking = ready.rank(wanted(piece))[1]
            if ranking.inside and ranking.confidence >= SURE:
                sure.setdefault(ranking.best[0][0], ranking)
        if len(sure) > 1:
            return next(iter(sure.values())), tuple(sure)
    return whole, (whole.best[0][0],) if whole.inside else ()


def _topics(ready: Engine, seen: View) -> tuple[tuple[str, float], ...]:
    """The nearest topics; a score above one half means a question about it."""
    if ready.topics is None:
        return ()
    nearest = ready.topics.nearest(seen.written, TOPICS)
    return tuple([(topic, round(ready.topics.likelihood(score), 4)) for topic, score in nearest])


def _reasons(ready: Engine, seen: View, ranking: Ranking) -> tuple[str, ...]:
    """What speaks most for the best intent, strongest first: 取消送票 +0.31."""
    if not ranking.best:
        return ()
    return tuple(
        [f"{part} {gain:+.2f}" for part, gain in ready.intents.reasons(seen.features, ranking.best[0][0])]
    )
