"""The case card as the one message of its conversation: the card, the draft of an answer, the buttons."""

import html
from datetime import datetime
from typing import Any

from bot.desk.buttons import staff_row
from bot.desk.card import Card, card_text
from bot.desk.draft import draft
from bot.desk.record import Record, last_card, last_seq
from bot.desk.wording import say
from bot.privacy import each_string, mask
from bot.store.protocol import ChannelStore, Desk
from bot.transcript import AGENT_WROTE, QUEUED

ROOM = 3_600
"""UTF-16 units of the card, escaped as HTML; what bold marks take is left free of the 4,096."""
SHORTER = (12, 6, 3, 1, 0)
"""Lines of the conversation that are tried, until the card fits into a message."""


def case_body(store: ChannelStore, desk: Desk) -> dict[str, Any]:
    """The message that shows the case as it is now; `card` is true in it, for the channel to know it."""
    card = last_card(store, desk.conversation)
    text = draft_left(store, desk)
    shown = f"\n**{say('card.draft')}**\n{text}" if text else ""
    buttons = staff_row(desk, draft=text is not None)
    return {"card": True, "text": _fitting(desk, card, shown), "keyboard": buttons}


def show_again(store: ChannelStore, desk: Desk, now: datetime) -> None:
    """Queue the card as it is now, in the place of the one that staff see; nothing where there is none.

    Belongs into a transaction that the caller holds.
    """
    if desk.card_message is not None:
        Record(store).show(desk, {**case_body(store, desk), "edit": desk.card_message}, now)


def draft_left(store: ChannelStore, desk: Desk) -> str | None:
    """The draft, where there is one and nobody has sent it since the last hand-off."""
    text = draft(last_card(store, desk.conversation))
    if text is None:
        return None
    kept, since = each_string(text, mask), last_seq(store, desk.conversation, QUEUED)
    said = store.events(desk.conversation, kinds=(AGENT_WROTE,), after=since)
    return None if any(event.data.get("text") == kept for event in said) else text


def _fitting(desk: Desk, card: Card, rest: str) -> str:
    state = f"**{say(f'state.{desk.state}')}**"
    state += f" · {desk.agent_name.replace('**', '')}" if desk.agent_name else ""
    text = ""
    for lines in SHORTER:
        talk = list(card.get("transcript", ()))[-lines:] if lines else []
        text = f"{card_text(desk, {**card, 'transcript': talk})}{rest}\n{state}"
        if _units(text) <= ROOM:
            return text
    kept: list[str] = []
    for line in text.splitlines():
        if _units("\n".join([*kept, line, state])) > ROOM:
            break
        kept.append(line)
    return "\n".join([*kept, "…", state])


def _units(text: str) -> int:
    return len(html.escape(text).encode("utf-16-le")) // 2
