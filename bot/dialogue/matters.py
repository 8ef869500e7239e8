"""Which matter the conversation is about: starting one, switching, digressing and coming back, serving it."""

import re
from dataclasses import replace
from datetime import date, datetime

from bot.dialogue.answers import show
from bot.dialogue.facts import other_order
from bot.dialogue.questions import ASK_LIMIT, ask, question
from bot.dialogue.scene import META_SLOTS, Scene
from bot.dialogue.state import Fact
from bot.dialogue.wording import say, slot_name, wish_name
from knowledge import Ask, Case, claims, decide, outcome_to_json
from knowledge.answers import Answer, answer
from knowledge.outcome import UNKNOWN, Outcome

MONEY = frozenset({"request_refund", "fee_query", "cancel_order", "cancel_delivery"})
"""Wishes about the same thing, an order and its money: between them one goes over without a digression."""
NOT_SERVICE = frozenset(
    {
        "affirm",
        "deny",
        "stop",
        "restart",
        "greet",
        "thanks",
        "goodbye",
        "bot_help",
        "human_agent",
        "out_of_scope",
    }
)
BETTER_BY_A_PERSON = frozenset({"merchant_refusal", "complaint"})
ASKED_IN_GENERAL = frozenset(
    {
        "fee_query",
        "refund_status",
        "ticket_insurance",
        "find_entry",
        "transfer_ticket",
        "account_verification",
    }
)
TOPIC_SURE = 0.6
"""From this score on a message counts as the very question of a topic."""
HIGH_SEASON = frozenset({1, 2, 7, 8})
"""Months of the winter and summer holidays, the high season of T2.6."""
_QUESTION = re.compile(r"[?？吗么]|怎么|多久|多少|几天|啥时|什么时候|能不能|可不可以|为什么|呢$")


def switch(scene: Scene) -> bool:
    """A wish was named: begin it, go over to it, or answer it on the way and return to the question."""
    wish, state = scene.intent, scene.state
    if _asked_enough(scene):
        return False
    if wish in NOT_SERVICE:
        return _topic_alone(scene)
    if _supposes(scene):
        return False
    if state.wish is None or state.asked is None:
        _begin(scene, wish)
        return False
    if wish == state.wish or state.asked in scene.slots:
        scene.note("kept", wish=state.wish)
        return False
    corrects = "correct" in scene.said.moves
    asks_price = wish == "fee_query" and not scene.slots and not corrects
    if corrects or (wish in MONEY and state.wish in MONEY and not asks_price):
        _go_over(scene, wish)
        return False
    if scene.slots and not _QUESTION.search(scene.said.normal):
        return False
    return _digress(scene, wish)


def serve(scene: Scene) -> None:
    """Ask the rules about the case; put their question or their answer to the person."""
    wish = scene.state.wish
    if wish is None:
        if not scene.replies and not scene.prefix:
            scene.reply(say("greet"))
        return
    result = _decide(scene, wish)
    topic = _sure_topic(scene)
    if isinstance(result, Ask):
        told = topic or _overview(scene, wish)
        if told is not None and scene.state.asked is None:
            scene.cite(told.cites)
            scene.reply(told.text)
        ask(scene, result.slot, result.options)
        return
    _tell(scene, result, topic)
    _next_wish(scene)


def _overview(scene: Scene, wish: str) -> Answer | None:
    """A question in general, before anything of a case is known, is answered in general first."""
    general = wish in ASKED_IN_GENERAL and not scene.state.facts and _QUESTION.search(scene.said.normal)
    return answer(f"about.{wish}") if general else None


def has_something_to_do(scene: Scene) -> bool:
    """True where this turn brought something to serve: a wish, a value, an order, a yes to a question."""
    moved = {
        "learned",
        "denied",
        "unsure",
        "chosen",
        "began",
        "order_found",
        "order_refused",
        "confirmed",
        "kept",
    }
    return any(event.kind in moved for event in scene.events)


def ask_again(scene: Scene) -> bool:
    """Put the open question once more, in other words; the message did not answer it."""
    slot = scene.state.asked
    if slot is None:
        return False
    _ask_open(scene, slot, again=True)
    return True


def back_to_question(scene: Scene) -> None:
    """After something in between: the question that was open comes back."""
    slot = scene.state.asked
    if slot is None:
        return
    scene.asks = slot
    times = scene.state.asked_times.get(slot, 0)
    scene.set(asked_times={**scene.state.asked_times, slot: times + 1})
    text = question(slot, scene.value("product"))
    scene.reply(say("back_to", question=text), scene.state.options)


def explain_question(scene: Scene) -> None:
    """为什么要问这个: the claims that make the slot matter, then the question again."""
    slot, wish = scene.state.asked, scene.state.wish
    if slot == "phone_tail":
        scene.reply(say("why.phone_tail"))
    elif wish is not None:
        result = _decide(scene, wish)
        cites = result.cites if isinstance(result, Ask) else ()
        texts = "；".join(claims()[claim].text for claim in cites[:2])
        scene.cite(cites)
        scene.reply(say("why.general", claims=texts or slot_name(slot or "")))
    back_to_question(scene)


def _ask_open(scene: Scene, slot: str, again: bool) -> None:
    wish = scene.state.wish
    result = _decide(scene, wish) if wish and slot not in META_SLOTS else None
    options = result.options if isinstance(result, Ask) else ()
    ask(scene, slot, options, again=again)


def _topic_alone(scene: Scene) -> bool:
    """A question that no intent covers, but a topic of the knowledge base does."""
    topic = _sure_topic(scene)
    if scene.intent != "out_of_scope" or topic is None or scene.slots.keys() & {scene.state.asked or ""}:
        return False
    scene.cite(topic.cites)
    scene.note("answered", topic=topic.topic)
    scene.outcome = Outcome(verdict=None, notes=(topic.text,), citations=topic.cites)
    scene.reply(topic.text)
    back_to_question(scene)
    return True


