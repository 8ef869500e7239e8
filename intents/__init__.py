"""Understanding a customer's message: normalising, words, matching against examples, slots.

This room knows nothing of what the rules say nor of any conversation.
"""

from datetime import datetime

from intents.understanding import Understanding

__all__ = ["Understanding", "understand"]


def understand(text: str, now: datetime, expecting: str | None = None) -> Understanding:
    """See `intents.pipeline.understand`, which is imported (with numpy and jieba) at the first call."""
    from intents import pipeline  # noqa: PLC0415 - whoever only names the types pays for nothing

    return pipeline.understand(text, now, expecting)
