"""The desk's buttons under messages to a person: their place, waiting no longer, how it was."""

from datetime import datetime

from bot.channels.telegram.staff.refusals import log_refused
from bot.desk.buttons import PERSON_ACTS, read_press
from bot.desk.desk import StaffDesk
from bot.desk.result import Done
from bot.desk.wording import say
from bot.store.protocol import ChannelStore, Received


def pressed_by_person(
    store: ChannelStore, desk: StaffDesk, conversation: str, row: Received, now: datetime
) -> str | None:
    """What the press in the row is answered with; None where its data are none of the desk's.

    Whoever presses has only their own conversation's buttons: another desk's number is a forgery, and so is a
    button of the staff. Joins the caller's transaction.
    """
    data = str(row.payload["press"])
    if not data.startswith("desk:"):
        return None
    press = read_press(data)
    own = store.desks.numbered(press.number) if press else None
    if press is None or own is None or own.conversation != conversation or press.act not in PERSON_ACTS:
        chat = int(row.payload["address"])
        log_refused(row.update_id, chat, "forged", press.act if press else "")
        return say("refused.foreign")
    if press.act == "place":
        return desk.place(conversation, now) or say("pressed.not_waiting")
    done = (
        desk.withdraw(conversation, now)
        if press.act == "withdraw"
        else desk.rate(conversation, press.rating or 0, now)
    )
    return say("pressed.done") if isinstance(done, Done) else done.text
