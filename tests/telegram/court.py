"""How a judge is called by hand: with what it is to do, a seed that is printed, and who is judged."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from tests.telegram.process import TUIDAN

Judge = Callable[[argparse.Namespace, Path, tuple[str, ...]], Coroutine[Any, Any, Mapping[str, float]]]


def hold(
    about: str | None, judge: Judge, stand_in: tuple[str, ...], *, promise: str, **options: float
) -> None:
    """Judge once, and print what was counted and the promise that was kept.

    `options` are the command line's numbers with their defaults; `stand_in` is the small bot by which the
    judge itself is judged.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in options.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stand-in", action="store_true", help="judge the judge: a small bot, not tuidan")
    given = parser.parse_args()
    _say(f"seed {given.seed}\n")
    with tempfile.TemporaryDirectory() as folder:
        counted = asyncio.run(judge(given, Path(folder), stand_in if given.stand_in else TUIDAN))
    _say(table(counted))
    _say(f"{promise}\n")


def table(counted: Mapping[str, float]) -> str:
    """What was counted or measured, a line each."""
    return "".join(f"{value:>12} {name}\n" for name, value in counted.items())


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
