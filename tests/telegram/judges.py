"""What must hold of a bot's database and of the wire, after whatever was done to it."""

import itertools
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.telegram.botapi import BotApi
from tests.telegram.chats import visible
from tests.telegram.town import content

UNDER_WAY = 0.5
"""Seconds that a request may have been on its way."""
EFFECTS = (
    *("shell.heard", "shell.edited", "shell.to_staff", "shell.shown"),
    *("shell.pressed", "shell.command", "shell.forget_asked"),
)
"""Kinds of events that say which updates they are the effect of."""


@dataclass(frozen=True)
class Effect:
    """An update's effect, as the events tell it."""

    seq: int
    conversation: str
    update: int


def read_only(database: Path) -> sqlite3.Connection:
    """The bot's database, while the bot may be writing to it."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    connection.row_factory = sqlite3.Row
    return connection


def effects(database: Path) -> list[Effect]:
    """Every update that had an effect, as often as it had one, in order."""
    with closing(read_only(database)) as db:
        marks = ", ".join("?" * len(EFFECTS))
        rows = db.execute(
            f"SELECT seq, conversation, data FROM events WHERE kind IN ({marks}) ORDER BY seq", EFFECTS
        ).fetchall()
    return [
        Effect(row["seq"], row["conversation"], update)
        for row in rows
        for update in _updates(json.loads(row["data"]))
    ]


def _updates(data: dict[str, Any]) -> Iterator[int]:
    """A burst of messages is one effect of several updates; what is heard again is the effect of an edit."""
    if "again" in data:  # told by the event of the edited message, the first that is heard again
        return
    for update in data.get("updates") or [data["update"]]:
        yield int(str(update).rpartition("-")[2])


def left(database: Path) -> dict[str, int]:
    """How many updates wait for their turn, and how many messages to be sent."""
    with closing(read_only(database)) as db:
        return {
            table: db.execute(f"SELECT count(*) FROM {table} WHERE state = 'waiting'").fetchone()[0]
            for table in ("inbox", "outbox")
        }


def kept_promises(database: Path, api: BotApi, note: str) -> int:
    """What holds after any trouble: each update once and in order, each reply shown; how many came twice."""
    sound(database)
    each_once(database, api.updates.first_given, note)
    in_order(database, note)
    return said_in_order(database, api, note)


def sound(database: Path) -> None:
    """The file is what SQLite takes for whole."""
    with closing(read_only(database)) as db:
        (told,) = db.execute("PRAGMA integrity_check").fetchone()
    assert told == "ok", told


def each_once(database: Path, accepted: Iterable[int], note: str = "") -> None:
    """Every accepted update has its effect exactly once, and nothing else has one."""
    counted = Counter(effect.update for effect in effects(database))
    wanted = set(accepted)
    lost = sorted(wanted - counted.keys())
    twice = sorted(update for update, count in counted.items() if count > 1)
    strange = sorted(counted.keys() - wanted)
    told = f"{len(lost)} lost {lost[:5]}, {len(twice)} twice {twice[:5]}, {len(strange)} unknown"
    assert not (lost or twice or strange), f"{note}: {told} {strange[:5]}"


def in_order(database: Path, note: str = "") -> None:
    """Within a conversation the effects come in the order in which the updates were written."""
    last: dict[str, int] = {}
    for effect in effects(database):
        before = last.get(effect.conversation, 0)
        assert effect.update > before, f"{note}: {effect.conversation} took {effect.update} after {before}"
        last[effect.conversation] = effect.update


def said_in_order(database: Path, api: BotApi, note: str = "") -> int:
    """What was decided reached its person, at least once and in order; returns how many came once more.

    A message that is sent once more, because nobody knows whether it arrived, stands right after itself.
    """
    with closing(read_only(database)) as db:
        rows = db.execute(
            "SELECT conversation, body FROM outbox WHERE target = 'person' AND state = 'sent' ORDER BY seq"
        ).fetchall()
    decided: dict[str, list[str]] = {}
    for row in rows:
        text = json.loads(row["body"]).get("text")
        if text is not None:
            decided.setdefault(row["conversation"], []).append(plain(text))
    repeats = 0
    for conversation, wanted in decided.items():
        chat = int(conversation.rpartition("-")[2])
        shown = [content(message).strip() for message in api.sent(chat)]
        repeats += repeated(wanted, shown, f"{note}: {conversation}")
    return repeats


def plain(text: str) -> str:
    """A reply as a person sees it, without its marks."""
    return re.sub(r"\*\*(.+?)\*\*", r"\1", text, flags=re.DOTALL).strip()


def repeated(decided: list[str], shown: list[str], note: str) -> int:
    """How many of the shown repeat the one before them; fails where one is missing or out of place."""
    at, repeats = 0, 0
    for text in shown:
        if at < len(decided) and text == decided[at]:
            at += 1
        elif at and text == decided[at - 1]:
            repeats += 1
        else:
            wanted = decided[at] if at < len(decided) else "nothing more"
            raise AssertionError(f"{note} shows {text!r} where {wanted!r} was due, number {at + 1}")
    assert at == len(decided), f"{note}: {len(decided) - at} never shown, the first {decided[at]!r}"
    return repeats


@dataclass(frozen=True)
class Desk:
    """Who has a conversation."""

    state: str
    epoch: int
    agent: str | None
    agent_name: str | None
    staff_chat: int
    topic: int


def desk(database: Path, chat: int) -> Desk | None:
    """That of the person with this chat; None while there is none, or no topic of it."""
    with closing(read_only(database)) as db:
        row = db.execute(
            "SELECT state, epoch, agent, agent_name, staff_chat, topic FROM desks WHERE conversation = ?",
            (f"telegram-{chat}",),
        ).fetchone()
    return Desk(**{**row, "staff_chat": int(row["staff_chat"])}) if row and row["topic"] else None


def claims(database: Path, chat: int) -> int:
    """How often the conversation was claimed, as its events tell."""
    with closing(read_only(database)) as db:
        (count,) = db.execute(
            "SELECT count(*) FROM events WHERE conversation = ? AND kind = 'desk.claimed'",
            (f"telegram-{chat}",),
        ).fetchone()
    return int(count)


def deeds(database: Path) -> int:
    """How much was done at all desks; words for the person and notes are none."""
    with closing(read_only(database)) as db:
        (count,) = db.execute(
            "SELECT count(*) FROM events WHERE kind LIKE 'desk.%'"
            " AND kind NOT IN ('desk.agent_wrote', 'desk.note')"
        ).fetchone()
    return int(count)


def silent_after(database: Path, api: BotApi, chat: int, moment: float) -> None:
    """Nothing is queued for the person under an older epoch than the desk's, nor sent, after the claim.

    `moment` is when the claim was answered; requests that were under way then cannot be called back.
    """
    with closing(read_only(database)) as db:
        rows = db.execute(
            "SELECT body, epoch < (SELECT epoch FROM desks WHERE conversation = ?1) AS old FROM outbox"
            " WHERE conversation = ?1 AND target = 'person' ORDER BY seq",
            (f"telegram-{chat}",),
        ).fetchall()
    texts = [(plain(json.loads(row["body"]).get("text", "")), bool(row["old"])) for row in rows]
    for (_, before), (text, old) in itertools.pairwise(texts):
        assert not old or before, f"the bot has queued {text!r} after the claim"
    withdrawn = {text for text, old in texts if old} - {text for text, old in texts if not old}
    for call in api.calls:
        if call.chat == chat and call.method.lower() == "sendmessage" and call.at > moment + UNDER_WAY:
            text = visible(call.params["text"], call.params.get("parse_mode")).strip()
            assert text not in withdrawn, f"the bot still says {text!r} after the claim"


def percentile(values: Iterable[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def replied_after(api: BotApi) -> list[float]:
    """Seconds from each message's being handed to the bot to the next message to its chat.

    Made for people who write once and wait: of several messages before an answer, each counts up to it.
    """
    given: dict[int, list[float]] = {}
    for update, at in api.updates.first_given.items():
        chat = api.updates.chats.get(update)
        if chat is not None:
            given.setdefault(chat, []).append(at)
    told: dict[int, list[float]] = {}
    for call in api.calls:
        if call.chat is not None and call.method.lower() == "sendmessage":
            told.setdefault(call.chat, []).append(call.at)
    waits = []
    for chat, times in given.items():
        answers = iter(sorted(told.get(chat, [])))
        answer = next(answers, None)
        for at in sorted(times):
            while answer is not None and answer < at:
                answer = next(answers, None)
            if answer is not None:
                waits.append(answer - at)
    return waits
