"""Reading sums: what is money, what it comes to, and whose it is."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.slots import extract
from intents.slots.numerals import han, parse
from intents.slots.time_values import SHANGHAI

NOW = datetime(2026, 3, 6, 12, tzinfo=SHANGHAI)
_DIGITS = "零一二三四五六七八九"


def _spoken(number: int) -> str:
    """A whole number below ten thousand in Chinese, spelled out in full."""
    parts, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            parts += ("零" if zero and parts else "") + _DIGITS[digit] + name
        zero = not digit
    return parts


@given(st.integers(1, 9999))
def test_a_number_spelled_out_is_read_back(number: int) -> None:
    assert han(_spoken(number)) == number


@pytest.mark.parametrize(("said", "value"), [
    ("三百八", 380), ("两千三", 2300), ("一万二", 12000), ("两百五", 250), ("廿三", 23), ("十二", 12),
    ("一百零五", 105),
    ("1千2", 1200), ("1.2w", 12000), ("1,280.50", Decimal("1280.50")), ("二零二六", 2026), ("三四",
    None), ("十百", None),
])  # fmt: skip
def test_shorthand(said: str, value: int | None) -> None:
    assert parse(said) == value


@given(
    st.decimals(1, 99999, places=2),
    st.sampled_from(["票价{}元", "花了{}块", "实付{}", "¥{}的票", "RMB {}", "总共{}块钱"]),
)
def test_a_price_keeps_its_fen(price: Decimal, wording: str) -> None:
    amount = extract(wording.format(price), NOW).slots["amount"]
    assert (amount.value, amount.certain) == (str(price), True)


@pytest.mark.parametrize(("message", "amount"), [
    ("380块", "380.00"), ("￥99.9".replace("￥", "¥"), "99.90"), ("一百二十元", "120.00"),
    ("3张票一共240", "240.00"),
    ("三百八一张,两张", "760.00"), ("99块9", "99.90"), ("八十块五毛", "80.50"), ("两千三百块的机票",
    "2300.00"),
    ("580元/张", "580.00"), ("12306买的卧铺,二百六", "260.00"), ("票价五百二,退了能剩多少", "520.00"),
    ("八十八块八毛八", "88.88"), ("一张118,两张", "236.00"), ("3张,每张45.5", "136.50"),
    ("壹仟贰佰元", "1200.00"),
    ("伍佰捌拾元整", "580.00"), ("一千八百蚊", "1800.00"), ("二百六十快", "260.00"), ("460rmb", "460.00"),
    ("1.2k", "1200.00"), ("动车 99.5", "99.50"), ("卧铺,418", "418.00"), ("台灯一百二", "120.00"),
    ("原价120,抵扣后实付99", "99.00"), ("明天10:05的高铁,455块", "455.00"),
    ("不是380块,是280块", "280.00"), ("满200减30,实际付了170", "170.00"), ("三张票,单价165", "495.00"),
    ("9.9包邮的袜子", "9.90"),
])  # fmt: skip
def test_certain_prices(message: str, amount: str) -> None:
    value = extract(message, NOW).slots["amount"]
    assert (value.value, value.certain) == (amount, True)


@pytest.mark.parametrize(("message", "doubt"), [
    ("我票是五百多买的", "vague"), ("大概300块", "vague"), ("两张380的票", "several"), ("充100却扣200",
    "several"),
    ("激活码 198", "bare"), ("应退520实退502", "several"),
])  # fmt: skip
def test_doubtful_prices_say_why(message: str, doubt: str) -> None:
    value = extract(message, NOW).slots["amount"]
    assert (value.certain, value.doubt) == (False, doubt)


@pytest.mark.parametrize("message", [
    "2张票", "等了30分钟", "尾号1234", "A区12排5座", "G1057", "第3天", "10点发车", "扣15%", "打八折",
    "百分之十五", "1-3个工作日",
    "手续费5块", "运费18元谁出", "优惠了30块", "付的港币300元", "一块电池", "一毛不退", "拨打12306",
    "超过100块要实名吗", "88",
    "手机13800138000", "三月八号", "腊月二十六的票", "少退了12.5", "不是差一两毛", "一共13单",
    "那30块哪去了", "15块跑腿费", "我5.28买的", "到账 8 张的钱", "买1000万金币", "几十块的激活码",
    "先问一句", "退改页面打不开", "iPhone 15", "4k电影", "演唱会 2026", "少收到了九块九", "我今年15 买的票",
    "0元试用", "积分从8800变成2000", "买的50片装",
])  # fmt: skip
def test_what_is_no_price(message: str) -> None:
    assert "amount" not in extract(message, NOW).slots


@pytest.mark.parametrize(("message", "amount", "received"), [
    ("付了458,只退回来390", "458.00", "390.00"), ("票价380扣了57", "380.00", "323.00"),
    ("买的时候560 回来的只有448", "560.00", "448.00"), ("1000块退640?", "1000.00", "640.00"),
    ("订单金额3299 收到退款3199", "3299.00", "3199.00"), ("票价380,到账二百多", "380.00", "200.00"),
])  # fmt: skip
def test_what_came_back(message: str, amount: str, received: str) -> None:
    slots = extract(message, NOW).slots
    assert (slots["amount"].value, slots["received_amount"].value) == (amount, received)
    assert slots["received_amount"].certain == ("多" not in message)


def test_a_deduction_alone_is_neither_price_nor_refund() -> None:
    read = extract("扣了我二十块五,凭什么", NOW)
    assert not {"amount", "received_amount"} & read.slots.keys()
    assert [(span.kind, span.text) for span in read.spans] == [("deducted", "二十块五")]


@pytest.mark.parametrize("said", ["380", "三百八", "380吧", "大概380"])
def test_a_bare_number_answers_the_question_for_it(said: str) -> None:
    assert extract(said, NOW, "amount").slots["amount"].value == "380.00"
    assert extract(said, NOW, "received_amount").slots["received_amount"].value == "380.00"
