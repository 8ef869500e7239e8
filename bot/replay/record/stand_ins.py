"""Personal data that belongs to nobody, to be put where the store has masked somebody's.

Everything is drawn from a digest of the conversation: the same conversation gets the same stand-ins.
"""

import hashlib
from dataclasses import dataclass

from bot.privacy import is_identity_number, passes_luhn

_NO_OPERATOR = "154"
"""The one range of mobile numbers between 150 and 159 that no operator was given."""
_NO_PROVINCE = "990000"
"""GB/T 2260 has no region whose code begins with 99."""
_NOT_BORN = "2099"
_ALOUD = 24
"""Digits in words are heard as words are, each number otherwise: so many are there to choose from."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """The stand-ins of one conversation. `seed` is any text that stands for the conversation's content.

    Where a kind of number is written in several ways, all are given, the usual one first.
    """

    seed: str

    def digits(self, purpose: str, count: int) -> str:
        """That many digits, the same for the same purpose."""
        digest = hashlib.shake_256(f"{self.seed}\n{purpose}".encode()).digest(8 + count)
        return str(int.from_bytes(digest, "big") % 10**count).zfill(count)

    def tail(self, number: int) -> str:
        """Four digits that prove who ordered, others for every number; they read like no year or clock."""
        drawn = self.digits("tail", 4)
        first, second = int(drawn[:2]) + number, int(drawn[2:]) + number // 70
        return f"{30 + first % 70}{60 + second % 40}"

    def phones(self, tail: str) -> tuple[str, ...]:
        """A mobile number that ends in the tail and was given to nobody."""
        middle = self.digits("phone", 4)
        number = f"{_NO_OPERATOR}{middle}{tail}"
        spaced = f"{_NO_OPERATOR} {middle} {tail}"
        dashed = spaced.replace(" ", "-")
        abroad = (f"+86{number}", f"+86 {number}", f"+86 {spaced}", f"+86 {dashed}", f"86{number}")
        aloud = tuple(
            in_words(f"{_NO_OPERATOR}{self.digits(f'phone aloud {attempt}', 4)}{tail}")
            for attempt in range(_ALOUD)
        )
        return (number, spaced, dashed, *abroad, *aloud)

    def identities(self) -> tuple[str, ...]:
        """An identity card's number, its check character valid (GB 11643), of a person who cannot exist."""
        body = f"{_NO_PROVINCE}{_NOT_BORN}0101{self.digits('identity', 3)}"
        number = next(body + check for check in "0123456789X" if is_identity_number(body + check))
        return (number, f"{number[:6]} {number[6:14]} {number[14:]}")

    def cards(self) -> tuple[str, ...]:
        """A bank card's number that passes Luhn, of 16 and of 19 digits."""
        numbers: list[str] = []
        for length in (19, 16):
            body = "629999" + self.digits("card", length - 7)
            numbers.append(next(body + check for check in "0123456789" if passes_luhn(body + check)))
        grouped = [" ".join(number[at : at + 4] for at in range(0, len(number), 4)) for number in numbers]
        return tuple(numbers + grouped)

    def emails(self) -> tuple[str, ...]:
        """An address in the domain that RFC 2606 keeps for examples."""
        number = self.digits("email", 8)
        names = (number, f"u{number[:5]}", "someone", "zhangsan", "li.si")
        return tuple(f"{name}@{domain}" for domain in ("example.com", "qq.example.com") for name in names)


def in_words(digits: str) -> str:
    """Digits as they are read out."""
    return digits.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
