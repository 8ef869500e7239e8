"""Whether a person is calm, upset or abusive."""

from collections.abc import Mapping
from functools import lru_cache

from intents import phrases
from intents.data_files import FOLDER, Finding
from intents.understanding import Mood

_FILE = FOLDER / "mood.yaml"
_NAMES = frozenset({"abusive", "upset"})
_READ = 400


def mood_of(normal: str) -> Mood:
    """The mood of a normalised message; insults outweigh all else. Raises DataFileError."""
    lists = _lists()
    text = normal[:_READ]
    if lists["abusive"].heard_in(text):
        return "abusive"
    return "upset" if lists["upset"].heard_in(text) else "calm"


def check() -> list[Finding]:
    """The first fault of the data file, if it has one."""
    return phrases.check(_FILE, _NAMES)


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, phrases.PhraseList]:
    return phrases.load(_FILE, _NAMES)
