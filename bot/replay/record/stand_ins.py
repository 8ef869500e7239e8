"""Personal data that belongs to nobody, to be put where the store has masked somebody's.

Everything is drawn from a digest of the conversation: the same conversation gets the same stand-ins.
"""

import hashlib
from dataclasses import dataclass

from bot.privacy import NO_OPERATOR, is_identity_number, passes_luhn

_NO_PROVINCE = "990000"
"""GB/T 2260 has no region whose code begins with 99."""
_NOT_BORN = "2099"


@dataclass(frozen=True, slots=True)
class StandIns:
    """The stand-ins of one conversation. `seed` is any text that stands for the conversation's content."""

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

    def phone(self, tail: str) -> str:
        """A mobile number that ends in the tail and was given to nobody."""
        return f"{NO_OPERATOR}{self.digits('phone', 4)}{tail}"

    def identity(self) -> str:
        """An identity card's number, its check character valid (GB 11643), of a person who cannot exist."""
        body = f"{_NO_PROVINCE}{_NOT_BORN}0101{self.digits('identity', 3)}"
        return next(body + check for check in "0123456789X" if is_identity_number(body + check))

    def card(self) -> str:
        """A bank card's number that passes Luhn."""
        body = "629999" + self.digits("card", 12)
        return next(body + check for check in "0123456789" if passes_luhn(body + check))

    def email(self) -> str:
        """An address in the domain that RFC 2606 keeps for examples."""
        return f"u{self.digits('email', 5)}@example.com"


def in_words(digits: str) -> str:
    """Digits as they are read out."""
    return digits.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
