"""A message in, its meaning out: the steps in their order."""

from datetime import datetime

from intents.clauses import first_item, parts, wanted
from intents.data_files import asides, circumstances, concept_words, domain_words
from intents.engine import Engine, engine
from intents.features import View
from intents.lazily import Lazily
from intents.model import OUT_OF_SCOPE, Ranking
from intents.mood import mood_of
from intents.moves import find_moves
from intents.normalise import normalise
from intents.slots import extract, phrasebook, respelling, time_values
from intents.stated import stated
from intents.understanding import Understanding

SURE = 0.6
"""The confidence from which on a part of a message counts as a wish of its own."""
CLOSE = 0.4
"""A lead of at most this score leaves it open which of two wishes is meant."""
PLAIN_OPENING = 3.0
"""The score of opening words that are nothing but a wish: 我要退款, 取消订单."""
SHORTEST_OPENING = 3
TOPICS = 3


def understand(text: str, now: datetime, expecting: str | None = None) -> Understanding:
    """What a message says. `expecting` names the slot that was asked last, which a bare answer then fills.

    Pure: equal arguments give equal results. Raises DataFileError where a data file is at fault.
    """
    ready = engine()
    normal = normalise(text)
    seen, whole = ready.rank(wanted(first_item(normal.text)))
    ranking, wishes = _wishes(ready, normal.text, whole)
    heard = extract(normal.text, now, expecting)
    moves = find_moves(normal.text)
    states = "unsure" not in moves and (wishes or expecting)
    likely = stated(ready, normal.text, heard.slots, expecting) if states else {}
    return Understanding(
        text=text,
        normal=normal.text,
        script=normal.script,
        intent=wishes[0] if wishes else OUT_OF_SCOPE,
        confidence=round(ranking.confidence, 4),
        ranking=ranking.best,
        wishes=wishes,
        slots={**likely, **heard.slots},
        denied=heard.denied,
        moves=moves,
        mood=mood_of(normal.text),
        topics=Lazily(lambda: _topics(ready, seen)),
        tokens=tuple(seen.words),
        reasons=Lazily(lambda: _reasons(ready, seen, ranking)),
    )


def load() -> None:
    """Read every data file now, those too that few messages need. Raises DataFileError."""
    for of_a_text in (normalise, parts, find_moves, mood_of):
        of_a_text("")
    for of_slots in (phrasebook, respelling, time_values):
        of_slots.load()
    for of_learning in (concept_words, domain_words, asides, circumstances):
        of_learning()
    engine()  # the last: who made a mistake above should not wait until it has learned


def answer(ranking: Ranking) -> str:
    """The best intent, where the message is about any."""
    return ranking.best[0][0] if ranking.inside else OUT_OF_SCOPE


def _wishes(ready: Engine, normal: str, whole: Ranking) -> tuple[Ranking, tuple[str, ...]]:
    """The first wish's ranking, and the wishes in their order.

    Those of the parts that are sure, where a word opens another wish; else that of the whole.
    """
    pieces = parts(normal)
    if len(pieces) > 1:
        sure: dict[str, Ranking] = {}
        for piece in pieces:
            ranking = ready.rank(wanted(piece))[1]
            if ranking.inside and ranking.confidence >= SURE:
                sure.setdefault(ranking.best[0][0], ranking)
        if sure:
            return next(iter(sure.values())), tuple(sure)
    first = _opening(ready, normal, whole)
    return first, (first.best[0][0],) if first.inside else ()


def _opening(ready: Engine, normal: str, whole: Ranking) -> Ranking:
    """我要退款，是游戏点券，付了款还没发货: between two wishes that are close, the opening words decide."""
    opening, pause, _ = normal.partition(",")
    if not (whole.inside and pause and len(whole.best) > 1) or len(opening) < SHORTEST_OPENING:
        return whole
    (_, best), (second, close) = whole.best[:2]
    if best - close > CLOSE:
        return whole
    first = ready.rank(wanted(opening))[1]
    return first if first.best and first.best[0][1] >= PLAIN_OPENING and answer(first) == second else whole


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
