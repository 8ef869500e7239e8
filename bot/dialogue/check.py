"""Checks the dialogue's data files: sentences are used and exist, labels have names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.dialogue.data_files import labels_file, replies_file
from bot.dialogue.wording import labels, sentences
from knowledge.datafile import DataError, Finding

HERE = Path(__file__).parent


def check() -> list[Finding]:
    """All findings in the dialogue's data files in use; empty where they are sound."""
    found: list[Finding] = []
    for findings in (_unused, _missing, _unnamed):
        try:
            found += findings()
        except DataError as error:
            found += [finding for finding in error.findings if finding not in found]
    return found


def _constants() -> Iterator[str]:
    """Regular expressions for every string in this room's code that may be a sentence's key."""
    for path in sorted(HERE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
                    for part in node.values
                ]
                if any(part != ".+" for part in parts):
                    yield "".join(parts)


def _unused() -> Iterator[Finding]:
    used = re.compile("|".join(f"(?:{pattern})" for pattern in sorted(set(_constants()))))
    talk = {"greet", "thanks", "goodbye", "bot_help"}
    for key in sentences():
        if key not in talk and not used.fullmatch(key):
            yield Finding(str(replies_file()), _line(key), key, "no reply uses this sentence")


def _missing() -> Iterator[Finding]:
    for path in sorted(HERE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (
                isinstance(node, ast.Call) and node.args and ast.unparse(node.func).split(".")[-1] == "say"
            ):
                continue
            key = node.args[0]
            if isinstance(key, ast.Constant) and key.value not in sentences():
                yield Finding(
                    str(path), node.lineno, str(key.value), "there is no such sentence in replies.yaml"
                )


def _unnamed() -> Iterator[Finding]:
    names = labels()
    for slot in names["values"]:
        if slot not in names["slots"]:
            yield Finding(str(labels_file()), 1, slot, "the slot has values but no name")


def _line(key: str) -> int:
    for number, line in enumerate(replies_file().read_text("utf-8").splitlines(), 1):
        if line.startswith(f"{key}:"):
            return number
    return 1
