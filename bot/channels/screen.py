"""What the terminal chat is seen and written through: a full terminal, or plain lines where there is none."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, InMemoryHistory
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.privacy import mask

PROMPT = "你 › "
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Screen(Protocol):
    """Where the chat is shown and typed."""

    interactive: bool

    def ask(self) -> str | None:
        """The person's next line; None where there will be none."""

    def reply(self, text: str, buttons: Sequence[str] = (), first: int = 1) -> None:
        """One message of the bot; its buttons as choices, numbered from `first`."""

    def note(self, text: str) -> None:
        """A line of the program's own."""

    def panel(self, title: str, lines: Iterable[str]) -> None:
        """Several lines of the program's own, under a title."""


def cells(text: str) -> int:
    """Columns that the text takes in a terminal: two for a Chinese character."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def choices(buttons: Sequence[str], width: int, first: int = 1) -> list[str]:
    """The numbered choices, as many on a line as fit."""
    lines: list[str] = []
    for number, label in enumerate(buttons, start=first):
        choice = f"{number}) {label}"
        if lines and cells(lines[-1]) + 3 + cells(choice) <= width:
            lines[-1] += "   " + choice
        else:
            lines.append(choice)
    return lines


def printable(text: str) -> str:
    """The text without characters that would steer a terminal."""
    return _CONTROL.sub("", text)


class PlainScreen:
    """Lines in, lines out: for pipes and dumb terminals."""

    interactive = False
    width = 78

    def __init__(self, source: TextIO, sink: TextIO) -> None:
        self._source, self._sink = source, sink

    def ask(self) -> str | None:
        line = self._source.readline()
        return line.rstrip("\r\n") if line else None

    def reply(self, text: str, buttons: Sequence[str] = (), first: int = 1) -> None:
        self._write([_BOLD.sub(r"\1", text), *(f"  {line}" for line in choices(buttons, self.width, first))])

    def note(self, text: str) -> None:
        self._write([f"[{text}]"])

    def panel(self, title: str, lines: Iterable[str]) -> None:
        self._write([f"—— {title} ——", *(_BOLD.sub(r"\1", line) for line in lines)])

    def _write(self, lines: Iterable[str]) -> None:
        self._sink.writelines(f"{printable(line)}\n" for text in lines for line in text.split("\n"))
        self._sink.flush()


class FullScreen:
    """A terminal with a person at it: line editing, history, bold figures, Chinese widths."""

    interactive = True

    def __init__(self, history: Path | None = None, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, markup=False, emoji=False)
        self._prompt: PromptSession[str] = PromptSession(
            history=_MaskedHistory(str(history)) if history else InMemoryHistory()
        )

    def ask(self) -> str | None:
        try:
            return self._prompt.prompt(FormattedText([("bold fg:ansigreen", PROMPT)]))
        except (EOFError, KeyboardInterrupt):
            return None

    def reply(self, text: str, buttons: Sequence[str] = (), first: int = 1) -> None:
        words = marked(printable(text))
        for line in choices([printable(b) for b in buttons], self._console.width - 4, first):
            words.append(f"\n{line}", style="cyan")
        self._console.print(Padding(words, (0, 0, 1, 2)))

    def note(self, text: str) -> None:
        self._console.print(Text(printable(text), style="dim"))

    def panel(self, title: str, lines: Iterable[str]) -> None:
        words = Text("\n").join(marked(printable(line)) for line in lines)
        self._console.print(Panel(words, title=Text(title), border_style="dim", title_align="left"))


def marked(text: str) -> Text:
    """The text with what stands between ** in bold."""
    words = Text(overflow="fold")
    for place, part in enumerate(_BOLD.split(text)):
        words.append(part, style="bold" if place % 2 else "")
    return words


class _MaskedHistory(FileHistory):
    """Lines for the arrow keys, without personal data; bare digits may be a phone's tail and are not kept."""

    def store_string(self, string: str) -> None:
        if not string.strip().isdecimal():
            super().store_string(mask(string))


def history_in(folder: Path) -> Path | None:
    """The history's file, or None where the folder cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / "history"
