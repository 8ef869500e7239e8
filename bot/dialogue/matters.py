"""Which matter the conversation is about: beginning one, going over to another, answering on the way."""

import re

from bot.dialogue import general, shelf
from bot.dialogue.circumstances import SLOT_OF, real_wish
from bot.dialogue.demands import ABOUT_GOODS, MONEY, assume, demanded, demands_instead
from bot.dialogue.facts import take_in
from bot.dialogue.questions import ASK_LIMIT, back_to_question
from bot.dialogue.scene import META_SLOTS, SURE, TALK, Scene
from bot.dialogue.serving import (
    CONTENDS,
    TOPIC_ALONE,
    TOPIC_BESIDE,
    TOPIC_NAMED,
    sure_topic,
    tell_topic,
)
from bot.dialogue.state import Fact
from knowledge.answers import UNANSWERED, answer
from knowledge.outcome import UNKNOWN

STATES_FACTS = ABOUT_GOODS | {"order_status", "refund_status", "account_verification", "cross_border"}
"""Wishes that a bare statement of fact resembles: 已经到账了."""
OWN_FACTS = {
    "refund_status": frozenset({"requested_at"}),
    "refund_amount_wrong": frozenset({"received_amount"}),
}
"""Facts that are told of one wish only."""
DOUBTFUL = 0.5
"""Below this confidence a wish is hardly more than a guess."""
TOPIC_AFTER = 0.6
"""From this score on a question after an answer is a topic's, and the case is not told once more."""
FEW_WORDS = 8
"""Up to this many characters a yes, a no or a thank-you says no more than that."""
CONTACT_TOPICS = frozenset({"contact_channel", "no_hotline_number"})
_CONTACT = re.compile(r"电话|热线|号码|怎么联系|联系方式")
_WANTS = re.compile(r"[要想](?:退|取消|撤|办)")
_OF_RETURN = re.compile(r"退")
NAMES_MONEY = re.compile(r"退|取消|撤|不要|费|扣|多少钱")
"""Without such a word a message that brings values states facts, whatever wish they resemble: 是我买错了."""
_AND_IF = re.compile(r"^.{2,14}[呢咧][?？。!！~\s]*$")
"""付了款没发货的呢: what if."""
_RHETORICAL = re.compile(r"凭[什啥]|^(?:怎么|咋)还(?!不|没)")
"""凭啥还收我钱！是骑手自己跑错地方: anger, and a fact with it."""
MOVED = frozenset(
    {"learned", "denied", "unsure", "chosen", "began", "order_found", "order_refused", "confirmed", "kept"}
    | {"taken_up", "put_away"}
)
"""Events after which there is something to serve."""


def switch(scene: Scene) -> bool:
    """A wish was named: begin it, go over to it, or answer it on the way and return to the question."""
    wish, state = scene.intent, scene.state
    if _asked_enough(scene):
        return False
    if _supposes(scene) or _adds_to_answer(scene) or (state.wish and scene.is_nothing_but_values()):
        return False
    if scene.brought("kept"):
        return False
    if state.asked in scene.slots:
        answer_beside(scene)
    if wish in TALK:
        return _topic_alone(scene)
    if (state.asked is None and _topic_first(scene)) or _asks_on_the_way(scene):
        return True
    if state.wish is None or state.asked is None:
        _begin(scene, wish)
        return False
    if wish == state.wish:
        scene.note("kept", wish=wish)
        return False
    if "correct" in scene.said.moves:
        names_wish = wish in MONEY and scene.confidence >= SURE and _WANTS.search(scene.said.normal)
        if not scene.slots or names_wish:
            _go_over(scene, wish)
        return False
    if demands_instead(scene, wish) or _brings_its_own(scene, wish):
        _go_over(scene, wish)
        return False
    if state.asked in scene.slots:
        scene.note("kept", wish=state.wish)
        return False
    same = state.wish in MONEY | ABOUT_GOODS
    if wish in MONEY and same and (scene.slots or wish != "fee_query"):
        _same_money(scene, wish)
        return False
    if _already_applied(scene, wish):
        _go_over(scene, wish)
        return False
    if scene.slots and (scene.confidence < DOUBTFUL or not scene.is_question()):
        return False
    return _digress(scene, wish)


def has_something_to_do(scene: Scene) -> bool:
    """True where this turn brought something to serve: a wish, a value, an order, a yes to a question."""
    return scene.brought(*MOVED)


def _topic_alone(scene: Scene) -> bool:
    """A question that no intent covers, but a topic of the knowledge base does."""
    if scene.intent != "out_of_scope" or (scene.slots and scene.state.asked is not None):
        return False
    if (scene.slots or scene.state.asked is not None) and not scene.is_question():
        return False
    topic = sure_topic(scene, TOPIC_ALONE)
    if topic is None and "product" in scene.slots and scene.state.asked is None:
        topic = general.rule_asked(scene)
    return topic is not None and tell_topic(scene, topic)


