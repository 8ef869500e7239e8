"""What several rooms' tests share."""

import os
import signal
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("quick", deadline=None, max_examples=60, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=60)
# A run says the same as the last one did; HYPOTHESIS_PROFILE=explore looks elsewhere each time.
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


# What a shell starts in its background is deaf to Ctrl-C, and so would be what the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def root() -> Path:
    """The repository."""
    return Path(__file__).parent.parent


@pytest.fixture
def now() -> datetime:
    """A Friday morning: the clock of the tests."""
    return datetime.fromisoformat("2026-03-06T04:00:00+08:00")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests run only where they are asked for: `-m slow`."""
    if not config.option.markexpr:
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
