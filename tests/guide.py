"""What docs/replay.md shows, run: `python -m tests.guide` writes its blocks afresh.

A block whose first line is `$ tuidan …` is that command and what it prints, in a folder with the written
dialogues, a shop's database (`shop.db`) and a copy of the rules with one figure changed (`my-data`).
"""

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from bot.app import session_on_disk
from bot.dialogue.order import Order
from bot.messages import Update

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "replay.md"
BLOCK = re.compile(r"(```text\n\$ tuidan (.*)\n)(?:.*\n)*?(```\n)")
CHANGED = ("knowledge/tables/train_ticket.yaml", "rate: 15%", "rate: 16%")
AT = datetime.fromisoformat("2026-03-06T10:00:00+08:00")
ORDER = Order(
    "TK2603070001",
    product="train_ticket",
    title="北京南到上海虹桥 G103",
    amount="553.00",
    event_time="2026-03-07T16:00:00+08:00",
    pay_channel="wechat",
    phone_tail="8001",
)
TALKS = {
    "1001": ["查一下订单TK2603070001，我电话13812348001", "8001", "现在退扣多少"],
    "1002": ["退款都五天了还没到", "3月1号申请的", "微信", "火车票"],
}


def prepare(folder: Path) -> None:
    """Put into the folder what the commands of the guide are about."""
    (folder / "tests").symlink_to(ROOT / "tests")
    shutil.copytree(ROOT / "knowledge" / "data", folder / "my-data" / "knowledge")
    file, old, new = CHANGED
    table = folder / "my-data" / file
    table.write_text(table.read_text("utf-8").replace(old, new, 1), "utf-8")
    session = session_on_disk(folder / "shop.db")
    session.store.save_orders([ORDER])
    for conversation, messages in TALKS.items():
        for number, words in enumerate(messages):
            session.handle(Update(str(number), conversation, conversation, "terminal", words, AT))
    session.store.close()


def output(command: str, folder: Path) -> str:
    """What `tuidan` with these words prints in the folder."""
    run = subprocess.run(
        [sys.executable, "-m", "bot", *shlex.split(command)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if run.stderr:
        raise RuntimeError(f"tuidan {command}: {run.stderr}")
    return run.stdout.rstrip("\n") + "\n"


def renewed(guide: str) -> str:
    """The guide with its blocks as the commands print them today."""
    with tempfile.TemporaryDirectory() as scratch:
        prepare(Path(scratch))
        return BLOCK.sub(lambda found: found[1] + output(found[2], Path(scratch)) + found[3], guide)


if __name__ == "__main__":
    GUIDE.write_text(renewed(GUIDE.read_text("utf-8")), "utf-8")
