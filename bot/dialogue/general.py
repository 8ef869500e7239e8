"""Questions in general: told with their sources, and asked again of another thing (那电影票呢)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.dialogue.leads import lead_hours
from bot.dialogue.questions import back_to_question
from bot.dialogue.scene import SURE, TALK, Scene
from bot.dialogue.state import Fact
from bot.dialogue.wording import say, value_name
from knowledge.answers import Answer, answer, sibling

FIGURES = frozenset({"amount", "event_time", "requested_at", "received_amount", "late_minutes", "order_id"})
"""Slots that only somebody with a case of their own tells."""
QUESTION_OF = {
    "fee_query": "fee",
    "request_refund": "fee",
    "refund_status": "arrival",
    "cancel_delivery": "delivery",
    "find_entry": "entry",
    "minor_account": "account",
    "account_verification": "account",
    "transfer_ticket": "transfer",
}
"""What is asked where a wish is asked about in general; see `Answer.asked`."""
FIGURED = frozenset({"fee_query", "request_refund", "refund_status"})
"""Wishes whose own rule is what a question is most likely about."""
ONLY_ONE_OF = {
    "train": "train_ticket",
    "movie": "movie_ticket",
    "scenic": "scenic_ticket",
    "show": "show_ticket",
}
"""How the names of topics begin that are about one kind of ticket."""
_STAGES = {
    "accepted": re.compile(r"[没未](?:有|人|来|去)*(?:取件|取走|揽|拿走|取呢)|接单|待取"),
    "delivering": re.compile(r"[在正]送|派送|配送[中了]|路上|半[路道]|途中|[取揽拿]走|送出|寄出|推送"),
    "signed": re.compile(r"签|激活|拿到|收到|到手"),
}
"""How far a ticket's delivery has come, in the few words of 那已经在送了呢."""
SHORT = 20
"""Up to this many characters a message may lean on what was said before."""
CLOSE_TOPIC = 0.2
"""From this score on a question belongs to a topic that rests on the claims just told."""
CLOSE_TO_CASE = 0.3
"""The same after the answer to a case, which rests on more."""
FIRST_CLAIMS = 5
"""So many of an answer's claims decided it; those after them concern what to do."""
SURELY = 0.95
OWN_TOPIC = 0.6
"""From this score on an elliptic question is a topic's own: 那欧洲之星呢."""
_ELLIPTIC = re.compile(
    r"^(?:[哦噢嗯啊好哎诶,，\s]|明白|知道|了|行|ok)*(?:那|还有|要是|如果|换|假如|万一|若|倘若)"
    r"|[呢咧捏][?？。.!！~…\s]*$|又(?:是|要|得)?(?:多久|多少|怎|几|咋)"
)
_AND_THIS = re.compile(r"[呢咧捏][?？。.!！~…\s]*$")
_ORDERS = re.compile(r"帮我|给我|我[要想]|麻烦|人工|第[一二三四两\d]|问题")
_OF_RULE = re.compile(
    r"提前|(?:多久|多早|多长时间|几[天个]|什么时候|啥时候|最[晚迟])[^,，。]{0,4}(?:退|取消)|规则|规定|标准|阶梯|档|怎么(?:个)?(?:算|扣|收)|免费|(?<!扣)不[扣要用][钱费]?的?(?:办法|法子|时候)"
)
"""Words of the rule and not of the sum: how long before, how it is reckoned."""
_IN_ADVANCE = re.compile(
    r"提前|^(?!.*(?:还有|还剩|只剩|剩|离|距)).*(?:[天时头]|星期|礼拜|周)[之以]?前(?:再|才)?(?:退|取消)"
)
"""How early somebody might hand back, and not how long there is left."""
_LINE = re.compile(r"^[^：。]{0,14}：")


def tell(scene: Scene, told: Answer) -> None:
    """Answer in general, with the sources; the case stays as it is."""
    scene.cite(told.cites)
    scene.note("told", topic=told.topic)
    scene.told = told.topic
    scene.reply(with_sources(told))


def with_sources(told: Answer) -> str:
    """The text and what it rests on; a refusal needs no sources."""
    if told.advised_against:
        return told.text
    return f"{told.text}\n{say('outcome.caveat', cites='、'.join(told.cites))}"


