"""What the Bot API says about the bot, its webhook and the groups of its staff, for the doctor to judge."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram delivers to; `url` is empty where the bot has to fetch."""

    url: str
    waiting: int
    """Updates that are not delivered yet."""
    last_error: str | None


@dataclass(frozen=True, slots=True)
class StaffChat:
    """A configured group, and what the bot is in it."""

    id: int
    fault: str | None = None
    """Why nothing else is known."""
    moved_to: int | None = None
    """The group's new id, where it was made a supergroup."""
    title: str = ""
    kind: str = ""
    """private, group, supergroup or channel."""
    forum: bool = False
    administrator: bool = False
    manages_topics: bool = False
    writes: bool = True
    """Whether the bot may write there."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at the Bot API."""

    fault: str | None = None
    """Why nothing else is known."""
    refused: bool = False
    """The token is not good."""
    username: str = ""
    reads_all: bool = False
    """Whether the bot hears in a group what is not addressed to it, without being an administrator."""
    webhook: Webhook | None = None
    staff: tuple[StaffChat, ...] = ()
    ahead: timedelta | None = None
    """How far this machine's clock is before the Bot API's."""