def question_first(scene: Scene) -> bool:
    """客服怎么知道我的昵称: a question on the sources that only sounds like a word about the talk."""
    if scene.intent not in TALK - {"out_of_scope"} or scene.state.asked:
        return False
    if scene.state.wish is not None and scene.is_nothing_but_values():
        return False
    if scene.intent == "human_agent" and _CONTACT.search(scene.said.normal):
        near = next((topic for topic, _ in scene.said.topics if topic in CONTACT_TOPICS), None)
        told = answer(near) if near else None
        return told is not None and tell_topic(scene, told)
    doubts_answer = "sources" in scene.said.moves and scene.state.outcome is not None
    named = (
        scene.intent in {"bot_help", "human_agent"}
        and scene.is_question()
        and sure_topic(scene, TOPIC_NAMED) is not None
    )
    if doubts_answer or (scene.confidence >= SURE and not named):
        return False
    if scene.is_question():
        topic = sure_topic(scene, TOPIC_BESIDE)
    else:
        alone = scene.state.wish is None and len(scene.said.normal) > FEW_WORDS
        topic = sure_topic(scene, TOPIC_ALONE) if alone else None
    if topic is None:
        return False
    scene.intent = next((name for name, _ in scene.said.ranking if name not in TALK), scene.intent)
    return tell_topic(scene, topic)


def _topic_first(scene: Scene) -> bool:
    """A topic that goes before the wish heard: what we never advise, or the wish is hardly a guess."""
    topic = sure_topic(scene, TOPIC_ALONE)
    if topic is None:
        return False
    guessed = scene.confidence < DOUBTFUL and not scene.slots.keys() - {"product"}
    only_wish = scene.intent == "cross_border" and len(scene.said.wishes) < 2
    fact = only_wish and scene.is_question() and not scene.slots.keys() - {"region"}
    if guessed and not topic.advised_against and scene.intent in MONEY and scene.state.wish is None:
        # What follows is likely to be the case itself: 我的是明天上午10点的，三百八十块.
        take_in(scene)
        scene.set(wish=scene.intent)
    in_general = scene.state.wish is None and not scene.slots.keys() & general.FIGURES
    named = in_general and scene.said.topics[0][1] >= TOPIC_NAMED
    contends = named and CONTENDS.search(scene.said.normal) is not None
    return (topic.advised_against or guessed or fact or contends) and tell_topic(scene, topic)


def _asks_on_the_way(scene: Scene) -> bool:
    """A question about the rules, and nothing new of the case: answered, and what is open stays open."""
    state = scene.state
    if state.wish is None or not scene.is_question() or {"what_if", "correct"} & set(scene.said.moves):
        return False
    if scene.slots.keys() & {*general.FIGURES, "delivery_status", "order_status"}:
        return False  # the case is told once more, and asked about anew
    passing = {"product"} if state.asked not in {None, "product"} else set()
    if any(scene.value(slot) != scene.slots[slot].value for slot in scene.slots.keys() - passing):
        return False
    if state.asked is None:
        told_again = scene.slots.keys() & {"amount", "event_time"}  # 刚才那张，今晚六点的，52块，现在还能退吗
        if state.outcome is None or state.wish not in MONEY or scene.intent not in MONEY or told_again:
            return False
        topic = general.rule_asked(scene) or sure_topic(scene, TOPIC_AFTER)
        if topic is not None and topic.topic.startswith(UNANSWERED):
            topic = sure_topic(scene, TOPIC_NAMED)
    else:
        topic = sure_topic(scene, TOPIC_BESIDE)
    if topic is None:
        return False
    scene.note("digressed", wish=scene.intent)
    return tell_topic(scene, topic)


def _asked_enough(scene: Scene) -> bool:
    """A question that came back often enough without an answer is left open: its slot counts as unknown."""
    slot = scene.state.asked
    if slot is None or slot in META_SLOTS or slot in scene.slots or scene.value(slot) is not None:
        return False
    if scene.state.asked_times.get(slot, 0) < ASK_LIMIT:
        return False
    scene.learn(slot, Fact(UNKNOWN, "assumed", "", scene.state.turn))
    scene.note("unsure", slot=slot)
    return True


def _supposes(scene: Scene) -> bool:
    """A correction or supposition about the case just answered, whatever wish its words resemble."""
    if scene.state.outcome is None:
        return False
    if {"act_at", "act_before"} & scene.slots.keys() and scene.state.wish in MONEY:
        return True  # 再拖一天呢
    if "ticket_plan" in scene.slots and scene.value("ticket_plan") is not None:
        return True
    if any(slot in scene.slots for slot, _ in scene.said.denied):
        return True  # 不是不想要了，是误操作
    if _AND_IF.search(scene.said.normal) and scene.slots.keys() & scene.state.facts.keys() - {"product"}:
        return True
    if scene.intent in MONEY and scene.state.wish not in MONEY and demanded(scene) == scene.intent:
        return False  # 那如果不转，直接退票行不行
    told = set(scene.slots) - {"product"} if scene.intent not in MONEY else set(scene.slots)
    return bool({"what_if", "correct"} & set(scene.said.moves)) and bool(told)


