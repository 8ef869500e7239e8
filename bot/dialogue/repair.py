"""The repair of a conversation, as a table: what people do besides answering, and what is done about it.

`REPAIRS` is read from the top; the first move that applies and says the turn is done ends it. A move that
returns False has changed the scene (taken a value in, say) and lets the next ones look. The order is the
meaning: the wish for a person comes first, words about the talk before words about the case.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.dialogue import behind, matters
from bot.dialogue.card import case_card
from bot.dialogue.facts import other_order, rule_out, summary, take_in
from bot.dialogue.identity import check_identity, try_without_tail
from bot.dialogue.questions import back_to_question
from bot.dialogue.scene import Scene
from bot.dialogue.serving import ask_again, explain_question
from bot.dialogue.state import Fact, Option, State
from bot.dialogue.wording import say, when, wish_name
from knowledge.outcome import UNKNOWN

SMALL_TALK = frozenset({"greet", "thanks", "goodbye", "bot_help"})
TALK = SMALL_TALK | {"affirm", "deny", "stop", "restart", "human_agent", "out_of_scope"}
PERSON_AFTER = 3
"""Turns in a row that were not understood before a person is called."""
SUGGESTIONS = 3
_NOT_YET = re.compile(r"[没未](有)?(去)?(申请|退|取消|提交|弄|办)")
BARE_LENGTH = 6
"""Up to this many characters a message may be nothing but the name of a thing."""
LIKELY_WISHES = ("request_refund", "cancel_order", "fee_query", "refund_status")


@dataclass(frozen=True, slots=True)
class Repair:
    """One move: its name (as events and coverage call it), and what it does; True ends the turn."""

    name: str
    play: Callable[[Scene], bool]


def hand_over(scene: Scene, reason: str, words: str = "handoff") -> bool:
    """Call a person, with everything on one card."""
    scene.set(handoff=reason)
    scene.handoff = case_card(scene, reason)
    scene.note("handoff", reason=reason)
    scene.reply(say(words))
    return True


def _person(scene: Scene) -> bool:
    return scene.intent == "human_agent" and hand_over(scene, "asked_for_person")


def _restart(scene: Scene) -> bool:
    if scene.intent != "restart" or _answers_question(scene) or _corrects_value(scene):
        return False
    scene.state = State(turn=scene.state.turn, script=scene.state.script, tail_tries=scene.state.tail_tries)
    scene.reply(say("restarted"))
    return True


def _stop(scene: Scene) -> bool:
    if scene.intent != "stop" or _answers_question(scene) or _corrects_value(scene):
        return False
    busy = scene.state.wish is not None
    other_order(scene)
    scene.set(wish=None, later=(), asked=None, offered_person=False)
    scene.reply(say("stopped" if busy else "nothing_to_stop"))
    return True


def _repeat(scene: Scene) -> bool:
    if "repeat" not in scene.said.moves:
        return False
    scene.asks = scene.state.asked
    for text in scene.state.last or (say("nothing_to_repeat"),):
        scene.reply(text)
    scene.options = list(scene.state.options)
    if scene.replies and scene.options:
        last = scene.replies.pop()
        scene.options = []
        scene.reply(last.text, scene.state.options)
    return True


def _why(scene: Scene) -> bool:
    if "why_ask" not in scene.said.moves:
        return False
    if scene.state.asked is None:
        return behind.sources(scene) if scene.state.outcome else _say(scene, "why.none")
    explain_question(scene)
    return True


def _simpler(scene: Scene) -> bool:
    return "simpler" in scene.said.moves and behind.simpler(scene)


def _sources(scene: Scene) -> bool:
    return "sources" in scene.said.moves and behind.sources(scene)


def _doubt(scene: Scene) -> bool:
    """A yes or a no to a value that was asked back."""
    slot = scene.state.doubt
    if slot is None or slot in scene.slots:
        return False
    fact = scene.state.doubtful.get(slot)
    if fact is not None and scene.intent == "affirm":
        scene.learn(slot, Fact(fact.value, "said", fact.said, scene.state.turn))
    elif scene.intent == "deny":
        scene.forget(slot)
    else:
        return False
    scene.set(doubt=None)
    scene.note("confirmed", slot=slot, yes=scene.intent == "affirm")
    return False


def _offer(scene: Scene) -> bool:
    """A yes or a no to the offer of a person."""
    if not scene.state.offered_person or scene.intent not in {"affirm", "deny"} or scene.state.asked:
        return False
    scene.set(offered_person=False)
    return hand_over(scene, "case") if scene.intent == "affirm" else _say(scene, "person_declined")


def _unsure(scene: Scene) -> bool:
    """不清楚: the slot counts as unknown, and the rules go on with the range."""
    if "unsure" not in scene.said.moves or (scene.state.asked or "") in scene.slots:
        return False
    slot = scene.state.asked
    if slot is None:
        return (
            scene.state.wish is None and scene.intent == "out_of_scope" and _say(scene, "unsure_no_question")
        )
    if slot == "phone_tail":
        return try_without_tail(scene)
    scene.learn(slot, Fact(UNKNOWN, "said", scene.said.text, scene.state.turn))
    scene.note("unsure", slot=slot)
    scene.set(doubt=None)
    scene.intent = scene.state.wish or scene.intent
    scene.said = replace(scene.said, topics=())
    return False


def _small_talk(scene: Scene) -> bool:
    if scene.intent not in SMALL_TALK or _answers(scene):
        return False
    scene.reply(say(scene.intent))
    back_to_question(scene)
    return True


def _abuse(scene: Scene) -> bool:
    """Insults without a wish: calm words, no reward, and no person called for it."""
    if scene.said.mood != "abusive" or scene.intent not in TALK or scene.slots:
        return False
    scene.reply(say("mood.abusive"))
    back_to_question(scene)
    return True


def _wrong(scene: Scene) -> bool:
    """不对 without saying what would be right."""
    corrects = "correct" in scene.said.moves or scene.intent == "deny"
    if scene.state.wish is None or scene.state.asked or not corrects or scene.slots or scene.said.denied:
        return False
    if scene.intent not in TALK and scene.intent != scene.state.wish:
        return False
    if not summary(scene) or (scene.intent == "deny" and scene.state.outcome is None):
        return False
    return _say(scene, "wrong_without_value", facts=summary(scene))


def _values(scene: Scene) -> bool:
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
    later = scene.slots.pop("act_at", None)
    if later is None or not later.certain:
        return
    scene.acting = datetime.fromisoformat(later.value)
    scene.prefix.append(say("what_if_later", when=when(scene.acting)) + "\n")
    scene.note("learned", slots=["act_at"])


def _concerns_case(scene: Scene) -> bool:
    if scene.intent not in TALK or _answers(scene):
        return True
    if scene.state.wish is None:
        return scene.intent == "out_of_scope" and "order_id" in scene.slots
    if scene.state.outcome and scene.slots.keys() & set(scene.state.outcome.get("could_refine", ())):
        return True
    told = {"amount", "event_time", "ticket_plan", "delivery_status", "order_status", "order_id"}
    return bool(
        {"correct", "what_if"} & set(scene.said.moves) or told & set(scene.slots) or scene.said.denied
    )


def _answers(scene: Scene) -> bool:
    """True where the message brings a value while a question is open."""
    return scene.state.asked is not None and bool(scene.slots)


def _answers_question(scene: Scene) -> bool:
    """True where the message brings a value for the very slot that was asked."""
    return scene.state.asked is not None and scene.state.asked in scene.slots


def _corrects_value(scene: Scene) -> bool:
    """等下，我说错了，是73块: words about the talk around a value that is put right."""
    return bool(scene.slots) and bool({"correct", "what_if"} & set(scene.said.moves))


def _not_applied(scene: Scene) -> bool:
    """还没申请呢, said to "when did you apply": the wish is to apply."""
    if scene.state.asked != "requested_at" or "requested_at" in scene.slots:
        return False
    if not _NOT_YET.search(scene.said.normal):
        return False
    scene.set(wish="request_refund", asked=None)
    scene.note("began", wish="request_refund")
    return False


def _bare_product(scene: Scene) -> bool:
    """Only a thing was named: ask what is wanted with it."""
    alone = scene.state.wish is None and scene.intent == "out_of_scope" and "product" in scene.slots
    if not alone or len(scene.said.normal) > BARE_LENGTH:
        return False
    take_in(scene)
    options = tuple(Option(wish_name(wish), "wish", wish) for wish in LIKELY_WISHES)
    scene.reply(say("ask.wish"), options)
    return True


def _idle_yes_no(scene: Scene) -> bool:
    if scene.intent not in {"affirm", "deny"} or scene.state.asked or scene.state.doubt or scene.slots:
        return False
    return _say(scene, f"{scene.intent}_idle")


def _misunderstood(scene: Scene) -> bool:
    """Once: put it another way; twice: the likeliest as buttons; three times in a row: a person."""
    if matters.has_something_to_do(scene):
        return False
    times = scene.state.misunderstood + 1
    scene.understood = False
    scene.set(misunderstood=times)
    scene.note("misunderstood", times=times)
    if times >= PERSON_AFTER:
        scene.set(misunderstood=0)
        return hand_over(scene, "not_understood", "misunderstood.third")
    if scene.state.asked and times == 1:
        return ask_again(scene)
    if times == 1:
        return _say(scene, "misunderstood.first")
    likely = [name for name, _ in scene.said.ranking if name not in TALK][:SUGGESTIONS]
    options = (
        *(Option(wish_name(name), "wish", name) for name in likely),
        Option(say("none_of_these"), "none"),
    )
    scene.reply(say("misunderstood.second"), options)
    scene.asks = scene.state.asked
    return True


def _say(scene: Scene, key: str, **fields: object) -> bool:
    scene.reply(say(key, **fields))
    return True


REPAIRS: tuple[Repair, ...] = (
    Repair("unsure", _unsure),
    Repair("person", _person),
    Repair("repeat", _repeat),
    Repair("why", _why),
    Repair("simpler", _simpler),
    Repair("sources", _sources),
    Repair("restart", _restart),
    Repair("stop", _stop),
    Repair("doubt", _doubt),
    Repair("offer", _offer),
    Repair("small_talk", _small_talk),
    Repair("abuse", _abuse),
    Repair("wrong", _wrong),
    Repair("not_applied", _not_applied),
    Repair("switch", matters.switch),
    Repair("values", _values),
    Repair("identity", check_identity),
    Repair("bare_product", _bare_product),
    Repair("idle", _idle_yes_no),
    Repair("misunderstood", _misunderstood),
)
