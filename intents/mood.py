"""Whether a person is calm, upset or abusive."""

from collections.abc import Mapping
from functools import lru_cache

from intents import phrases
from intents.data_files import FOLDER
from intents.understanding import Mood

_READ = 400


def mood_of(normal: str) -> Mood:
    """The mood of a normalised message; insults outweigh all else. Raises DataFileError."""
    lists = _lists()
    text = normal[:_READ]
    if lists["abusive"].heard_in(text):
        return "abusive"
    return "upset" if lists["upset"].heard_in(text) else "calm"


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, phrases.PhraseList]:
    return phrases.load(FOLDER / "mood.yaml", frozenset({"abusive", "upset"}))