def _adds_to_answer(scene: Scene) -> bool:
    """A fact stated after the answer, on which the answer depends: the same matter, computed anew."""
    asks = scene.is_question() and not _RHETORICAL.search(scene.said.normal)
    if scene.state.outcome is None or scene.state.asked is not None or asks:
        return False
    open_slots = {"product", "region", *scene.state.outcome.get("could_refine", ()), *scene.state.facts}
    if scene.state.wish == "refund_amount_wrong":
        open_slots.add("requested_at")
    news = {slot for slot, heard in scene.slots.items() if heard.value != scene.value(slot)}
    states = scene.intent in STATES_FACTS | {"out_of_scope"} or scene.confidence < DOUBTFUL
    return states and bool(news & open_slots)


def _begin(scene: Scene, wish: str) -> None:
    state = scene.state
    heard, wish = wish, real_wish(scene, wish)
    if heard in SLOT_OF and wish != heard and _WANTS.search(scene.said.normal):
        scene.intent = wish
    supposes = bool({"what_if", "correct"} & set(scene.said.moves))
    if (
        state.wish == "cancel_delivery"
        and wish == "request_refund"
        and (supposes or "ticket_plan" in scene.slots)
    ):
        wish = "cancel_delivery"
        if "ticket_plan" not in scene.slots:
            scene.learn("ticket_plan", Fact("return", "said", scene.said.text, state.turn))
    if state.wish == "cancel_delivery" and wish == "fee_query" and not _OF_RETURN.search(scene.said.normal):
        wish = "cancel_delivery"  # 要扣钱不, once the delivery's answer is given
    if state.wish is not None and not supposes and _names_other_order(scene):
        shelf.put_away(scene)
    elif state.wish in ABOUT_GOODS and wish in MONEY:
        assume(scene, state.wish)
    scene.set(wish=wish, asked_times={}, later=_later(scene, wish), second_told=False)
    scene.note("began", wish=wish)


def _later(scene: Scene, wish: str) -> tuple[str, ...]:
    """The wishes named after the first, as far as the rules serve them."""
    return tuple(w for w in scene.said.wishes[1:] if w != wish and w not in TALK)


def _names_other_order(scene: Scene) -> bool:
    return any(
        slot in scene.slots and scene.value(slot) not in {None, scene.slots[slot].value}
        for slot in ("product", "order_id")
    )


def _same_money(scene: Scene, wish: str) -> None:
    """Another word for the same money, while a question is open: a delivery's case keeps both its tables."""
    current = scene.state.wish
    if current in ABOUT_GOODS:
        scene.note("kept", wish=current)
        return
    if current == "cancel_delivery":
        if wish == "request_refund" and not _knows(scene, "ticket_plan"):
            scene.learn("ticket_plan", Fact("return", "said", scene.said.text, scene.state.turn))
        scene.note("kept", wish=current)
        return
    if scene.slots and not NAMES_MONEY.search(scene.said.normal):
        scene.note("kept", wish=current)
        return
    _go_over(scene, wish)


def _already_applied(scene: Scene, wish: str) -> bool:
    """昨天就退了 … 一分钱没到: whoever has applied already asks for the money, not how to get it back."""
    applied = scene.state.wish in MONEY and _knows(scene, "requested_at")
    return applied and wish == "refund_status" and not scene.is_question()


def _brings_its_own(scene: Scene, wish: str) -> bool:
    """3月2号申请的退款，到今天没到账: a sure wish with the very facts that only it is about."""
    own = OWN_FACTS.get(wish, frozenset())
    return scene.confidence >= SURE and not own.isdisjoint(scene.slots)


def _knows(scene: Scene, slot: str) -> bool:
    return slot in scene.slots or scene.value(slot) is not None


def _go_over(scene: Scene, wish: str) -> None:
    """Change over to a wish about the same order; nothing known is lost."""
    scene.set(wish=wish)
    scene.note("began", wish=wish)


def _digress(scene: Scene, wish: str) -> bool:
    """Another question in the middle: answered in general, then the open question returns."""
    scene.note("digressed", wish=wish)
    tell_in_general(scene, wish)
    back_to_question(scene)
    return True


def answer_beside(scene: Scene) -> None:
    """380块，另外优惠券会退吗: the value answers the bot, and the question beside it is answered too."""
    beside = scene.said.wishes[1:]
    if not beside and scene.confidence >= SURE and scene.is_question():
        beside = scene.said.wishes
    own_matter = {*MONEY, "refund_status"} if scene.state.wish in MONEY else {scene.state.wish}
    for wish in beside:
        if wish not in TALK | own_matter:
            tell_in_general(scene, wish)


def tell_in_general(scene: Scene, wish: str) -> None:
    """What is to be said of a wish without a case: a topic's answer, or the wish's own."""
    told = sure_topic(scene) or answer(f"about.{wish}")
    if told is not None:
        general.tell(scene, told)
