"""A message as it may be shown to whoever looks at many, and be kept for good: no figure that names anybody.

What the store keeps is masked, order numbers aside. Here those go too, and masks become the signs that
`intents.features.plain` puts for numbers: an example that is learned from then reads like the message itself.
"""

import re

from bot.privacy import CARD, EMAIL, IDENTITY, PHONE, TAIL, mask

CODE, FIGURE = "#", "0"
"""What stands for a long number or code, and for a short number."""
LONGEST_FIGURE = 5
"""Digits of a number that stays: a sum, a year, 12306."""
SHORTEST_CODE = 8
"""Letters and digits in a row that may be an order's number, or somebody's name on another platform."""
_WIDE = "Ａ-Ｚａ-ｚ－①-⑨⓪"
_RUN = re.compile(rf"[A-Za-z\d_\-{_WIDE}]{{{LONGEST_FIGURE + 1},}}")
_DIGIT = re.compile(r"[\d①-⑨⓪]")
_DATE = re.compile(r"20\d\d-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])", re.ASCII)
_ALOUD = re.compile("[零〇一二三四五六七八九幺]{7,}")


def anonymous(text: str) -> str:
    """The text on one line, printable, without masks and long numbers. Applying it again changes nothing."""
    line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    while (done := _once(line)) != line:
        line = done
    return line


def _once(line: str) -> str:
    line = mask(line)
    for sign in (PHONE, CARD, IDENTITY, EMAIL):
        line = line.replace(sign, CODE)
    line = _ALOUD.sub(CODE, line.replace(TAIL, FIGURE))
    return " ".join(_RUN.sub(_short, line).split())


def _short(run: re.Match[str]) -> str:
    digits = len(_DIGIT.findall(run[0]))
    if not digits or _DATE.fullmatch(run[0]):
        return run[0]
    if len(run[0]) >= SHORTEST_CODE:
        return CODE
    return FIGURE if digits > LONGEST_FIGURE else run[0]
