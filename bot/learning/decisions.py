"""What people decided a message means: as a file that can be drafted, edited, reviewed and read."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.wording import wish_name
from bot.errors import TuidanError
from bot.insight.groups import Group
from bot.replay.yaml_nodes import Fault, Node, NodeError, documents, is_null, known, sequence, string

_KEYS = frozenset({"text", "intent"})
_HEAD = """\
# Messages that were not understood, alike ones together. Write behind `intent:` what a message means; where
# nothing stands there, it is left aside. Then: tuidan teach --decisions THIS_FILE --dialogues FOLDER
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """A message and the intent that it shows. `place` says where that was decided, for complaints."""

    text: str
    intent: str
    place: str = ""


def read(file: Path) -> list[Decision]:
    """The decisions of a file; those without an intent are left out.

    TuidanError, naming file, line and key, where it is no list of `text` and `intent`.
    """
    decisions: list[Decision] = []
    for document in documents(file, str(file)):
        if isinstance(document, Fault):
            raise TuidanError(str(document))
        try:
            for item in sequence(document, "") if document is not None and not is_null(document) else ():
                decisions += _decision(item, file)
        except NodeError as bad:
            raise TuidanError(str(Fault(str(file), bad.line, bad.key, bad.message))) from None
    return decisions


def _decision(item: Node, file: Path) -> list[Decision]:
    keys = known(item, "", _KEYS)
    if "text" not in keys:
        raise NodeError(item, "text", "missing")
    text = string(keys["text"], "text")
    if "intent" not in keys or is_null(keys["intent"]):
        return []
    place = f"{file}:{item.start_mark.line + 1}"
    return [Decision(text, string(keys["intent"], "intent"), place)]


def draft(groups: Iterable[Group], likeliest: Callable[[str], Sequence[str]]) -> str:
    """A file of decisions that are yet to be made, with what helps to make them as comments."""
    return _HEAD + "".join(_group(group, likeliest) for group in groups)


def _group(group: Group, likeliest: Callable[[str], Sequence[str]]) -> str:
    lines = ["", f"# {group.count} ×"]
    if group.chosen:
        lines.append(
            "#   chosen right after: " + ", ".join(f"{wish} {n}" for wish, n in group.chosen.items())
        )
    lines += [f"#   staff answered: {words}" for words in group.staff]
    near = (f"{intent} ({wish_name(intent)})" for intent in likeliest(group.wordings[0].text))
    lines.append(f"#   likeliest: {', '.join(near)}")
    for wording in group.wordings:
        lines += [f"- text: {json.dumps(wording.text, ensure_ascii=False)}", "  intent:"]
    return "\n".join(lines) + "\n"
