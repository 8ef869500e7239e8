"""The conversations of the READMEs, replayed: `python -m tests.readme` writes them and the picture afresh.

A conversation stands in a block of code under a comment that gives its clock:
`<!-- conversation at 2026-03-06T10:00:00+08:00 -->`. What the person wrote is taken from the block itself.
"""

import html
import io
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import DummyInput
from prompt_toolkit.output import DummyOutput
from rich.console import Console
from rich.text import Text

from bot.app import mind
from bot.channels.screen import PROMPT, FullScreen, PlainScreen, Screen, cells
from bot.channels.terminal import TerminalChat
from bot.session import Session
from bot.store.memory import MemoryStore

ROOT = Path(__file__).parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PICTURE = ROOT / "docs" / "images" / "chat.svg"
BLOCK = re.compile(r"(<!-- conversation at (\S+) -->\n```text\n)(.*?)(```\n)", re.DOTALL)
COLUMNS = 80
REMOTE_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
FONTS = "Fira Code, Noto Sans Mono CJK SC, PingFang SC, Microsoft YaHei, monospace"
RUN = re.compile(r'textLength="([\d.]+)"([^>]*)>([^<]*)<')


class PlainPage(PlainScreen):
    """A pipe whose lines are seen too."""

    def __init__(self, lines: Sequence[str], sink: io.StringIO) -> None:
        super().__init__(io.StringIO("".join(f"{line}\n" for line in lines)), sink)
        self._page = sink

    def ask(self) -> str | None:
        line = super().ask()
        if line is not None:
            self._page.write(f"\n{PROMPT}{line}\n")
        return line


class Picture(FullScreen):
    """A terminal at which these lines are typed."""

    interactive = False

    def __init__(self, lines: Sequence[str], console: Console) -> None:
        with create_app_session(input=DummyInput(), output=DummyOutput()):
            super().__init__(None, console)
        self._lines, self._page = list(lines), console
        self._begun = False

    def note(self, text: str) -> None:
        """What the program says of itself is not in the picture."""

    def ask(self) -> str | None:
        if not self._begun:
            self._page.export_text(clear=True)  # nor is the welcome
            self._begun = True
        if not self._lines:
            return None
        self._page.print(Text(PROMPT, style="bold green") + Text(self._lines[0], style="default not bold"))
        return self._lines.pop(0)


def conversation(lines: Sequence[str], at: datetime) -> str:
    """What a person sees who writes these lines, from the first of them to the last reply."""
    sink = io.StringIO()
    _talk(PlainPage(lines, sink), at)
    shown = sink.getvalue()
    return shown[shown.index(PROMPT) : shown.rindex("[")]


def picture(lines: Sequence[str], at: datetime) -> str:
    """The same as an SVG of the terminal, with no font from elsewhere."""
    console = Console(
        file=io.StringIO(), record=True, width=COLUMNS, force_terminal=True, highlight=False, markup=False
    )
    _talk(Picture(lines, console), at)
    drawn = REMOTE_FONTS.sub("", console.export_svg(title="make chat", unique_id="tuidan"))
    return RUN.sub(_in_its_columns, drawn).replace("Fira Code, monospace", FONTS)


def _in_its_columns(run: re.Match[str]) -> str:
    """The export reckons one column a character; a Chinese one takes two."""
    words = html.unescape(run[3])
    width = float(run[1]) / len(words) * cells(words)
    return f'textLength="{width:.1f}"{run[2]}>{run[3]}<'


def written(block: str) -> list[str]:
    """The person's lines in a block."""
    return [line.removeprefix(PROMPT) for line in block.splitlines() if line.startswith(PROMPT)]


def renewed(readme: str) -> str:
    """The README with its conversations as they go today."""
    return BLOCK.sub(
        lambda found: found[1] + conversation(written(found[3]), datetime.fromisoformat(found[2])) + found[4],
        readme,
    )


def first_picture(readme: str) -> str:
    """The picture of a README's first conversation."""
    found = BLOCK.search(readme)
    if found is None:
        raise ValueError("the README shows no conversation")
    return picture(written(found[3]), datetime.fromisoformat(found[2]))


def _talk(screen: Screen, at: datetime) -> None:
    TerminalChat(Session(MemoryStore(), mind()), screen, "reader", lambda: at).run()


if __name__ == "__main__":
    for path in READMES:
        path.write_text(renewed(path.read_text("utf-8")), "utf-8")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(first_picture(READMES[0].read_text("utf-8")), "utf-8")
