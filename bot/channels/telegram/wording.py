"""The channel's own sentences by key, and the file that they are in."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.dialogue.script import in_script
from knowledge.datafile import DataError, Finding, finding, read, repeated_keys

TEXTS = Path(__file__).parent / "data" / "texts.yaml"


@cache
def sentences() -> Mapping[str, str]:
    """All sentences by key. Raises DataError."""
    content, findings = checked(TEXTS)
    if findings:
        raise DataError(findings)
    return content


def check() -> list[Finding]:
    """What is wrong with the file, for people who edit it."""
    try:
        return checked(TEXTS)[1]
    except DataError as error:
        return list(error.findings)


def checked(path: Path) -> tuple[dict[str, str], list[Finding]]:
    """The sentences of a file, and what is wrong with it."""
    content = read(path)
    if not isinstance(content, dict):
        return {}, [finding(path, (), "must be a mapping of names to texts")]
    findings = repeated_keys(path)
    for key, text in content.items():
        if not isinstance(text, str) or not text.strip():
            findings.append(finding(path, (str(key),), "must be text: put it in quotes"))
        elif re.search(r"\{(?![a-z]+\})|(?<!\{)\{\}", text):
            findings.append(finding(path, (str(key),), "has a brace that names no field"))
    return {key: text for key, text in content.items() if isinstance(text, str)}, findings


def say(key: str, script: str = "hans", **fields: object) -> str:
    """The sentence of `key`, filled in, in that script. KeyError where the key or a field is missing."""
    return in_script(sentences()[key].format(**fields), script)
