"""The person's script: replies are kept in Simplified and turned into Traditional for those who write it."""

from functools import cache

import opencc


@cache
def _to_taiwan() -> opencc.OpenCC:
    return opencc.OpenCC("s2tw")


def in_script(text: str, script: str) -> str:
    """The text in the script "hans" (as kept) or "hant"."""
    return _to_taiwan().convert(text) if script == "hant" else text


def writes_simplified(text: str) -> bool:
    """True where the text holds characters that only Simplified Chinese has."""
    return bool(_to_taiwan().convert(text) != text)
