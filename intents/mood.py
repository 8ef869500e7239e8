"""Whether a person is calm, upset or abusive."""

from functools import lru_cache

from intents import phrases
from intents.data_files import HOME, Finding
from intents.understanding import Mood

_FILE = "mood.yaml"
_NAMES = frozenset({"abusive", "upset"})
_READ = 400


def mood_of(normal: str) -> Mood:
    """The mood of a normalised message; insults outweigh all else. Raises DataFileError."""
    heard = _lists().heard_in(normal[:_READ])
    if "abusive" in heard:
        return "abusive"
    return "upset" if heard else "calm"


def check() -> list[Finding]:
    """The first fault of the data file, if it has one."""
    return phrases.check(HOME.folder / _FILE, _NAMES)


@lru_cache(maxsize=1)
def _lists() -> phrases.PhraseLists:
    return phrases.load(HOME.folder / _FILE, _NAMES)
