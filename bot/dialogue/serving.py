"""Serving a case: the rules' question or answer, what topics add to it, the next wish."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.dialogue import general, refusal
from bot.dialogue.answers import arrival_lines, show, show_unchanged
from bot.dialogue.arrival import WISH as ARRIVAL
from bot.dialogue.arrival import asks_for_arrival, expected_arrival
from bot.dialogue.behind import draft
from bot.dialogue.facts import other_order
from bot.dialogue.moments import DELAY, TIMES, readings
from bot.dialogue.questions import ASK_LIMIT, ask, back_to_question
from bot.dialogue.scene import META_SLOTS, SURE, Scene
from bot.dialogue.state import Option
from bot.dialogue.wording import say, slot_name, wish_name
from knowledge import Ask, Case, claims, decide, outcome_to_json
from knowledge.answers import UNANSWERED, Answer, answer
from knowledge.outcome import UNKNOWN, Outcome

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
"""Wishes that people also ask about without a case of their own."""
TOPIC_SURE = 0.4
"""From this score on a message with a wish of its kind counts as the very question of a topic."""
TELLS_OF_TROUBLE = frozenset({"not_delivered", "item_problem", "cancel_failed"})
"""Wishes told as what happened: a topic whose words they share is not what is asked for."""
ABOUT_ACCOUNT = frozenset({"account_verification", "minor_account"})
ADVISED_AGAINST_SURE = 0.95
TOPIC_NEAR = 0.35
"""From this score on a topic is worth a button."""
TOPIC_ALONE = 0.8
"""The same for a message without a wish: nothing else speaks for it."""
TOPIC_BESIDE = 0.5
"""The same before a question of the rules, where the message asks for the rule itself."""
TOPIC_NAMED = 0.95
"""From this score on a message is a topic's own question, whatever its form or its words resemble."""
IS_ALL = frozenset(
    {
        *("no_12306_change_fee", "no_change_movie_seat", "no_delivery_fee_amount", "no_hotel_cancellation"),
        *("no_hotline_number", "no_lost_ticket", "no_other_tickets", "no_support_hours", "no_waitlist"),
    }
)
"""Topics that the sources do not hold, and no case of ours either: nothing is to be asked about them."""
CONTENDS = re.compile(r"都是|全都|一律|统一|随便|随时|本来就|明明|一直都|从来")
"""Words of who states a rule: 微信退款都是秒到."""
SAME_SHARE = 0.45
HIGH_SEASON = frozenset({1, 2, 7, 8})
"""Months of the winter and summer holidays, the high season of T2.6."""


def serve(scene: Scene) -> None:
    """Ask the rules about the case; put their question or their answer to the person."""
    wish = scene.state.wish
    if wish is None:
        if not scene.replies and not scene.prefix:
            scene.reply(say("greet"))
        return
    result = decide_case(scene, wish)
    topic = sure_topic(scene) if scene.brought("began") and scene.state.asked is None else None
    if isinstance(result, Ask):
        told = _in_general(scene, wish) if scene.state.asked is None else None
        if scene.state.asked is None:
            scene.set(general=told is not None)
        if told is not None:
            general.tell(scene, told)
            if _is_all(scene, told):
                scene.set(wish=None)
                return
            general.forget_spans(scene, told)
            result = decide_case(scene, wish)
    if isinstance(result, Ask):
        ask(scene, result.slot, result.options)
        return
    _tell(scene, result, topic)
    next_wish(scene)


def ask_again(scene: Scene) -> bool:
    """Put the open question once more, in other words; the message did not answer it."""
    slot = scene.state.asked
    if slot is None:
        return False
    _ask_open(scene, slot, again=True)
    return True


def explain_question(scene: Scene) -> None:
    """为什么要问这个: the claims that make the slot matter, then the question again."""
    slot, wish = scene.state.asked, scene.state.wish
    if slot == "phone_tail":
        scene.reply(say("why.phone_tail"))
    elif wish is not None:
        result = decide_case(scene, wish)
        cites = result.cites if isinstance(result, Ask) else ()
        texts = "；".join(claims()[claim].text.rstrip("。") for claim in cites[:2])
        scene.cite(cites)
        scene.reply(say("why.general", claims=texts or slot_name(slot or "")))
    back_to_question(scene)


def sure_topic(scene: Scene, at_least: float = TOPIC_SURE) -> Answer | None:
    """The topic whose question the message is, where the score says so.

    What we never advise needs a better score beside a wish, or words of a trick; beside a sure wish about the
    account its words are innocent without them.
    """
    if not scene.said.topics:
        return None
    refused = refusal.refused(scene)
    if refused is not None:
        return refused
    topic, score = named_topics(scene)[0]
    told = answer(topic) if score >= at_least else None
    if told is None or not told.advised_against:
        return told and general.of_the_case(scene, told)
    about_account = scene.intent in ABOUT_ACCOUNT and scene.confidence >= refusal.WISH_SURE
    innocent = refusal.is_tricked(scene) or about_account or refusal.is_innocent(scene, topic)
    return None if innocent or score < ADVISED_AGAINST_SURE else told


