"""Reading the desk's sentences and its canned answers: those beside this module, or a person's own."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.desk.home import HOME
from bot.dialogue.data_files import misfits
from bot.privacy import mask
from knowledge.datafile import DataError, Finding, finding, read, repeated_keys

LONGEST = 4_096
"""UTF-16 units that Telegram takes in one message."""
PROMISE = re.compile(
    r"已经?(?:[为帮给][您你])?退(?:款|还|回|给|了|到|好)"
    r"|退款(?:已经?成功|成功(?![的后时页截]))|[款钱项]已经?到账"
    r"|保证|担保|(?:肯定|一定)(?:会|能|可以)|(?:马上|立刻|立即)(?:[为帮给][您你])?(?:退|到账)"
)
"""Words by which staff's prepared answers would say that money was paid back, or promise that it will be."""
_PROMISES = "promises, or says that money was paid back: {}"


def texts_file() -> Path:
    """The file of the desk's sentences."""
    return HOME.folder / "texts.yaml"


def canned_files() -> list[Path]:
    """The files of canned answers, by name."""
    return sorted((HOME.folder / "canned").glob("*.yaml"))


def read_texts() -> Mapping[str, str]:
    """All sentences by key. Raises DataError."""
    path = texts_file()
    content, findings = _texts(path)
    if path.parent != HOME.built_in:
        findings += misfits(path, content, _texts(HOME.built_in / path.name)[0])
    for key, text in content.items():
        if key.startswith(("draft.", "person.")) and (promise := PROMISE.search(text)):
            findings.append(finding(path, (key,), _PROMISES.format(promise[0])))
    _stop_at(findings)
    return content


def read_canned() -> Mapping[str, str]:
    """All canned answers by name. Raises DataError, also for one that staff had better not send."""
    answers: dict[str, str] = {}
    findings: list[Finding] = []
    for path in canned_files():
        content, found = _texts(path)
        findings += found
        for name, text in content.items():
            findings += [finding(path, (name,), fault) for fault in _faults(name, text, answers)]
            answers[name] = text
    _stop_at(findings)
    return answers


def _texts(path: Path) -> tuple[dict[str, str], list[Finding]]:
    content: Any = read(path)
    if not isinstance(content, dict):
        return {}, [finding(path, (), "must be a mapping of names to texts")]
    findings = repeated_keys(path)
    for key, text in content.items():
        if not isinstance(key, str) or not isinstance(text, str):
            findings.append(finding(path, (str(key),), "must be text: put it in quotes"))
    return {k: t for k, t in content.items() if isinstance(k, str) and isinstance(t, str)}, findings


def _faults(name: str, text: str, known: Mapping[str, str]) -> list[str]:
    faults = []
    if name in known:
        faults.append("another file has an answer of this name")
    if name != "".join(name.split()) or not name:
        faults.append("a name has no blanks: staff write it behind /canned")
    if not text.strip() or text.lstrip().startswith(("//", "／／")):
        faults.append("would not be sent: it is empty, or begins with //")
    if len(text.encode("utf-16-le")) // 2 > LONGEST:
        faults.append(f"has more than {LONGEST} characters")
    if promise := PROMISE.search(text):
        faults.append(_PROMISES.format(promise[0]))
    if mask(text) != text:
        faults.append("holds personal data")
    return faults


def _stop_at(findings: list[Finding]) -> None:
    if findings:
        raise DataError(findings)
