"""Messages a second: ranking, understanding and whole turns beside bare `jieba.lcut`."""

import gc
import tempfile
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from bench.costs import Cost, Work, side_by_side
from bot.app import session_in_memory, session_on_disk
from bot.config import SHANGHAI
from bot.messages import Update
from bot.session import Session
from intents import understand
from intents.engine import engine
from intents.segment import plain_jieba

NOW = datetime(2026, 3, 6, 10, 0, tzinfo=SHANGHAI)
TURNS_A_CONVERSATION = 4
ROOT = Path(__file__).parent.parent

JIEBA, RANK, UNDERSTAND = "jieba.lcut", "ranking alone", "understand"
TURN, TURN_KEPT = "a turn, in memory", "a turn, one durable commit"


def speed(texts: Sequence[str], rounds: int) -> dict[str, Cost]:
    """What each piece of work costs a text. The database lies beside the project, on its disk."""
    jieba, ready = plain_jieba(), engine()
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        kept = session_on_disk(Path(folder) / "bench.db")
        works: dict[str, Work] = {
            JIEBA: jieba,
            RANK: ready.rank_text,
            UNDERSTAND: lambda text: understand(text, NOW),
            TURN: turns(session_in_memory()),
            TURN_KEPT: turns(kept),
        }
        gc.collect()
        gc.freeze()
        try:
            return side_by_side(works, texts, rounds)
        finally:
            kept.store.close()


def turns(session: Session) -> Work:
    """Handles each text as the next message of a conversation; after four, another begins."""
    numbers = count()

    def turn(text: str) -> None:
        number = next(numbers)
        name = f"bench-{number // TURNS_A_CONVERSATION}"
        session.handle(Update(str(number), name, name, "bench", text, NOW))
        session.delivered(name)

    return turn
