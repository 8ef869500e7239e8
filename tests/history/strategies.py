"""Any conversation, for property tests: what suites and persons say, and personal data of every shape."""

from datetime import timedelta

from hypothesis import strategies as st

from bot.privacy import is_identity_number, passes_luhn
from tests.history.persons import AFTER, ALL, ORDERS, Message, written

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def _phones(draw: st.DrawFn) -> str:
    number = "1" + draw(st.sampled_from("3456789")) + draw(_digits(9))
    grouped = f"{number[:3]} {number[3:7]} {number[7:]}"
    shapes = (number, grouped, grouped.replace(" ", "-"), f"+86{number}", number.translate(_FULL_WIDTH))
    return draw(st.sampled_from((*shapes, number.translate(_SPOKEN))))


@st.composite
def _cards(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from(["622202", "621700", "436742"])) + draw(_digits(9))
    number = next(head + last for last in "0123456789" if passes_luhn(head + last))
    return draw(st.sampled_from([number, " ".join(number[at : at + 4] for at in range(0, 16, 4))]))


@st.composite
def _identities(draw: st.DrawFn) -> str:
    head = "110105" + draw(st.sampled_from(["19491231", "20081103", "19871020"])) + draw(_digits(3))
    return next(head + last for last in "0123456789X" if is_identity_number(head + last))


_TAILS = st.one_of(st.sampled_from([str(order.phone_tail) for order in ORDERS]), _digits(4))
_NUMBERS = st.one_of(
    st.sampled_from([order.order_id for order in ORDERS]),
    st.from_regex(r"[A-Z]{2}[0-9]{4,12}", fullmatch=True),
)
TEXTS = st.one_of(
    st.sampled_from(ALL),
    st.deferred(lambda: st.sampled_from(written())),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "我手机号", "打给", "下单手机 "]),
        _phones(),
        st.sampled_from(["", "，退票", " 400块"]),
    ),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "卡号", "退到银行卡 "]),
        _cards(),
        st.sampled_from(["", "多久到账"]),
    ),
    st.builds("{}{}".format, st.sampled_from(["", "身份证"]), _identities()),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "尾号", "尾号是", "手机后四位"]),
        _TAILS,
        st.sampled_from(["", "，1000块", "年"]),
    ),
    st.builds("{}{}，尾号{}".format, st.sampled_from(["", "退票，订单号", "查一下 "]), _NUMBERS, _TAILS),
    st.builds("{}{}".format, st.sampled_from(["", "退票，订单号"]), _NUMBERS),
    st.sampled_from(["1", "2", "3", "4"]),
)
MESSAGES = st.builds(
    Message,
    TEXTS,
    st.one_of(st.sampled_from(AFTER), st.timedeltas(timedelta(hours=-2), timedelta(days=3))),
    st.booleans(),
)
CONVERSATIONS = st.lists(MESSAGES, min_size=1, max_size=8)
