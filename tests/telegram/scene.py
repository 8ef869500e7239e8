"""The hand-over that docs/telegram.md shows; `python -m tests.telegram.scene` has it acted and writes it.

A person and one of the staff act at the real service, against the Bot API on loopback.
"""

import asyncio
import logging
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from tests.telegram.chats import Json
from tests.telegram.process import ROOT
from tests.telegram.staffed import Office, office_at
from tests.telegram.town import STAFF_CHAT, Someone, buttons, content

GUIDE = ROOT / "docs" / "telegram.md"
INDENT = " " * 7
"""As wide as who speaks."""
BLOCK = re.compile(r"(<!-- scene -->\n).*?(<!-- end of scene -->)", re.DOTALL)


async def acted(office: Office) -> str:
    """The scene played, as both sides read it afterwards."""
    li, wang = office.people.staff("小李"), office.people.person("王芳")
    await wang.writes("微信买的火车票不想要了，连票一起退。380块，明天下午四点发车，快递还没取件")
    await wang.hears("可以退")
    await wang.writes("气死我了，平台一直说不能退，给我找个人！我手机13812345678")
    await wang.hears("排上队")
    topic = await _topic(office, wang)
    await (await li.presses("接手", topic)).answered("好了")
    await wang.hears("来了")
    await li.writes("// 平台那边是不是又卡了？", topic)
    await li.writes("王女士您好，我是小李，您把退票页面的截图发我看看。", topic)
    await wang.hears("截图发我看看")
    await wang.shows("photo", "就是这个页面")
    await li.hears("就是这个页面", topic)
    await (await li.presses("结案", topic)).answered("好了")
    await wang.hears("打几分")
    await wang.presses("5")
    await li.hears("打了 5 分", topic)
    title = (await office.people.place.topics(STAFF_CHAT))[topic]
    chats = office.api.chats
    return "\n".join(
        [
            "What 王芳 sees:\n",
            _block([_line(m, "王芳") for m in chats.chats[wang.user].messages.values()]),
            f"What the staff see, in the topic “{title}”:\n",
            _block(
                [
                    _line(m, "小李")
                    for m in chats.chats[STAFF_CHAT].messages.values()
                    if m.get("message_thread_id") == topic
                ]
            ),
        ]
    )


async def _topic(office: Office, person: Someone) -> int:
    topic: list[int] = []

    async def shown() -> bool:
        desk = await office.desk(person)
        topic[:] = [desk.topic] if desk and desk.topic and desk.card_message else []
        return bool(topic)

    assert await office.people.until(shown), "the card never came"
    return topic[0]


def _line(message: Json, human: str) -> str:
    who = "退单" if message["from"]["is_bot"] else human
    said = ("[图片] " if "photo" in message else "") + content(message)
    keys = " · ".join(f"[{label}]" for label in buttons(message))
    lines = [line.rstrip() for line in said.splitlines()]
    return f"\n{INDENT}".join([f"{who} › {lines[0]}", *lines[1:], *([keys] if keys else [])])


def _block(lines: list[str]) -> str:
    return "\n".join(["```text", *lines, "```\n"])


def renewed(page: str) -> str:
    """The page with the scene as it goes today."""

    async def act() -> str:
        with TemporaryDirectory() as folder:
            async with office_at(Path(folder)) as office:
                return await acted(office)

    scene = asyncio.run(act())
    return BLOCK.sub(lambda found: f"{found[1]}{scene}{found[2]}", page)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    GUIDE.write_text(renewed(GUIDE.read_text("utf-8")), "utf-8")
