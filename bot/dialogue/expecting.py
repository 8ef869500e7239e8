"""Which slot a message is likely to fill: known before it is read, for a bare figure needs that."""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.dialogue.moments import HALF_DAY, TIMES
from bot.dialogue.state import Fact, State
from bot.dialogue.wording import value_name
from intents.contrast import contrast
from knowledge.outcome import UNKNOWN

SUMS = ("amount", "received_amount")
FIGURES = frozenset({*SUMS, "late_minutes", "phone_tail"})
"""Slots whose question a bare figure answers."""
SHORT = 24
"""Up to this many characters a message may do no more than put a figure right."""
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_OPENS = (
    r"(?:哦|噢|喔|啊|哎呀?|唉|嗯|额|呃|嘶|欸|诶|糟|糟糕|[Ss]orry|[Oo]ops|[,，:：。.!！~…、\s]"
    r"|不好意思|抱歉|对不起|对不住|等[等下]|等一下)*"
)
_OF_WHAT = (
    r"(?:我|俺|那|刚刚?才?|前面|上面|又|也|都|那个|这个|数字?|数目|金额"
    r"|票价|票面价?|价格|价钱|钱数|钱|总价|到账|时间)*"
)
_SLIP = (
    r"(?:[说写打讲记输报念看搞弄填算按][错岔反混漏倒串](?:了|啦|咯)?|手[误滑]|口误|更正|纠正|订正"
    r"|改(?:成|为|一下|下)?|不对|错[了啦]?|不是|不|[少多漏](?:[打写输按敲]了?|了)(?:一?个|[一1]位)?(?:0|零)?)"
)
_THEN = r"(?:[,，:：。.!！~…、\s]|一下|下|其实|应该?为?|实际上?|真正|正确的?|准确|是|为|就|才|不|对)*"
_SUM = r"[¥￥]?(?:\d+(?:\.\d+)?|[一二两三四五六七八九][零一二两三四五六七八九十百千万]+)(?:块钱?|元)?"
_RIGHT = r"(?:才对|才是|没错|的|哈|啊|呀|哦|了|吧|[,，。.!！~\s])*"
_PUT_RIGHT = re.compile(
    rf"{_OPENS}{_OF_WHAT}(?:{_SLIP}{_OPENS}{_OF_WHAT})+{_THEN}{_OF_WHAT}{_THEN}"
    rf"(?P<minutes>{_SUM}分钟)?(?(minutes)|{_SUM}){_RIGHT}"
)
"""不对 308, 价格打错了，308, 多打了个0，308: a figure put right without a word of what it is."""
_AFTER_ALL = re.compile(
    rf"(?:[^\d]{{0,12}}[,，。!！\s])?{_OF_WHAT}(?:还|就|其实|原来|真|确实|果然)*是?{_SUM}(?:才对|才是|没错){_RIGHT}"
    rf"|(?:[^\d]{{0,8}}[,，。!！\s])?{_OF_WHAT}(?:[还就真]|其实|原来|确实|果然)+是{_SUM}{_RIGHT}"
)
"""还是380, 看回来了，380才对: a figure taken back."""
_HALF = re.compile(
    rf"{_OPENS}{_OF_WHAT}(?:{_SLIP}{_OPENS}{_OF_WHAT})*{_THEN}(?:还是|就是)?(?:早上|早晨|上午|下午|晚上|傍晚|凌晨)"
    r"(?:的|那[班趟场]|场)*(?:才对|才是|没错|哈|啊|呀|了|吧|[,，。.!！~\s])*"
)
"""啊不，早上的: the other half of the day."""
_OH = re.compile(rf"{_OPENS}{_OF_WHAT}(?:应该?)?(?:[是为]\s?)?{_SUM}{_RIGHT}")
_AFTER_SOMETHING = re.compile(
    r"(?:哦|噢|喔|啊|哎|唉|嗯|额|呃|欸|诶|[Ss]orry|[Oo]ops|不好意思|抱歉|对不|等|是|\D{0,6}应)"
)
"""哦是251: what makes such a figure a second thought."""
_SIMPLIFIED = str.maketrans(
    "錯對說講記報寫輸亂數額價錢實際應該誤圓係塊號時點", "错对说讲记报写输乱数额价钱实际应该误圆是块号时点"
)
"""The characters of these patterns, for a message is not in its normal form yet."""
_OF_PLAN = re.compile(
    r"票[^,，。?？吗]{0,3}(?:一起|一并|一块|也|都|还是|全)[^,，。?？吗]{0,3}(?:退|留|不要|要)(?![吗么不?？])"
    r"|(?:^|[,，。\s])票(?:我|还是|也|就)*(?:要的|要留|留着|留下|不要了?|不退了?|退掉|要退)(?:[,，。!！了吧\s]|$)"
)
"""票一起退: what becomes of the ticket, where that was told otherwise before."""
_CAME_BACK = re.compile(r"到账|到手|退回|退了|收到|退款")
_PAID = re.compile(r"票|价|付|买")
_DAY = re.compile(r"(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[号日]")
_CLOCK = re.compile(r"(?P<hour>\d{1,2})[点时:]")


