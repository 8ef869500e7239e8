"""The groups of missed messages for a person, and as JSON."""

import json
from collections.abc import Iterator, Sequence

from bot.config import SHANGHAI
from bot.dialogue.wording import wish_name
from bot.insight.groups import Group

WORDINGS = 5
"""Other wordings of a group that are shown."""
_HOW = {
    "not_understood": "not understood",
    "handed_over": "handed over after the third",
    "rejected": "passed over",
}


def as_text(found: Sequence[Group], limit: int) -> str:
    """The first `limit` groups, a line for each thing known of them."""
    total = sum(group.count for group in found)
    lines = [f"{total:,} messages not understood, in {len(found):,} groups"]
    for group in found[:limit]:
        lines += ["", *group_lines(group)]
    if len(found) > limit:
        lines += ["", f"{len(found) - limit:,} more groups; --limit shows them"]
    return "\n".join(lines)


def group_lines(group: Group) -> Iterator[str]:
    """One group: how often, its wordings, what became of it, what the staff answered."""
    first, *others = group.wordings
    yield f"{group.count:,} ×  {first.text}"
    for wording in others[:WORDINGS]:
        yield f"    {wording.count:,} ×  {wording.text}"
    if len(others) > WORDINGS:
        yield f"    {len(others) - WORDINGS:,} more wordings"
    yield "    " + ", ".join(f"{_HOW.get(how, how)} {count:,}" for how, count in group.how.items())
    if group.chosen:
        chosen = (f"{wish_name(wish)} ({wish}) {count:,}" for wish, count in group.chosen.items())
        yield f"    chosen right after: {', '.join(chosen)}"
    for words in group.staff:
        yield f"    staff answered: {words}"


def as_json(found: Sequence[Group], limit: int) -> str:
    """The same figures; times in Shanghai's."""
    data = {
        "messages": sum(group.count for group in found),
        "groups": len(found),
        "most_frequent": [_data(group) for group in found[:limit]],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _data(group: Group) -> dict[str, object]:
    wordings = [
        {
            "text": wording.text,
            "count": wording.count,
            "last": wording.last.astimezone(SHANGHAI).isoformat("T", "seconds") if wording.last else None,
        }
        for wording in group.wordings
    ]
    return {
        "count": group.count,
        "wordings": wordings,
        "how": group.how,
        "chosen": group.chosen,
        "staff": group.staff,
    }
