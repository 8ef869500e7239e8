"""What to expect from now on where an expectation did not hold."""

from collections.abc import Mapping
from typing import Any

from bot.replay.compare import Failure

_HEADLINE: Mapping[str, tuple[str, ...]] = {"outcome": ("verdict", "fee", "refund"), "handoff": ("reason",)}
"""What is expected of a thing that was expected not to be there; its texts are nobody's expectation."""


class CannotAcceptError(Exception):
    """What came cannot stand in for what was expected; the text says why, for a person."""


def new_value(failure: Failure) -> Any:
    """The value that the failed key expects from now on.

    What is partial stays partial: the key gets what came for it and no key is added, save where nothing was
    expected and something came; then it is the headline that is expected. Raises `CannotAcceptError` for
    words and lists of which the person named some: which others they would name now cannot be known.
    """
    if failure.key == "error":
        raise CannotAcceptError(f"the turn broke down: {failure.got}")
    if failure.key == "never_says":
        raise CannotAcceptError(f"{failure.expected!r} was said now")
    if failure.partly:
        raise CannotAcceptError(
            f"{failure.expected!r} is not among what came; name something else, or nothing"
        )
    if isinstance(failure.got, Mapping):
        return _writable({key: failure.got[key] for key in _HEADLINE.get(failure.key, tuple(failure.got))})
    return _writable(failure.got)


def _writable(value: Any) -> Any:
    """The value without what a suite cannot say; it has strings, whole numbers, null, lists, mappings."""
    if isinstance(value, Mapping):
        return {key: _writable(item) for key, item in value.items() if not isinstance(item, bool | float)}
    if isinstance(value, list | tuple):
        return [_writable(item) for item in value]
    if value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise CannotAcceptError(f"a suite cannot expect {value!r}: neither true and false nor fractions")
