"""`tuidan telegram`."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bot.cli.places import Database
from bot.errors import TuidanError


def telegram(db: Database = None) -> None:
    """Serve people in Telegram, and the staff who take conversations over, until SIGTERM."""
    from bot.settings import read_settings  # noqa: PLC0415 - the other commands need none of it

    settings = read_settings()
    if settings.telegram_token is None:
        raise TuidanError("TUIDAN_TELEGRAM_TOKEN is not set: talk to @BotFather, see docs/telegram.md")
    with _nothing_thrown_away():
        from bot.channels.telegram.service import serve  # noqa: PLC0415 - its library takes seconds to load
    from bot.ops import logs  # noqa: PLC0415 - as the settings
    from bot.ops.metrics import Metrics, served  # noqa: PLC0415 - as the settings

    logs.set_up(settings.log, settings.secrets())
    metrics = Metrics()
    with ExitStack() as stack:
        if settings.metrics_port is not None:
            stack.enter_context(served(metrics, settings.metrics_host, settings.metrics_port))
        asyncio.run(serve(settings, settings.telegram_token.get_secret_value(), db, metrics))


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """What a library makes while it is loaded stays; a fifth of the time went into looking for garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
