"""Which of the dialogues are to run."""

from collections.abc import Sequence

from bot.errors import TuidanError
from bot.replay.suite import Dialogue


def choose(dialogues: Sequence[Dialogue], wanted: Sequence[str]) -> list[Dialogue]:
    """The dialogues that any of the texts names: all of them where there is no text.

    A text names a dialogue by a part of its name, a part of its file's path, or "file:line" with any of its
    lines. Raises TuidanError for a text that names none.
    """
    if not wanted:
        return list(dialogues)
    ends = _ends(dialogues)
    named = {text: [d for d in dialogues if _names(text, d, ends[d.file, d.line])] for text in wanted}
    for text, found in named.items():
        if not found:
            raise TuidanError(
                f"no dialogue is named by --only {text} (a part of a name, a file, or file:line)"
            )
    chosen = {(d.file, d.line) for found in named.values() for d in found}
    return [d for d in dialogues if (d.file, d.line) in chosen]


def _names(text: str, dialogue: Dialogue, end: float) -> bool:
    if text in dialogue.name or text in dialogue.file:
        return True
    file, _, line = text.rpartition(":")
    at_a_line = bool(file) and line.isascii() and line.isdecimal()
    return at_a_line and dialogue.file.endswith(file) and dialogue.line <= int(line) < end


def _ends(dialogues: Sequence[Dialogue]) -> dict[tuple[str, int], float]:
    """The line on which the next dialogue of the same file begins."""
    places = sorted((dialogue.file, dialogue.line) for dialogue in dialogues)
    following = [*places[1:], ("", 0)]
    return {
        place: after[1] if after[0] == place[0] else float("inf")
        for place, after in zip(places, following, strict=True)
    }