def expected(state: State, text: str) -> str | None:
    """The slot whose value the message rules out (不是50，是150), else the one that was asked for."""
    text = text.translate(_SIMPLIFIED)
    sides = contrast(text)
    if sides is not None:
        return ruled_out(state, text[slice(*sides.wrong)]) or state.asked
    if state.asked not in FIGURES and "ticket_plan" in state.facts and _OF_PLAN.search(text):
        return "ticket_plan"
    return _put_right(state, text.strip()) or state.asked


def ruled_out(state: State, wrong: str) -> str | None:
    """The slot of the case whose value these words name; of several the one told last."""
    wrong = wrong.strip()
    if not wrong:
        return None
    product = state.facts["product"].value if "product" in state.facts else None
    meant = [
        (fact.turn, slot)
        for slot, fact in known(state).items()
        if wrong == value_name(slot, fact.value, product) or _is_named(slot, fact, wrong)
    ]
    return max(meant)[1] if meant else None


def known(state: State) -> Mapping[str, Fact]:
    """What the case holds, the values that wait to be confirmed included."""
    facts = {**state.facts, **state.doubtful}
    return {slot: fact for slot, fact in facts.items() if fact.value != UNKNOWN}


def _is_named(slot: str, fact: Fact, wrong: str) -> bool:
    if slot in TIMES:
        return wrong in fact.said or _names_time(datetime.fromisoformat(fact.value), wrong)
    figures = _FIGURE.findall(wrong)
    if figures and slot in SUMS:
        return len(figures) == 1 and float(figures[0]) == float(fact.value)
    return _FIGURE.findall(fact.said) == figures if figures else wrong in fact.said


def _names_time(at: datetime, wrong: str) -> bool:
    """3号 and 上午10点 name the third of March at ten, whatever words it was told in."""
    day, clock = _DAY.search(wrong), _CLOCK.search(wrong)
    if day is not None and (int(day["day"]) != at.day or (day["month"] and int(day["month"]) != at.month)):
        return False
    if clock is not None and int(clock["hour"]) % HALF_DAY != at.hour % HALF_DAY:
        return False
    return day is not None or clock is not None


def _put_right(state: State, text: str) -> str | None:
    """The figure that was told last, if any was, where a message does no more than put a figure right."""
    if len(text) > SHORT or not state.facts:
        return None
    slip = _PUT_RIGHT.fullmatch(text)
    if slip is not None and slip["minutes"]:
        return "late_minutes" if "late_minutes" in known(state) else None
    if state.asked in FIGURES:
        return None
    second_thought = state.asked is None and _OH.fullmatch(text) and _AFTER_SOMETHING.match(text)
    if "event_time" in known(state) and _HALF.fullmatch(text):
        return "event_time"
    told_now = state.correcting and _OH.fullmatch(text)
    if slip is None and not second_thought and not told_now and not _AFTER_ALL.fullmatch(text):
        return None
    if _CAME_BACK.search(text) and "received_amount" in known(state):
        return "received_amount"
    if _PAID.search(text) and "amount" in known(state):
        return "amount"
    sums = [(fact.turn, slot) for slot, fact in known(state).items() if slot in SUMS]
    return max(sums)[1] if sums else None