def _sure_topic(scene: Scene) -> Answer | None:
    if not scene.said.topics or scene.said.topics[0][1] < TOPIC_SURE:
        return None
    return answer(scene.said.topics[0][0])


def _asked_enough(scene: Scene) -> bool:
    """A question that came back often enough without an answer is left open: its slot counts as unknown."""
    slot = scene.state.asked
    if slot is None or slot in META_SLOTS or slot in scene.slots:
        return False
    if scene.state.asked_times.get(slot, 0) < ASK_LIMIT:
        return False
    scene.learn(slot, Fact(UNKNOWN, "assumed", "", scene.state.turn))
    scene.note("unsure", slot=slot)
    return True


def _supposes(scene: Scene) -> bool:
    """A correction or supposition about the case that has just been answered, whatever wish its words resemble."""
    told = set(scene.slots) - {"product"} if scene.intent not in MONEY else set(scene.slots)
    return (
        scene.state.outcome is not None
        and bool({"what_if", "correct"} & set(scene.said.moves))
        and bool(told)
    )


def _begin(scene: Scene, wish: str) -> None:
    state = scene.state
    supposes = bool({"what_if", "correct"} & set(scene.said.moves))
    if (
        state.wish == "cancel_delivery"
        and wish == "request_refund"
        and (supposes or "ticket_plan" in scene.slots)
    ):
        wish = "cancel_delivery"
        if "ticket_plan" not in scene.slots:
            scene.learn("ticket_plan", Fact("return", "said", scene.said.text, state.turn))
    if state.wish is not None and not supposes and _names_other_order(scene):
        other_order(scene)
    scene.set(wish=wish, asked_times={}, later=tuple(w for w in scene.said.wishes[1:] if w != wish))
    scene.note("began", wish=wish)


def _names_other_order(scene: Scene) -> bool:
    return any(
        slot in scene.slots and scene.value(slot) not in {None, scene.slots[slot].value}
        for slot in ("product", "order_id")
    )


def _go_over(scene: Scene, wish: str) -> None:
    """Change over to a wish about the same order; nothing known is lost."""
    if (
        scene.state.wish == "cancel_delivery"
        and wish == "request_refund"
        and "correct" not in scene.said.moves
    ):
        if scene.value("ticket_plan") is None and "ticket_plan" not in scene.slots:
            scene.learn("ticket_plan", Fact("return", "said", scene.said.text, scene.state.turn))
        wish = "cancel_delivery"
    scene.set(wish=wish)
    scene.note("began", wish=wish)


def _digress(scene: Scene, wish: str) -> bool:
    """Another question in the middle: answered in general, then the open question returns."""
    told = _sure_topic(scene) or answer(f"about.{wish}")
    scene.note("digressed", wish=wish)
    if told is not None:
        scene.cite(told.cites)
        scene.reply(told.text)
    back_to_question(scene)
    return True


def _decide(scene: Scene, wish: str) -> Outcome | Ask:
    slots = {slot: fact.value for slot, fact in scene.state.facts.items() if slot not in META_SLOTS}
    for slot, times in scene.state.asked_times.items():
        if times >= ASK_LIMIT and slot not in slots:
            slots[slot] = UNKNOWN
    paid = scene.state.paid_at
    return decide(
        Case(
            wish=wish,
            slots={**slots, **_drafts(scene)},
            rules_as_of=date.fromisoformat(paid[:10]) if paid else None,
            high_season=_is_high_season(scene),
        ),
        scene.now,
    )


def _drafts(scene: Scene) -> dict[str, str]:
    """Values that only fill blanks of texts."""
    return {slot: value for slot in ("order_id", "platform") if (value := scene.value(slot))}


def _is_high_season(scene: Scene) -> bool:
    at = scene.value("event_time")
    if scene.value("product") != "scenic_ticket" or at in {None, UNKNOWN}:
        return False
    return datetime.fromisoformat(at or "").month in HIGH_SEASON


def _tell(scene: Scene, outcome: Outcome, topic: Answer | None) -> None:
    if topic is not None and (outcome.verdict is None or outcome.fee is None):
        cites = (*topic.cites, *(c for c in outcome.citations if c not in topic.cites))
        notes = (topic.text, *outcome.notes) if outcome.verdict else (topic.text,)
        outcome = replace(outcome, notes=notes, citations=cites)
    scene.outcome = outcome
    scene.cite(outcome.citations)
    scene.note("outcome", outcome=outcome_to_json(outcome), rows=list(outcome.rows))
    scene.set(outcome=outcome_to_json(outcome), asked_times={})
    show(scene, outcome)
    _offer_person(scene, outcome)


def _offer_person(scene: Scene, outcome: Outcome) -> None:
    """Where a person would do better than the rules: offered, never called unasked."""
    overdue = outcome.eta is not None and outcome.eta.overdue > 0
    stuck = outcome.verdict == "unknown" and outcome.fee_range is None
    needed = overdue or stuck or scene.state.wish in BETTER_BY_A_PERSON
    scene.set(offered_person=needed)
    if needed:
        scene.reply(say("offer_person"))


def _next_wish(scene: Scene) -> None:
    """The second wish of a message, after the first has its answer."""
    if not scene.state.later:
        return
    wish, *rest = scene.state.later
    first = scene.outcome
    scene.set(wish=wish, later=tuple(rest))
    scene.note("began", wish=wish)
    scene.reply(say("next_wish", wish=wish_name(wish)))
    result = _decide(scene, wish)
    if isinstance(result, Ask):
        ask(scene, result.slot, result.options)
        return
    _tell(scene, result, None)
    scene.outcome = first