def named_topics(scene: Scene) -> Sequence[tuple[str, float]]:
    """The topics without those that lack the words which every question of theirs has."""
    text = scene.said.normal

    def named(topic: str) -> bool:
        told = answer(topic)
        return told is None or not told.words or any(word in text for word in told.words)

    return [pair for pair in scene.said.topics if named(pair[0])] or [("", 0.0)]


def near_topics(scene: Scene) -> tuple[Option, ...]:
    """Topics that the message may be about, too unsure to be answered unasked: as buttons."""
    near = [answer(topic) for topic, score in named_topics(scene) if score >= TOPIC_NEAR]
    fit = [told for told in near if told is not None and not told.advised_against]
    return tuple(Option(told.title, "topic", told.topic) for told in fit)


def tell_topic(scene: Scene, topic: Answer) -> bool:
    """Answer a question of the knowledge base; an open question of the rules returns after it.

    Only where no question is open is this the outcome of the turn.
    """
    scene.note("answered", topic=topic.topic)
    if scene.state.asked is None:
        scene.outcome = Outcome(verdict=None, notes=(topic.text,), citations=topic.cites)
    general.tell(scene, topic)
    back_to_question(scene)
    return True


def decide_case(scene: Scene, wish: str) -> Outcome | Ask:
    """What the rules say of the case as it is known; a slot asked for too often counts as unknown.

    A half-said time (下周三, 8点) is good enough where its earliest and its latest reading lead to the same;
    so is a half-said delay (晚了快一个小时), which the rules may also do without.
    """
    result = _decided(scene, wish, {})
    slot = result.slot if isinstance(result, Ask) else DELAY
    if slot not in (TIMES | {DELAY}) & scene.state.doubtful.keys():
        return result
    either = [_decided(scene, wish, {slot: value}) for value in readings(scene.state.doubtful[slot])]
    return either[0] if either and _same(either[0], either[1], slot) else result


def _same(least: Outcome | Ask, most: Outcome | Ask, slot: str) -> bool:
    """Whether two readings lead to the same; how long the delay was only stands in the text to send."""
    if slot == DELAY and isinstance(least, Outcome) and isinstance(most, Outcome):
        return replace(least, message_draft=most.message_draft) == most
    return least == most


def _decided(scene: Scene, wish: str, supposed: Mapping[str, str]) -> Outcome | Ask:
    slots = {slot: fact.value for slot, fact in scene.state.facts.items() if slot not in META_SLOTS}
    for slot, times in scene.state.asked_times.items():
        if times >= ASK_LIMIT and slot not in slots:
            slots[slot] = UNKNOWN
    paid = scene.state.paid_at
    return decide(
        Case(
            wish=wish,
            slots={**slots, **_drafts(scene), **supposed},
            rules_as_of=date.fromisoformat(paid[:10]) if paid else None,
            high_season=_is_high_season(scene),
            faulty=scene.state.faulty,
        ),
        scene.acting or scene.now,
    )


def _in_general(scene: Scene, wish: str) -> Answer | None:
    """What is told before the first question of a case: the rule itself, where that is asked for."""
    told = sure_topic(scene, TOPIC_BESIDE) if _asks_in_general(scene) else None
    score = named_topics(scene)[0][1] if told is not None else 0.0
    if told is None or general.names_no_thing(scene, told, score):
        return _overview(scene, wish)
    strays = scene.confidence >= SURE and general.QUESTION_OF.get(wish) not in told.asked
    if strays and score < TOPIC_ALONE and wish in general.FIGURED:
        return general.overview(scene, wish) or told
    return told


def _overview(scene: Scene, wish: str) -> Answer | None:
    """A question in general, before figures of a case are known, is answered in general first."""
    if scene.state.facts.keys() & general.FIGURES - {"event_time"}:
        return None
    if not (scene.is_question() or wish == "fee_query"):
        return None
    found = general.overview(scene, wish)
    if found is not None and found.hours is None and "event_time" in scene.state.facts:
        return None
    if found is not None or scene.state.facts or not scene.is_question():
        return found
    return answer(f"about.{wish}") if wish in ASKED_IN_GENERAL else None


def _is_all(scene: Scene, told: Answer) -> bool:
    """True where the sources hold no answer: no question of the case would lead to one."""
    return told.topic in IS_ALL and named_topics(scene)[0][1] >= TOPIC_ALONE


def _ask_open(scene: Scene, slot: str, again: bool) -> None:
    wish = scene.state.wish
    result = decide_case(scene, wish) if wish and slot not in META_SLOTS else None
    options = result.options if isinstance(result, Ask) else ()
    ask(scene, slot, options, again=again)


def _drafts(scene: Scene) -> dict[str, str]:
    """Values that only fill blanks of texts."""
    return {slot: value for slot in ("order_id", "platform") if (value := scene.value(slot))}


def _is_high_season(scene: Scene) -> bool:
    at = scene.value("event_time")
    if scene.value("product") != "scenic_ticket" or at in {None, UNKNOWN}:
        return False
    return datetime.fromisoformat(at or "").month in HIGH_SEASON


