"""Reading what the bot says: the two files beside this module, or a person's own in their place."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from knowledge.datafile import DataError, Finding, finding, read
from knowledge.home import Home

HOME = Home(Path(__file__).parent / "data")
_DEPTHS = {"slots": 1, "values": 2, "special": 3, "wishes": 1, "verdicts": 1, "sources": 1}
"""The sections of labels.yaml, and how many names lead to a label."""


def use(folder: Path | None) -> None:
    """From now on the data files are those in `folder`, laid out as `bot/dialogue/data`; None: built-in.

    To be told before the first is read. ValueError where another folder was named or read before.
    """
    HOME.use(folder)


def replies_file() -> Path:
    """The file of the bot's sentences."""
    return HOME.folder / "replies.yaml"


def labels_file() -> Path:
    """The file of the names of slots, values and wishes."""
    return HOME.folder / "labels.yaml"


def sentences() -> Mapping[str, str]:
    """All sentences by key. Raises DataError, also for a key or a blank that the code would stumble over."""
    path = replies_file()
    found = _texts(path)
    if path.parent != HOME.built_in:
        _stop_at(misfits(path, found, _texts(HOME.built_in / path.name)))
    return found


def labels() -> Mapping[str, Any]:
    """Names of slots, values and wishes; see labels.yaml. Raises DataError."""
    path = labels_file()
    found = read(path)
    _stop_at(_mislabelled(path, found))
    return found  # type: ignore[no-any-return]  # a mapping, as was just found


def _texts(path: Path) -> Mapping[str, str]:
    found = read(path)
    if not isinstance(found, dict):
        raise DataError([finding(path, (), "must be a mapping of keys to sentences")])
    _stop_at(
        finding(path, (str(key),), "must be text: put it in quotes")
        for key, text in found.items()
        if not isinstance(key, str) or not isinstance(text, str)
    )
    return found


def misfits(path: Path, own: Mapping[str, str], built_in: Mapping[str, str]) -> Iterator[Finding]:
    """Sentences that the code needs and that are not here, and blanks that it would not fill in."""
    for key in built_in:
        if key not in own:
            yield Finding(str(path), 1, key, "this sentence is missing")
    for key, text in own.items():
        known = {field for field, _ in _blanks(built_in.get(key, ""))}
        try:
            strange = [
                f"{{{shown}}}" for field, shown in _blanks(text) if shown != field or field not in known
            ]
        except ValueError as error:
            yield finding(path, (key,), f"braces: {error}")
            continue
        if strange:
            there_are = f"; there are {', '.join(f'{{{field}}}' for field in sorted(known))}" if known else ""
            yield finding(path, (key,), f"there is no blank {', '.join(strange)}{there_are}")


def _blanks(text: str) -> Iterator[tuple[str, str]]:
    """Every blank's name, and how it is written."""
    for _, field, form, conversion in Formatter().parse(text):
        if field is not None:
            yield field, field + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")


def _mislabelled(path: Path, labels: Any) -> Iterator[Finding]:
    if not isinstance(labels, dict):
        yield finding(path, (), f"must be a mapping of {', '.join(_DEPTHS)}")
        return
    for section, depth in _DEPTHS.items():
        if section not in labels:
            yield finding(path, (section,), "this key is missing")
        else:
            yield from _not_texts(path, (section,), labels[section], depth)


def _not_texts(path: Path, where: tuple[str, ...], found: Any, depth: int) -> Iterator[Finding]:
    """What is no text where one is due: `depth` names further down."""
    if depth == 0:
        if not isinstance(found, str):
            yield finding(path, where, "must be text: put it in quotes")
        return
    if not isinstance(found, dict):
        yield finding(path, where, "must be a mapping")
        return
    for name, below in found.items():
        here = (*where, str(name))
        if isinstance(name, str):
            yield from _not_texts(path, here, below, depth - 1)
        else:
            yield finding(path, here, "a name must be text: put it in quotes (bare yes and no are not text)")


def _stop_at(findings: Iterator[Finding]) -> None:
    found = list(findings)
    if found:
        raise DataError(found)
