"""Replies as Telegram takes them: HTML that nobody's words can open, parts that fit, and keyboards.

Limits are those of https://core.telegram.org/bots/api: 4,096 characters of text, counted in UTF-16 units, and
64 bytes of callback data. The HTML itself is held to the limit, tags and escapes included, which is the
stricter reading of it.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_TEXT = 4096
"""UTF-16 units of one message."""
LONGEST_CAPTION = 1024
"""UTF-16 units under a picture."""
LONGEST_DATA = 64
"""Bytes of a button's callback data."""
LONGEST_LABEL = 40
"""Characters of a button's label; a phone shows no more, and the button's data says which one it is."""
ROW_CELLS = 30
"""What a phone shows side by side, a Chinese character counted as two; buttons of a row are equally wide."""
PADDING_CELLS = 4
BUTTONS_IN_A_ROW = 3
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_PRESS = re.compile(r"v([0-9]{1,18}):([0-9]{1,3})", re.ASCII)
_TAGS = len("<b></b>")

Line = list[tuple[str, bool]]
"""Stretches of one line: their characters, and whether they are bold."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message: what it shows, and what comes back when it is pressed."""

    label: str
    data: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.data.encode()) <= LONGEST_DATA:
            raise ValueError(f"a button's data must have 1 to {LONGEST_DATA} bytes: {self.data[:80]!r}")


Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a button of the dialogue carries: the version of the case that it was shown for, and its place."""

    version: int
    index: int


def messages(text: str, *, marked: bool = True, limit: int = LONGEST_TEXT) -> list[str]:
    """The text as HTML, in as many messages as it takes; none where nothing of it can be seen.

    What stands between ** is bold where the text is the bot's own (`marked`); what people wrote has no marks.
    Messages end where lines end; only a line that is longer than a whole message is cut.
    """
    parts: list[str] = []
    room = -1
    for line in _lines(text, marked):
        for number, piece in enumerate(_fitting(line, limit)):
            shown = _html(piece)
            room -= units(shown) + 1
            if room < 0 or number:
                parts.append(shown)
                room = limit - units(shown)
            else:
                parts[-1] += f"\n{shown}"
    return [part for part in (part.strip() for part in parts) if part]


def choices(labels: Sequence[str], version: int) -> Keyboard:
    """The dialogue's buttons, short ones side by side; their data say which case they were shown for."""
    rows: list[list[Button]] = []
    widest = 0
    for index, label in enumerate(labels):
        button = Button(_label(label), f"v{version}:{index}")
        cells = PADDING_CELLS + sum(1 if ord(char) < 0x1100 else 2 for char in button.label)
        widest = max(widest, cells)
        if not rows or (len(rows[-1]) + 1) * widest > ROW_CELLS or len(rows[-1]) == BUTTONS_IN_A_ROW:
            rows.append([])
            widest = cells
        rows[-1].append(button)
    return tuple(tuple(row) for row in rows)


def read_press(data: str) -> Press | None:
    """The press that the callback data tell of, or None where they are no button of the dialogue's."""
    found = _PRESS.fullmatch(data)
    return Press(int(found[1]), int(found[2])) if found else None


def units(text: str) -> int:
    """UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def _label(label: str) -> str:
    shown = " ".join(_CONTROL.sub("", label).split())
    return (shown if len(shown) <= LONGEST_LABEL else f"{shown[: LONGEST_LABEL - 1]}…") or "…"


def _lines(text: str, marked: bool) -> Iterator[Line]:
    line: Line = []
    for place, stretch in enumerate(_BOLD.split(text) if marked else [text]):
        first, *others = _CONTROL.sub("", stretch).split("\n")
        line.append((first, place % 2 == 1))
        for other in others:
            yield line
            line = [(other, place % 2 == 1)]
    yield line


def _fitting(line: Line, limit: int) -> Iterator[Line]:
    """The line, in pieces that fit into a message each; all but the last fill theirs."""
    if units(_html(line)) <= limit:
        yield line
        return
    piece: Line = []
    room = limit
    for stretch, bold in line:
        begun = 0
        room -= _TAGS if bold else 0
        for place, char in enumerate(stretch):
            cost = units(html.escape(char, quote=False))
            if cost > room:
                yield [*piece, (stretch[begun:place], bold)]
                piece, begun, room = [], place, limit - (_TAGS if bold else 0)
            room -= cost
        piece.append((stretch[begun:], bold))
    yield piece


def _html(line: Line) -> str:
    escaped = ((html.escape(stretch, quote=False), bold and stretch.strip()) for stretch, bold in line)
    return "".join(f"<b>{stretch}</b>" if bold else stretch for stretch, bold in escaped)
