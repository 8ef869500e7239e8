"""Times as the database holds them."""

from datetime import datetime

from bot.config import SHANGHAI


def stamp(time: datetime) -> str:
    """All stamps have one offset, so that text sorts as time does."""
    return time.astimezone(SHANGHAI).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The time of a stamp."""
    return datetime.fromisoformat(text)
