"""What a test sees of a case in the staff group: its desk, its card's buttons, its marks."""

from bot.store.protocol import Desk
from tests.telegram.staffed import Office
from tests.telegram.town import STAFF_CHAT, Someone, buttons


async def at(office: Office, person: Someone) -> Desk:
    """The person's desk."""
    desk = await office.desk(person)
    assert desk is not None
    return desk


async def marked(office: Office, message: int) -> bool:
    """Whether the message was marked as delivered, by now or soon."""

    async def there() -> bool:
        return office.api.chats.chats[STAFF_CHAT].messages[message].get("reactions") == ["👌"]

    return await office.people.until(there)


async def shows(office: Office, one: Someone, topic: int, labels: list[str]) -> bool:
    """Whether the card has these buttons, by now or soon."""

    async def there() -> bool:
        number = (await at(office, one)).card_message
        chat = office.api.chats.chats[STAFF_CHAT]
        return number is not None and list(buttons(chat.messages[number])) == labels

    return await office.people.until(there)
