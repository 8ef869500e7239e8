"""The README's way from BotFather's token to a first answer, followed line by line."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.telegram.emulator import emulated_town, needs_emulator
from tests.telegram.process import ROOT
from tests.telegram.town import Town, lived, town

BLOCK = re.compile(r"^## [^\n]*Telegram$(?:(?!^## ).)*?^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
STARTS_WITHIN = 60.0
"""Seconds; only on a machine that has much else to do does it come near."""
TOKEN_IN_README = "123456:ABC-DEF"


def commands(readme: str) -> list[str]:
    """The lines of the block of commands in the section on Telegram."""
    found = BLOCK.search((ROOT / readme).read_text("utf-8"))
    assert found is not None, f"{readme} does not say how to set Telegram up"
    return [line.partition("  #")[0].rstrip() for line in found[1].splitlines()]


@asynccontextmanager
async def place(which: str) -> AsyncIterator[Town]:
    if which == "emulator":
        async with emulated_town() as people:
            yield people
    else:
        async with town() as (people, _):
            yield people


async def run(command: str, folder: Path, people: Town, wait: bool = True) -> asyncio.subprocess.Process:
    """A command in a shell, as it stands, but for the token and for where the Bot API is."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TUIDAN_")}
    process = await asyncio.create_subprocess_shell(
        "exec " + command if not wait else command,
        cwd=folder,
        env=kept | {"TUIDAN_API_URL": people.place.url, "XDG_DATA_HOME": str(folder / "share")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    if wait:
        said, _ = await process.communicate()
        assert process.returncode == 0, f"{command}\n{said.decode()}"
    return process


@pytest.mark.slow
@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
@pytest.mark.parametrize("which", ["own", pytest.param("emulator", marks=needs_emulator)])
@lived
async def test_the_readme_leads_from_a_token_to_a_first_answer(
    readme: str, which: str, tmp_path: Path
) -> None:
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / ".env.example").write_bytes((ROOT / ".env.example").read_bytes())
    *before, last = commands(readme)
    async with place(which) as people:
        people.patience = STARTS_WITHIN
        for line in before:
            await run(line.replace(TOKEN_IN_README, people.place.token), tmp_path, people)
        bot = await run(last, tmp_path, people, wait=False)
        try:
            wang = people.person("小王")
            await wang.writes("我在微信上买的火车票想取消送票")
            await wang.hears("票还要留着吗")
            await wang.presses("票也不要了")
            await wang.hears("票现在配送到哪一步了")
        finally:
            bot.terminate()
            await bot.communicate()
    assert bot.returncode == 0
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0, "nobody else may read the token"
