"""What staff hear when a person has all of theirs erased: nobody is reached through the topic any more."""

from datetime import datetime

from bot.desk.record import Record
from bot.desk.wording import say
from bot.store.protocol import NO_TOPIC, ChannelStore

NOBODY = "erased"
"""In place of a conversation, of which nothing is left: what is queued under it is for the staff alone."""


def tell_of_erasing(store: ChannelStore, person: str, now: datetime) -> None:
    """Queue the words for the person's topics, and close these; to be called before the store forgets."""
    with store.transaction():
        for desk in store.desks.of_person(person):
            target = Record.topic(desk)
            if target == NO_TOPIC:
                continue
            store.outbox.post(NOBODY, {"text": say("staff.erased")}, now, target)
            if desk.card_message is not None:
                store.outbox.post(NOBODY, {"edit": desk.card_message, "keyboard": []}, now, target)
            if (desk.topic or 0) > 0 and desk.state != "closed":
                store.outbox.post(NOBODY, {"topic": "close"}, now, target)
