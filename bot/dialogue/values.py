"""Moves about the values of a case: answers, corrections, suppositions, doubts, and not knowing."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.dialogue.demands import MONEY
from bot.dialogue.facts import rule_out, summary, take_in
from bot.dialogue.identity import try_without_tail
from bot.dialogue.moments import half_of_day, in_half, names_no_clock
from bot.dialogue.scene import SURE, TALK, Scene
from bot.dialogue.state import Fact
from bot.dialogue.wording import say, when
from intents.understanding import SlotValue
from knowledge.outcome import UNKNOWN

SHORT = 4
"""Up to this many characters a half of the day is all that a message says."""
ALONE = 8
"""Up to this many characters 不知道 is all that a message says."""
_BARE_SUM = re.compile(r"(?:^|[,，、]|(?<!\d{3})\s)(?P<sum>(?:2[5-9]|[3-9]\d|[1-9]\d{2,4})(?:\.\d{1,2})?)$")
"""A figure by itself at the end of a message, and no hour of the day."""
_ASKED_FOR_FIGURES = frozenset({"amount", "received_amount", "late_minutes", "phone_tail"})
_FACT_WRONG = re.compile(
    r"(?:我|哦|啊|不对|刚才|上面|前面|那个|这个|[,，\s])*"
    r"(?:金额|票价|价格|价钱|钱数|时间|日期|日子|票种|类型|状态|数字?|数目|(?:发车|开车|开场|入园)时间)"
    r"(?:也|又|都|好像|是|我|刚才)*"
    r"(?:[说写打填报记输看弄搞]?错(?:了|啦)?|不对|不是这个|有误|[多少漏][写打输按敲]了?(?:一?个|一位)?0?)[了啊呀吧。.!！\s]*"
)
"""票价错了, 时间不对: said of what the answer rests on, before any money came back."""
_NOT_YET = re.compile(r"[没未](有)?(去)?(申请|退|取消|提交|弄|办)")


def doubt(scene: Scene) -> bool:
    """A yes or a no to a value that was asked back."""
    slot = scene.state.doubt
    fact = scene.state.doubtful.get(slot or "")
    half = half_of_day(scene.said.normal) if fact is not None and fact.doubt == "half_day" else None
    half = None if half is not None and scene.intent == "greet" and not _is_short(scene) else half
    if slot is not None and half is not None and names_no_clock(scene.slots.get(slot)):
        scene.slots.pop(slot, None)  # 晚上的: only the half of the day that was asked for
    if slot is None or slot in scene.slots:
        return False
    if fact is not None and half is not None:
        scene.learn(slot, Fact(in_half(fact.value, half), "said", fact.said, scene.state.turn))
        if (scene.confidence < SURE or _is_short(scene)) and scene.state.wish is not None:
            scene.intent = scene.state.wish  # 晚上的, 早上 answer; no wish hides in two or three words
    elif fact is not None and (scene.intent == "affirm" or _passes_over(scene, fact)):
        scene.learn(slot, Fact(fact.value, "said", fact.said, scene.state.turn))
    elif scene.intent == "deny":
        scene.forget(slot)
    else:
        return False
    scene.set(doubt=None)
    scene.note("confirmed", slot=slot, yes=scene.value(slot) is not None)
    return False


def _is_short(scene: Scene) -> bool:
    """早上 is no greeting, where the half of the day was asked for; 早上好 is."""
    said = scene.said.normal.strip("。.!！,，~ ")
    return len(said) <= SHORT and "好" not in said


def _passes_over(scene: Scene, fact: Fact) -> bool:
    """Whoever goes on telling after "is it …?" has nothing against it."""
    return fact.doubt in {"several", "other", "bare"} and bool(scene.slots) and scene.intent != "deny"


def stray_sum(scene: Scene) -> bool:
    """明天上午10点，380: a figure without a unit, said while no figure was asked for, is the price.

    So is one that is all of a message after an answer that had to do without the price.
    """
    asked, said = scene.state.asked, scene.said.normal.strip()
    known = "amount" in scene.slots or scene.value("amount") or scene.value("order_id")
    bare = _BARE_SUM.search(said)
    about_money = scene.state.outcome is not None and scene.state.wish != "order_status"
    added = bare is not None and bare[0] == said and about_money
    if asked in _ASKED_FOR_FIGURES or known or (asked is None and not added):
        return False
    if bare is not None and bare["sum"] == scene.value("phone_tail"):
        return False  # the digits that prove who ordered, once more
    if bare is not None and not any(bare["sum"] in heard.said for heard in scene.slots.values()):
        amount = f"{Decimal(bare['sum']):.2f}"
        scene.slots["amount"] = SlotValue(amount, bare["sum"], *bare.span("sum"))
    return False


def unsure(scene: Scene) -> bool:
    """不清楚: the slot counts as unknown, and the rules go on with the range."""
    if "unsure" not in scene.said.moves or (scene.state.asked or "") in scene.slots:
        return False
    slot = scene.state.asked
    if slot is None:
        alone = not scene.slots and len(scene.said.normal) <= ALONE
        return alone and scene.say("unsure_no_question")
    scene.intent = scene.state.wish or scene.intent
    scene.said = replace(scene.said, topics=())
    if slot == "phone_tail":
        return try_without_tail(scene)
    scene.learn(slot, Fact(UNKNOWN, "said", scene.said.text, scene.state.turn))
    scene.note("unsure", slot=slot)
    scene.set(doubt=None)
    return False


def wrong(scene: Scene) -> bool:
    """不对 without saying what would be right."""
    names_fact = scene.state.wish in MONEY and _FACT_WRONG.fullmatch(scene.said.normal)
    corrects = bool(names_fact) or "correct" in scene.said.moves or scene.intent == "deny"
    if scene.state.wish is None or scene.state.asked or not corrects or scene.slots or scene.said.denied:
        return False
    if scene.intent not in TALK and scene.intent != scene.state.wish and not names_fact:
        return False
    if len(scene.said.normal) > ALONE and scene.intent == "out_of_scope" and scene.is_question():
        return False  # 护照名字写错了能改吗: something else is wrong
    if not summary(scene) or (scene.intent == "deny" and scene.state.outcome is None):
        return False
    scene.set(correcting=True)
    return scene.say("wrong_without_value", facts=summary(scene))


def take_values(scene: Scene) -> bool:
    """Values heard: answers, several at once, corrections, suppositions."""
    if not _concerns_case(scene):
        return False
    _suppose_later(scene)
    scene.set(doubt=None if scene.state.doubt in scene.slots else scene.state.doubt)
    changed = (*rule_out(scene), *take_in(scene))
    if changed:
        scene.note("learned", slots=sorted(changed))
    elif scene.slots:
        scene.note("kept", slots=sorted(scene.slots))
    return False


def _suppose_later(scene: Scene) -> None:
    """要是明天再退: the rules are asked as of then, for this turn only."""
    later = scene.slots.pop("act_at", None) or _before_event(scene)
    if later is None or later.doubt == "past":
        return
    scene.acting = datetime.fromisoformat(later.value)
    scene.prefix.append(say("what_if_later", when=when(scene.acting)) + "\n")
    scene.note("learned", slots=["act_at"], at=scene.acting.isoformat())


def _before_event(scene: Scene) -> SlotValue | None:
    """那提前一天退呢: counted from the time known; nothing is said of another one."""
    ahead = scene.slots.pop("act_before", None)
    heard, known = scene.slots.get("event_time"), scene.value("event_time")
    told_too = heard is not None and ahead is not None and heard.start == ahead.start
    if heard is not None and not told_too:
        known = heard.value if heard.certain else None
    if ahead is None or known in {None, UNKNOWN}:
        return None
    at = datetime.fromisoformat(known or "") - timedelta(minutes=int(ahead.value))
    if at < scene.now:
        return None
    if told_too:
        del scene.slots["event_time"]
    return replace(ahead, value=at.isoformat())


def _concerns_case(scene: Scene) -> bool:
    if scene.intent not in TALK or answers(scene):
        return True
    if scene.state.wish is None:
        return "order_id" in scene.slots
    if scene.is_nothing_but_values():
        return True
    open_slots = {"product", *scene.state.outcome.get("could_refine", ())} if scene.state.outcome else set()
    if any(slot in open_slots and scene.value(slot) is None for slot in scene.slots):
        return True
    if _adds_to_case(scene):
        return True
    told = {"amount", "event_time", "ticket_plan", "delivery_status", "order_status", "order_id"}
    return bool(
        {"correct", "what_if"} & set(scene.said.moves) or told & set(scene.slots) or scene.said.denied
    )


def _adds_to_case(scene: Scene) -> bool:
    """支付宝, 是王者荣耀的, stated after an answer and at odds with nothing known."""
    if scene.state.outcome is None or scene.intent != "out_of_scope" or scene.is_question():
        return False
    return bool(scene.slots) and all(
        scene.value(slot) in {None, UNKNOWN, heard.value} for slot, heard in scene.slots.items()
    )


def answers(scene: Scene) -> bool:
    """True where the message brings a value while a question is open."""
    return scene.state.asked is not None and bool(scene.slots)


def answers_question(scene: Scene) -> bool:
    """True where the message brings a value for the very slot that was asked."""
    return scene.state.asked is not None and scene.state.asked in scene.slots


def is_only_answer(scene: Scene) -> bool:
    """True where the message is the value of the slot that was asked, and not a word more."""
    heard = scene.slots.get(scene.state.asked or "")
    return heard is not None and heard.said == scene.said.normal.strip("。.!！,， ")


def corrects_value(scene: Scene) -> bool:
    """等下，我说错了，是73块: words about the talk around a value that is put right."""
    return bool(scene.slots) and bool({"correct", "what_if"} & set(scene.said.moves))


def not_applied(scene: Scene) -> bool:
    """还没申请呢, said to "when did you apply": the wish is to apply."""
    if scene.state.asked != "requested_at" or "requested_at" in scene.slots:
        return False
    if not _NOT_YET.search(scene.said.normal):
        return False
    scene.set(wish="request_refund", asked=None)
    scene.note("began", wish="request_refund")
    return False
