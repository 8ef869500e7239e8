"""A turn, told to the log and to the figures: how it went, in the project's own words."""

from bot.dialogue.turn import Turn
from bot.ops.logs import logger
from bot.ops.metrics import Metrics


def turn_taken(metrics: Metrics, conversation: str, turn: Turn, seconds: float) -> None:
    """Log and count a turn of the conversation; `seconds` is what it took, its commit included."""
    metrics.turns.labels(_ends(turn)).inc()
    metrics.turn_seconds.observe(seconds)
    if turn.handoff:
        metrics.handoffs.labels(turn.handoff.reason).inc()
    logger().info(
        "turn.taken",
        conversation=conversation,
        intent=turn.intent,
        asks=turn.asks,
        verdict=turn.outcome.verdict if turn.outcome else None,
        handoff=turn.handoff.reason if turn.handoff else None,
        replies=len(turn.replies),
        seconds=round(seconds, 4),
    )


def _ends(turn: Turn) -> str:
    if turn.handoff:
        return "handoff"
    if turn.outcome:
        return "outcome"
    return "question" if turn.asks else "talk"
