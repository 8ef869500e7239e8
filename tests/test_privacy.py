"""Personal data never passes the mask; order numbers, money and times always do."""

import time
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import (
    each_string,
    hide_tail,
    is_identity_number,
    looks_like_card,
    mask,
    order_numbers,
    passes_luhn,
    pseudonym,
)

PLAIN = st.text(
    st.characters(exclude_categories=["Nd", "No", "Nl", "Cf", "Cs"], exclude_characters="@＠"), max_size=12
)
WORDS = PLAIN.filter(lambda text: not text or not (text[0].isalpha() and text[0].isascii()))


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def phones(draw: st.DrawFn) -> str:
    number = "1" + draw(st.sampled_from("3456789")) + draw(digits(9))
    shapes = [
        number,
        f"+86{number}",
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
    ]
    return draw(st.sampled_from(shapes))


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1930, 1, 1), date(2025, 12, 31)))
    head = draw(st.sampled_from(["110105", "430102", "510107"])) + f"{born:%Y%m%d}" + draw(digits(3))
    return next(head + last for last in "0123456789X" if is_identity_number(head + last))


@st.composite
def cards(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from(["622202", "621700", "436742"])) + draw(digits(9))
    number = next(head + last for last in "0123456789" if passes_luhn(head + last))
    return draw(st.sampled_from([number, " ".join(number[n : n + 4] for n in range(0, 16, 4))]))


EMAILS = st.from_regex(r"[a-z][a-z0-9._]{0,10}[a-z0-9]@[a-z]{2,8}\.(?:com|cn)", fullmatch=True)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@given(WORDS, st.one_of(phones(), identities(), cards(), EMAILS), WORDS, st.booleans())
def test_personal_data_never_passes(before: str, secret: str, after: str, full_width: bool) -> None:
    shown = secret.translate(FULL_WIDTH) if full_width else secret
    masked = mask(f"{before} {shown} {after}")
    assert shown not in masked
    assert not any(char.isdecimal() for char in masked)


@given(st.text(st.one_of(st.characters(), st.sampled_from("0123456789 -@卡号尾证1368")), max_size=80))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(WORDS, st.from_regex(r"[A-Z]{0,3}[0-9]{10,24}", fullmatch=True), WORDS, phones())
def test_a_recognised_order_number_stays(before: str, number: str, after: str, phone: str) -> None:
    masked = mask(f"{before} {number} {after} {phone}", [number])
    assert number in masked
    assert phone not in masked or phone in number


@given(
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2035-01-01")),
    st.decimals(0, 10**7, places=2),
)
def test_times_and_money_stay(at: datetime, amount: object) -> None:
    text = f"{at.isoformat()}+08:00 {amount}元 {at:%Y%m%d}"
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("打13800138000给我", "打[手机号]给我"),
        ("打１３８００１３８０００给我", "打[手机号]给我"),
        ("打138\u200b0013\u200b8000给我", "打[手机号]给我"),
        ("一三八零零一三八零零零", "[手机号]"),
        ("一\u200b三八零零一三八零零零", "[手机号]"),
        ("手机尾号是1\u200b2\u2060３④", "手机尾号是****"),
        ("打138－0013－8000给我", "打[手机号]给我"),
        ("+86 138-0013-8000", "[手机号]"),
        ("身份证11010519491231002X", "身份证[身份证号]"),
        ("身份证号码：110105194912310021", "身份证号码：[身份证号]"),
        ("卡号 6222 0212 3456 7890 123", "卡号 [银行卡号]"),
        ("4111111111111111 123", "[银行卡号] 123"),
        ("写信a.b@qq.com", "写信[邮箱]"),
        ("13800138000@139.com", "[邮箱]"),
        ("手机尾号是1234", "手机尾号是****"),
        ("订单号4111111111111111", "订单号4111111111111111"),
        ("座机010-62345678", "座机010-62345678"),
        ("380块，3月7日10:00", "380块，3月7日10:00"),
        ("订单202603061234567", "订单202603061234567"),
    ],
)
def test_what_is_masked_and_what_stays(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_all_strings_of_a_structure_are_masked() -> None:
    data = {"a": ["13800138000", {"b": ("x@y.cn", 5, None)}]}
    assert each_string(data, mask) == {"a": ["[手机号]", {"b": ["[邮箱]", 5, None]}]}


def test_a_card_is_no_order_number_unless_called_one() -> None:
    card = "6222021234567890128"
    assert looks_like_card(card)
    assert order_numbers(f"退到{card}", [card], asked=False) == ()
    assert order_numbers(f"订单号{card}", [card], asked=False) == (card,)
    assert order_numbers(card, [card], asked=True) == (card,)
    assert order_numbers("看看TK2603070001", ["TK2603070001"], asked=False) == ("TK2603070001",)


def test_a_tail_is_hidden_in_its_own_wording_only() -> None:
    assert hide_tail("尾号是一二三四，2026年", ["1234", "一二三四"]) == "尾号是****，2026年"
    assert hide_tail("1234，订单12345", ["1234"]) == "****，订单12345"
    assert hide_tail("2026年，2026-03-07，2026.00", ["2026"]) == "2026年，2026-03-07，2026.00"
    assert hide_tail("AB8001的尾号8001，ab8001", ["8001"], ["AB8001"]) == "AB8001的尾号****，ab8001"
    assert hide_tail("8001", ["8001"], ["AB8001"]) == "****"


def test_names_that_are_personal_data_are_stored_as_a_digest() -> None:
    assert pseudonym("alice") == "alice"
    assert "138" not in pseudonym("13800138000")
    assert pseudonym("13800138000") == pseudonym("13800138000") != pseudonym("13800138001")


@pytest.mark.parametrize(
    "unit", ["1", "a", "1380013800", "@", "13800138000 ", "卡号", "1-", "4111111111111111,", "a@b."]
)
def test_a_megabyte_is_masked_in_time(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    start = time.process_time()
    mask(text, ["13800138000"])
    assert time.process_time() - start < timedelta(seconds=1.5).total_seconds()
