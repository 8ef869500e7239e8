"""Messages of one person that came in together, and those that are heard again after an edit."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.store.protocol import Received, StoredEvent
from bot.transcript import Marks, said_at


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a burst."""

    row: Received
    text: str
    versions: tuple[str, ...] = ()
    """What it said before it was edited, still in the same burst."""
    edits: tuple[int, ...] = ()
    """The ids of the updates that edited it."""

    @property
    def id(self) -> str:
        """Its id in the conversation; empty where the channel has none."""
        return str(self.row.payload.get("message", ""))

    @property
    def edited(self) -> bool:
        """Whether it is a new version of a message that was heard before."""
        return bool(self.row.payload.get("edited"))


@dataclass(frozen=True, slots=True)
class Again:
    """Words that are heard once more."""

    text: str
    marks: Marks
    at: datetime | None
    """When they were written; None for those of the edit."""


def bursts(received: Sequence[Received]) -> list[list[Message]]:
    """What is heard as one, in order: messages in a row, and each edit of an earlier message by itself.

    A message that was edited before it was heard is heard once, as it reads now.
    """
    found: list[list[Message]] = []
    for row in received:
        message = Message(row, str(row.payload.get("text", "")))
        if found and message.edited and _replaced(found[-1], message):
            continue
        if found and not message.edited and not found[-1][0].edited:
            found[-1].append(message)
        else:
            found.append([message])
    return found


def _replaced(burst: list[Message], edit: Message) -> bool:
    for place, message in enumerate(burst):
        if edit.id and message.id == edit.id:
            versions, edits = (*message.versions, message.text), (*message.edits, edit.row.update_id)
            burst[place] = replace(message, text=edit.text, versions=versions, edits=edits)
            return True
    return False


def marks_of(burst: Sequence[Message]) -> Marks:
    """What the event of a burst tells of its messages."""
    return Marks(
        messages=tuple(message.id for message in burst),
        parts=tuple(message.text for message in burst),
        updates=_updates(burst),
        versions=tuple(version for message in burst for version in message.versions),
        edited=burst[0].edited,
    )


def _updates(burst: Sequence[Message]) -> tuple[str, ...]:
    return tuple(map(str, sorted(id_ for each in burst for id_ in (each.row.update_id, *each.edits))))


def joined(parts: Sequence[str]) -> str:
    """The text of several messages that are heard as one, a line each.

    A comma closes a line that has no mark of its own: without one, 火车票想退 and 380块 would run together.
    """
    lines = [part.strip() for part in parts if part.strip()]
    closed = [line if unicodedata.category(line[-1])[0] == "P" else f"{line}，" for line in lines[:-1]]
    return "\n".join([*closed, *lines[-1:]])


def place_of(heard: Sequence[StoredEvent], message: str) -> int | None:
    """Where among what was heard this message is."""
    if not message:
        return None
    return next((n for n, event in enumerate(heard) if message in event.data.get("messages", ())), None)


def words_of(event: StoredEvent, message: str) -> str:
    """What the message said, as it is stored."""
    messages, parts = event.data["messages"], event.data.get("parts")
    return str(parts[messages.index(message)] if parts else event.data["text"])


def says_the_same(event: StoredEvent, edit: Message) -> bool:
    """Whether an edit leaves the words as the event has them; of a picture it cannot be told."""
    return not edit.row.payload.get("copy") and words_of(event, edit.id) == edit.text


def to_hear_again(since: Sequence[StoredEvent], edit: Message, now: datetime) -> list[Again] | None:
    """The edited message and what was heard after it, `since` beginning with the message's own turn.

    None where it cannot be told any more what was said: some of it was masked or too long to be kept whole,
    or was said on another day, so that its 明天 would be another one.
    """
    if not since or any(said_at(event).astimezone(now.tzinfo).date() != now.date() for event in since):
        return None
    own, later = since[0], since[1:]
    messages, parts = _messages(own), own.data.get("parts")
    if any(not _whole(event) for event in (later if len(messages) == 1 else since)):
        return None
    if len(messages) > 1 and not parts:
        return None
    pairs = zip(messages, parts or [""], strict=True)
    now_said = [edit.text if each == edit.id else part for each, part in pairs]
    marks = Marks(messages, tuple(now_said), _updates([edit]), edit.versions, edited=True)
    again = [Again(joined(now_said), marks, None)]
    for event in later:
        first = str(event.data.get("again", event.data["update"]))
        marks = Marks(_messages(event), tuple(event.data.get("parts", ())), again=first)
        again.append(Again(str(event.data["text"]), marks, said_at(event)))
    return again


def _messages(event: StoredEvent) -> tuple[str, ...]:
    return tuple(event.data.get("messages", ()))


def _whole(event: StoredEvent) -> bool:
    return not event.data.get("masked") and "length" not in event.data
