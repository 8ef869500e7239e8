"""Lines that nobody sends in good faith, the same ones for the same seed."""

import json
from collections.abc import Callable, Iterator
from random import Random

MEGABYTE = 1_000_000
LONG_ONE_IN = 400
ORDINARY = "我在微信上买的火车票想取消送票，380块，明天上午10点发车，快递还没取件，订单号E123456789，尾号0427"
NUMERALS = "零一二三四五六七八九十百千万亿两半点块毛分号月日时刻周0123456789.:/-￥"
COMBINING = [chr(code) for code in range(0x300, 0x36F)] + ["\u20e3", "\ufe0f", "\u200d"]
BIDI = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)]
CLOCKS = [
    "2026-03-06T04:00:00+08:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "soon",
    "",
    7,
]


def lines(count: int, seed: int) -> Iterator[bytes]:
    """So many lines, none of them blank, each ending in one line break."""
    chance = Random(seed)
    kinds: list[Callable[[Random], bytes]] = [
        *(_unicode, _combining, _bidi, _controls, _numerals, _mangled, _surrogates, _repeated),
        *(_broken, _bytes, _types, _clocks),
    ]
    for number in range(count):
        line = _megabyte(chance) if number % LONG_ONE_IN == 7 else chance.choice(kinds)(chance)
        yield (line.replace(b"\n", b" ").strip() or b"?") + b"\n"


def _request(chance: Random, text: object, now: object = CLOCKS[0]) -> bytes:
    ascii_only = chance.random() < 0.5
    body = {"conversation": f"h{chance.randrange(500)}", "text": text, "now": now}
    return json.dumps(body, ensure_ascii=ascii_only).encode("utf-8", "backslashreplace")


def _of(chance: Random, letters: str | list[str], most: int = 300) -> str:
    return "".join(chance.choices(letters, k=chance.randrange(1, most)))


def _unicode(chance: Random) -> bytes:
    codes = (chance.randrange(0x110000) for _ in range(chance.randrange(1, 200)))
    return _request(chance, "".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000))


def _combining(chance: Random) -> bytes:
    return _request(chance, "".join(letter + _of(chance, COMBINING, 40) for letter in "退票退款"))


def _bidi(chance: Random) -> bytes:
    return _request(chance, _of(chance, [*BIDI, *"退款שלוםمرحبا380元"]))


def _controls(chance: Random) -> bytes:
    return _request(chance, _of(chance, [*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"退票"]))


def _numerals(chance: Random) -> bytes:
    return _request(chance, _of(chance, NUMERALS))


def _mangled(chance: Random) -> bytes:
    letters = list(ORDINARY)
    for _ in range(chance.randrange(1, 20)):
        letters.insert(chance.randrange(len(letters)), chr(chance.randrange(0x20, 0xFFF0) % 0xD800))
    return _request(chance, "".join(letters))


def _surrogates(chance: Random) -> bytes:
    return _request(chance, "退款" + "".join(chr(chance.randrange(0xD800, 0xE000)) for _ in range(9)))


def _repeated(chance: Random) -> bytes:
    return _request(
        chance, chance.choice(["不", "退", "3点", "￥", "👨‍👩‍👧", "不是", "，", "(", "1:", "tui"]) * 2000
    )


def _broken(chance: Random) -> bytes:
    whole = _request(chance, ORDINARY)
    return whole[: chance.randrange(1, len(whole))]


def _bytes(chance: Random) -> bytes:
    return chance.randbytes(chance.randrange(1, 300))


def _types(chance: Random) -> bytes:
    odd = [None, 5, -1e308, True, [], {}, [["退款"]], {"text": "退款"}, "", " "]
    if chance.random() < 0.2:
        return chance.choice([b"[" * 50_000, b'{"a":' * 50_000, b"9" * 50_000, b"NaN", b"[]", b'"x"'])
    return _request(chance, chance.choice(odd))


def _clocks(chance: Random) -> bytes:
    return _request(chance, ORDINARY, chance.choice(CLOCKS))


def _megabyte(chance: Random) -> bytes:
    piece = chance.choice(
        [
            *(
                "不",
                "退款",
                "3块",
                "a",
                "1",
                "三",
                " ",
                "，",
                "明天",
                "\u0301",
                "火车票",
                ORDINARY,
                "tuikuan ",
            ),
            *(_of(chance, NUMERALS), "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(997))),
        ]
    )
    return _request(chance, (piece * (MEGABYTE // len(piece.encode()) + 1))[: MEGABYTE // 3])
