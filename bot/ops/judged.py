"""What the doctor makes of a look at the Bot API: a finding a question, each with what to do."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.ops.findings import Finding
from bot.ops.seen import Seen, StaffChat, Webhook
from bot.settings import Settings

TOLERATED = timedelta(seconds=30)
"""How far the clock may be off: fees change at a minute."""
_TOPICS = "make the bot an administrator with the right to manage topics"


def judged(seen: Seen, settings: Settings) -> Iterator[Finding]:
    """Token, webhook, staff groups, clock."""
    if seen.fault:
        todo = "ask BotFather for the token: /mybots" if seen.refused else f"is {settings.api_url} reached?"
        yield Finding("token", False, seen.fault, todo)
        return
    yield Finding("token", True, f"@{seen.username}")
    if seen.webhook:
        yield _webhook(seen.webhook, settings)
    if not seen.staff:
        yield Finding("staff", None, "no TUIDAN_STAFF_CHAT: nobody takes a conversation over")
    for chat in seen.staff:
        yield _staff(chat, seen.reads_all)
    yield _clock(seen.ahead)


def _webhook(webhook: Webhook, settings: Settings) -> Finding:
    start = "start `tuidan telegram`, which puts it right"
    if not settings.webhook_url:
        if webhook.url:
            return Finding("webhook", False, "one is set, so that nothing can be polled", start)
        return Finding("webhook", True, f"none, as polling wants it; {webhook.waiting} updates wait")
    if webhook.url.rstrip("/") != settings.webhook_url:
        said = "another one is set" if webhook.url else "none is set yet"
        return Finding("webhook", False, said, start)
    if webhook.waiting and webhook.last_error:
        said = f"{webhook.waiting} updates wait; Telegram says: {webhook.last_error}"
        return Finding("webhook", False, said, "is TUIDAN_WEBHOOK_URL reached from outside, over https?")
    return Finding("webhook", True, f"set; {webhook.waiting} updates wait")


def _staff(chat: StaffChat, reads_all: bool) -> Finding:
    name = f"staff {chat.id}"
    if chat.moved_to:
        found = _staff(replace(chat, moved_to=None), reads_all)
        says = f"{found.says}; the group is {chat.moved_to} now, and the service goes on there"
        todo = f"put {chat.moved_to} into TUIDAN_STAFF_CHAT"
        return Finding(
            name, None if found.ok else False, says, f"{todo}; {found.todo}" if found.todo else todo
        )
    if chat.fault:
        return Finding(name, False, chat.fault, "add the bot to the group, and see that the id is right")
    if chat.kind not in ("group", "supergroup"):
        return Finding(name, False, f"“{chat.title}” is no group: {chat.kind}", "name a group of your staff")
    if not chat.writes:
        return Finding(name, False, f"“{chat.title}”: the bot may not write", _TOPICS)
    if not chat.forum:
        if not (chat.administrator or reads_all):
            todo = "make the bot an administrator; it hears nothing that staff write"
            return Finding(name, False, f"“{chat.title}”: the bot is an ordinary member", todo)
        return Finding(name, True, f"“{chat.title}”: no topics, so that conversations are reply threads")
    if not chat.manages_topics:
        return Finding(name, False, f"“{chat.title}”: the bot may not manage topics", _TOPICS)
    return Finding(name, True, f"“{chat.title}”: a topic a conversation")


def _clock(ahead: timedelta | None) -> Finding:
    if ahead is None:
        return Finding("clock", None, "the Bot API told no time to compare with")
    seconds = ahead.total_seconds()
    off = f"{abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} the Bot API's"
    if abs(ahead) > TOLERATED:
        return Finding("clock", False, off, "let the machine's clock be set from the network (timedatectl)")
    return Finding("clock", True, off)