def of_the_case(scene: Scene, told: Answer) -> Answer | None:
    """The answer for the thing that the case is about: what cinemas charge is none for a train ticket."""
    named = scene.slots.get("product")
    product = named.value if named is not None else scene.value("product")
    if product is None:
        return told
    only = ONLY_ONE_OF.get(told.topic.partition("_")[0])
    fits = [of["product"] for of in told.asked.values() if "product" in of] or ([(only,)] if only else [])
    if not fits or any(product in fit for fit in fits):
        return told
    if only is not None and product not in {*ONLY_ONE_OF.values()} and not told.asked:
        return told
    values = {**_known(scene), "product": product}
    return next(filter(None, (sibling(question, values, {"product"}) for question in told.asked)), None)


def rule_asked(scene: Scene) -> Answer | None:
    """那提前多久退是免费的: the rule for the kind of ticket that the case, or the message, is about."""
    asks = scene.intent in {"fee_query", "request_refund", "out_of_scope"} and scene.is_question()
    if not asks or not _OF_RULE.search(scene.said.normal):
        return None
    return _at_that_time(scene) or sibling("fee", _known(scene), {"product"})


def overview(scene: Scene, wish: str) -> Answer | None:
    """The rule that a wish asks for in general, for the thing named: 火车票的手续费, 提前三天退要不要钱."""
    values = _known(scene)
    at_that_time = _at_that_time(scene) if wish in {"fee_query", "request_refund"} else None
    return at_that_time or sibling(QUESTION_OF.get(wish, ""), values, values.keys())


def _at_that_time(scene: Scene) -> Answer | None:
    hours = lead_hours(scene.said.normal)
    return sibling("fee", _known(scene), {"product"}, hours) if hours is not None else None


def forget_spans(scene: Scene, told: Answer) -> None:
    """提前三天退, 离发车不到六小时, in a question about the rule: no time of a case."""
    vague = scene.state.doubtful.get("event_time")
    supposed = told.hours is not None and _IN_ADVANCE.search(scene.said.normal)
    if supposed or (vague is not None and vague.doubt == "vague"):
        scene.forget("event_time")


def names_no_thing(scene: Scene, told: Answer, score: float) -> bool:
    """True for the answer about one kind of ticket or one way to pay, where the message names none."""
    known = {*scene.slots, *scene.state.facts}
    if told.topic.partition("_")[0] in ONLY_ONE_OF:
        return score < OWN_TOPIC and "product" not in known
    return (
        score < SURELY
        and "pay_channel" not in known
        and any("pay_channel" in of for of in told.asked.values())
    )


def same_question(scene: Scene) -> bool:
    """那电影票呢, 微信付的呢, 那超过两天呢: what was asked just now, of another thing.

    Where the conversation has only asked in general so far, its case goes over to that thing; a question that
    is open stays so.
    """
    told = _told_of_another(scene)
    if told is None:
        return False
    asked, general = scene.state.asked, scene.state.general and not FIGURES & scene.state.facts.keys()
    tell(scene, told)
    if told.hours is not None:
        scene.slots.pop("event_time", None)  # how long before, in a question about the rule
    answered = asked in scene.slots
    if general:
        _move_over(scene)
    scene.intent = scene.state.wish or scene.intent
    if answered:
        scene.said = replace(scene.said, moves=(), topics=(), wishes=())
        return False
    scene.asks = asked
    if not general:
        back_to_question(scene)
    return True


def _told_of_another(scene: Scene) -> Answer | None:
    """The answer that is due, its questions those of the answer before where it has none of its own."""
    before = answer(scene.state.told) if scene.state.told else None
    text = scene.said.normal
    if len(text) > SHORT or _ORDERS.search(text) or (before is None and scene.state.outcome is None):
        return None
    if {"unsure", "wait", "repeat", "simpler"} & {*scene.said.moves}:
        return None
    if scene.state.outcome is not None and {"act_at", "act_before"} & scene.slots.keys():
        return None  # 再拖一天呢 supposes another moment for the case itself
    found = _elliptic(scene, before)
    return replace(found, asked=before.asked) if found and before and not found.asked else found