def _tell(scene: Scene, outcome: Outcome, topic: Answer | None) -> None:
    if topic is not None and _may_lead(scene, topic, outcome):
        outcome = _led_by(outcome, topic)
        scene.note("told", topic=topic.topic)
    scene.outcome = outcome
    scene.cite(outcome.citations)
    if scene.state.wish == "item_problem":
        scene.set(faulty=True)
    told = outcome_to_json(outcome)
    scene.note("outcome", outcome=told, rows=list(outcome.rows))
    before = scene.state.outcome or {}
    scene.set(outcome=told, asked_times={})
    if _but_for_draft(told) == _but_for_draft(before) and _only_adds(scene):
        show_unchanged(scene, outcome)
        return
    show(scene, outcome)
    if scene.state.wish == "evidence_help" and scene.state.facts:
        scene.reply(draft(told))  # 帮我写一段话: what is known of the case is in it
    _offer_person(scene, outcome)


def _but_for_draft(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """The outcome as the person was told it: the text to send lies behind a button."""
    return {name: value for name, value in outcome.items() if name != "message_draft"}


def _only_adds(scene: Scene) -> bool:
    """The message states something more about the case just answered, and asks for nothing."""
    states = scene.brought("learned", "kept") and not scene.brought("began", "chosen", "confirmed", "denied")
    return states and not scene.prefix and not scene.is_question() and scene.state.asked is None


def _may_lead(scene: Scene, topic: Answer, outcome: Outcome) -> bool:
    """A topic goes in front of an outcome without figures; beside a verdict only if surely asked for.

    So does one that only says what the sources do not hold: the outcome has more to say.
    """
    if _has_figures(outcome):
        return False
    score, asked = named_topics(scene)[0][1], scene.is_question()
    named = score >= TOPIC_ALONE
    if outcome.verdict is None and topic.topic.startswith(UNANSWERED) and score >= TOPIC_NAMED:
        return True
    if outcome.verdict is None and not topic.topic.startswith(UNANSWERED):
        return asked or (named and scene.state.wish not in TELLS_OF_TROUBLE)
    return asked and named


def _has_figures(outcome: Outcome) -> bool:
    figures = (outcome.fee, outcome.refund, outcome.fee_range, outcome.eta, outcome.insurance)
    return any(figure is not None for figure in figures)


def _led_by(outcome: Outcome, topic: Answer) -> Outcome:
    """The outcome with the topic's answer in front; what the topic says already is not said twice."""
    cites = (*topic.cites, *(claim for claim in outcome.citations if claim not in topic.cites))
    more = tuple(note for note in outcome.notes if not says_already(topic.text, note))
    return replace(outcome, notes=(topic.text, *more) if outcome.verdict else (topic.text,), citations=cites)


def _asks_in_general(scene: Scene) -> bool:
    """A question without the figures of a case: the rule itself is asked for."""
    named = bool(scene.said.topics) and named_topics(scene)[0][1] >= TOPIC_NAMED
    figures = {
        slot for slot in scene.slots.keys() & general.FIGURES if scene.slots[slot].certain or not named
    }
    return not figures and (scene.is_question() or (named and scene.confidence < SURE))


def says_already(text: str, note: str) -> bool:
    """True where most pairs of neighbouring characters of the note stand in the text too."""
    pairs = {note[i : i + 2] for i in range(len(note) - 1)}
    return sum(pair in text for pair in pairs) >= SAME_SHARE * len(pairs)


def _offer_person(scene: Scene, outcome: Outcome) -> None:
    """Where a person would do better than the rules: offered, never called unasked."""
    overdue = outcome.eta is not None and outcome.eta.overdue > 0
    stuck = outcome.verdict == "unknown" and outcome.fee_range is None
    needed = overdue or stuck or scene.state.wish in BETTER_BY_A_PERSON
    scene.set(offered_person=needed)
    if needed:
        scene.reply(say("offer_person"))


def _not_applied_yet(scene: Scene, first: Outcome | None) -> bool:
    """能退多少, 另外几天到账: the arrival of the very refund that was just computed."""
    told = first is not None and first.eta is not None and not scene.state.mixed
    return told and scene.value("requested_at") is None and asks_for_arrival(scene.said.normal)


def next_wish(scene: Scene) -> None:
    """The second wish of a message, after the first has its answer."""
    if not scene.state.later:
        return
    wish, *rest = scene.state.later
    first = scene.outcome
    scene.reply(say("next_wish", wish=wish_name(wish)))
    if wish == ARRIVAL and _not_applied_yet(scene, first):
        scene.set(later=tuple(rest), mixed=False, second_told=True)
        told = expected_arrival(scene)
        scene.cite(told.citations)
        scene.reply("\n".join(arrival_lines(told)))
        next_wish(scene)
        return
    if scene.state.mixed:
        other_order(scene)
    scene.set(wish=wish, later=tuple(rest), mixed=False, second_told=True)
    scene.note("began", wish=wish)
    result = decide_case(scene, wish)
    if isinstance(result, Ask):
        ask(scene, result.slot, result.options)
        return
    _tell(scene, result, None)
    scene.outcome = first
