"""A message in, its meaning out: the steps in their order."""

from datetime import datetime

from intents.engine import engine
from intents.model import OUT_OF_SCOPE, Ranking
from intents.normalise import normalise
from intents.understanding import Understanding

try:
    from intents.mood import mood_of
    from intents.moves import find_moves
    from intents.slots import extract
except ImportError:
    extract = None

ACCEPTED = 0.5
"""The confidence from which on the best intent is the answer."""
TOPICS = 3


def understand(text: str, now: datetime, expecting: str | None = None) -> Understanding:
    """What a message says. `expecting` names the slot that was asked last, which a bare answer then fills.

    Pure: equal arguments give equal results. Raises DataFileError where a data file is at fault.
    """
    ready = engine()
    normal = normalise(text)
    seen, ranking = ready.rank(normal.text)
    intent = answer(ranking)
    wishes = () if intent == OUT_OF_SCOPE else (intent,)
    heard = extract(normal.text, now, expecting) if extract else None
    topics = ready.topics.rank(seen.features).best[:TOPICS] if ready.topics else ()
    return Understanding(
        text=text,
        normal=normal.text,
        script=normal.script,
        intent=intent,
        confidence=round(ranking.confidence, 4),
        ranking=tuple((label, round(score, 4)) for label, score in ranking.best),
        wishes=wishes,
        slots=heard.slots if heard else {},
        denied=heard.denied if heard else (),
        moves=find_moves(normal.text) if heard else (),
        mood=mood_of(normal.text) if heard else "calm",
        topics=topics,
        tokens=tuple(seen.words),
    )


def answer(ranking: Ranking) -> str:
    """The best intent, where it is likely enough."""
    return ranking.best[0][0] if ranking.confidence >= ACCEPTED else OUT_OF_SCOPE
