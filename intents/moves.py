"""What a person does in the talk besides stating a wish: correcting, supposing, not knowing, asking why."""

from functools import lru_cache
from typing import cast, get_args

from intents import phrases
from intents.data_files import HOME, Finding
from intents.understanding import Move

_FILE = "moves.yaml"
_NAMES: frozenset[str] = frozenset(get_args(Move))
_READ = 400
"""Characters that are read: moves are made in few words."""


def find_moves(normal: str) -> tuple[Move, ...]:
    """The moves of a normalised message, in the data file's order. Raises DataFileError."""
    return tuple(cast(list[Move], _moves().heard_in(normal[:_READ])))


def check() -> list[Finding]:
    """The first fault of the data file, if it has one."""
    return phrases.check(HOME.folder / _FILE, _NAMES)


@lru_cache(maxsize=1)
def _moves() -> phrases.PhraseLists:
    return phrases.load(HOME.folder / _FILE, _NAMES)