def _elliptic(scene: Scene, before: Answer | None) -> Answer | None:
    text = scene.said.normal
    own_wish = scene.confidence >= SURE and scene.intent not in {*TALK, scene.state.wish, *FIGURED}
    if not _ELLIPTIC.search(text) or (own_wish and not _AND_THIS.search(text)):
        return None
    if scene.slots.keys() & {"act_at", "act_before"} and "event_time" in scene.state.facts:
        return None  # 再拖一天呢: the case is computed for another day of acting
    hours = lead_hours(text)
    figures = {slot for slot in FIGURES & scene.slots.keys() if scene.slots[slot].certain}
    if figures and (hours is None or before is None):
        return None  # 要是只剩10个小时呢, after an answer: the case is computed for that time
    if before is None and hours is None:
        return None
    return next(_candidates(scene, before, hours), None)


def _candidates(scene: Scene, before: Answer | None, hours: float | None) -> Iterator[Answer]:
    values = _known(scene, before)
    for question in (*(before.asked if before else ()), QUESTION_OF.get(scene.state.wish or "", "")):
        named = {"product"} if hours is not None else set(scene.slots)
        stage = _stage(scene) if question == "delivery" else None
        if stage is not None:
            values["delivery_status"] = stage
            named.add("delivery_status")
        found = sibling(question, values, named, hours)
        if found is not None:
            yield found
    if before is None or hours is not None:
        return
    yield from _line_of(scene, before)
    topic, score = scene.said.topics[0] if scene.said.topics else ("", 0.0)
    own = answer(topic) if score >= OWN_TOPIC else None
    if own is not None and not own.advised_against:
        yield own


def close_to_last(scene: Scene) -> bool:
    """要不要填他的实名, after an answer about passing a ticket on."""
    told = _close_to_last(scene)
    if told is None:
        return False
    scene.note("answered", topic=told.topic)
    tell(scene, told)
    return True


def _close_to_last(scene: Scene) -> Answer | None:
    """The topic that rests on the claims told last, for a few words that lean on them."""
    before = answer(scene.state.told) if scene.state.told else None
    if scene.slots or not scene.is_question() or scene.state.asked is not None:
        return None
    if len(scene.said.normal) > SHORT or (before is None and scene.state.outcome is None):
        return None
    if scene.confidence >= SURE and scene.intent not in {*TALK, scene.state.wish}:
        return None
    claims = {*before.cites} if before else {*(scene.state.outcome or {}).get("citations", ())[:FIRST_CLAIMS]}
    least = CLOSE_TOPIC if before else CLOSE_TO_CASE
    for topic, score in scene.said.topics:
        told = answer(topic) if score >= least else None
        if told and not told.advised_against and told != before and claims & {*told.cites}:
            return told
    return None


def _stage(scene: Scene) -> str | None:
    if "delivery_status" in scene.slots:
        return scene.slots["delivery_status"].value
    return next((stage for stage, said in _STAGES.items() if said.search(scene.said.normal)), None)


def _known(scene: Scene, before: Answer | None = None) -> dict[str, str]:
    """What the case, the question before and the message say, in the order in which the later ones win."""
    known = {slot: fact.value for slot, fact in scene.state.facts.items()}
    for of in before.asked.values() if before else ():
        known |= {slot: fit[0] for slot, fit in of.items()}
    return known | {slot: heard.value for slot, heard in scene.slots.items()}


def _line_of(scene: Scene, before: Answer) -> Iterator[Answer]:
    """The line of the last answer that begins with the thing named: 景区门票：要重新提交工单."""
    for slot, heard in scene.slots.items():
        for name in (value_name(slot, heard.value), heard.said):
            for line in before.text.splitlines():
                head = _LINE.match(line)
                if head and name in head[0]:
                    yield replace(before, text=line)


def _move_over(scene: Scene) -> None:
    """The case, of which nothing but its kind is known, is about the thing asked of last."""
    for slot, heard in scene.slots.items():
        if slot not in FIGURES and heard.certain and scene.value(slot) is not None:
            scene.learn(slot, Fact(heard.value, "said", heard.said, scene.state.turn))
