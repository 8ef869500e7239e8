"""The staff's side of Telegram: their groups, topics, cards, commands and buttons."""

from collections.abc import Callable
from datetime import timedelta

from aiogram import Bot

from bot.channels.telegram.sender import Writer
from bot.channels.telegram.staff.side import Staff
from bot.desk.waiting import Patience
from bot.ops.metrics import Metrics
from bot.settings import Settings
from bot.store.protocol import ChannelStore


def staff_side(  # noqa: PLR0917 - the parts of a service, each of them once
    settings: Settings,
    bot: Bot,
    store: ChannelStore,
    write: Writer,
    wake: Callable[[], None],
    metrics: Metrics,
) -> Staff:
    """The staff's side with these settings; `wake` tells the sender that something new is in the outbox."""
    patience = Patience(
        unclaimed=timedelta(minutes=settings.remind_minutes),
        silent=timedelta(minutes=settings.silent_minutes),
        hours=settings.hours,
    )
    return Staff(store, write, bot, settings.staff_chat, patience, wake=wake, metrics=metrics)
