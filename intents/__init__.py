"""Understanding a customer's message: normalising, words, matching against examples, slots.

This room knows nothing of what the rules say nor of any conversation.
"""

from datetime import datetime
from pathlib import Path

from intents.understanding import Understanding

__all__ = ["Understanding", "load", "understand", "use"]


def use(folder: Path | None) -> None:
    """From now on the data files are those in `folder`, laid out as `intents/data`; None: built-in.

    To be told before the first is read. ValueError where another folder was named or read before.
    """
    from intents.data_files import HOME  # noqa: PLC0415 - whoever only names the types pays for nothing

    HOME.use(folder)


def load() -> None:
    """Read every data file now; else each is read when it is needed first. Raises DataFileError.

    Examples that nobody has trained on before take some seconds: see `intents.engine`.
    """
    from intents import pipeline  # noqa: PLC0415 - likewise

    pipeline.load()


def understand(text: str, now: datetime, expecting: str | None = None) -> Understanding:
    """See `intents.pipeline.understand`, which is imported (with numpy and jieba) at the first call."""
    from intents import pipeline  # noqa: PLC0415 - likewise

    return pipeline.understand(text, now, expecting)
