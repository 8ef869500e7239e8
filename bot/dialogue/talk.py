"""Moves about the talk itself: a person, stopping, repeating, small talk, and what is not understood."""

import re
from itertools import islice

from bot.dialogue import behind, matters, shelf
from bot.dialogue.card import case_card
from bot.dialogue.facts import take_in
from bot.dialogue.own_words import ACCUSES
from bot.dialogue.questions import back_to_question
from bot.dialogue.scene import SURE, TALK, Scene
from bot.dialogue.serving import (
    TOPIC_NAMED,
    ask_again,
    explain_question,
    near_topics,
    sure_topic,
)
from bot.dialogue.state import Option, State
from bot.dialogue.values import answers, answers_question, corrects_value, is_only_answer
from bot.dialogue.wording import say, wish_name

_DECLINED = re.compile(
    r"(?:先|暂时|还是|那|谢谢|[,，\s])*(?:不用|不必|不需要|用不着|不麻烦)(?:了|啦|吧|谢谢|[,，。!！\s])*$"
)
_GIVES_UP = re.compile(
    r"(?:那|唉|哎|还是|[,，\s])*(?:算了|算啦|罢了|拉倒|不用了[,，\s]|先这样|不[弄办搞整问]了)"
)
PERSON_SURE = 0.85
"""The confidence from which on a person is called without a word that asks for one."""
_ASKS_FOR_PERSON = re.compile(
    r"人工|(?:[转找要叫换接给请]|联系|来)[^,，。]{0,5}(?:真人|活人|客服|同事|经理|主管|领导|负责人|师傅|工作人员|个人)"
    r"|rengong|human|agent|真人(?:客服|服务|接)|不[想要]?[跟和]机器"
)
GIVEN_UP = 0.8
"""The confidence from which on such words end the case, though they fill the slot that was asked."""
SMALL_TALK = frozenset({"greet", "thanks", "goodbye", "bot_help"})
PERSON_AFTER = 3
"""Turns in a row that were not understood before a person is called."""
SUGGESTIONS = 3
NEAR = -0.3
"""The raw score from which on a wish is worth a button; 0 is where it would be understood."""
BARE_LENGTH = 6
"""Up to this many characters a message may be nothing but the name of a thing."""
LIKELY_WISHES = ("request_refund", "cancel_order", "fee_query", "refund_status")


def hand_over(scene: Scene, reason: str, words: str = "handoff") -> bool:
    """Call a person, with everything on one card."""
    scene.set(handoff=reason)
    scene.handoff = case_card(scene, reason)
    scene.note("handoff", reason=reason)
    scene.asks = scene.state.asked
    scene.reply(say(words))
    return True


def person(scene: Scene) -> bool:
    """A person is asked for; an answer to the open question is none such, whatever its words resemble."""
    if scene.intent != "human_agent" or answers_question(scene):
        return False
    if scene.confidence < PERSON_SURE and not _ASKS_FOR_PERSON.search(scene.said.normal):
        return False
    return hand_over(scene, "asked_for_person")


def restart(scene: Scene) -> bool:
    """Start over: nothing of the case is kept."""
    if scene.intent != "restart" or answers_question(scene) or corrects_value(scene):
        return False
    if scene.confidence < matters.DOUBTFUL and scene.state.facts:
        scene.intent = "out_of_scope"  # a mere guess throws nothing away
        return False
    kept = scene.state
    scene.state = State(
        turn=kept.turn, script=kept.script, tail_tries=kept.tail_tries, order_closed=kept.order_closed
    )
    scene.reply(say("restarted"))
    return True


def stop(scene: Scene) -> bool:
    """算了: the case is put away. 算了不退了 is no answer to "do you keep the ticket"."""
    given_up = scene.confidence >= GIVEN_UP and bool(_GIVES_UP.match(scene.said.normal))
    if scene.intent != "stop" or (answers_question(scene) and not given_up) or corrects_value(scene):
        return False
    if _declines_person(scene) or (scene.slots and scene.confidence < GIVEN_UP):
        return False
    busy = scene.state.wish is not None
    shelf.put_away(scene)
    scene.set(wish=None, offered_person=False)
    scene.reply(say("stopped" if busy else "nothing_to_stop"))
    return True


def _declines_person(scene: Scene) -> bool:
    """不用了, said to the offer of a person."""
    return scene.state.offered_person and not scene.state.asked and bool(_DECLINED.match(scene.said.normal))


def wait(scene: Scene) -> bool:
    """你等等，我看看: the open question stays open and is not put again."""
    if "wait" not in scene.said.moves or scene.slots:
        return False
    scene.asks = scene.state.asked
    scene.reply(say("wait"), scene.state.options)
    return True


def repeat(scene: Scene) -> bool:
    """再说一遍: the last replies again."""
    if "repeat" not in scene.said.moves or is_only_answer(scene) or tells_case(scene):
        return False  # 退火车票，380块，再问下几天到账: nothing is to be said again
    scene.asks = scene.state.asked
    options = iter(scene.state.options)
    under = scene.state.last_buttons or (0,) * len(scene.state.last)
    for text, buttons in zip(scene.state.last, under, strict=True):
        scene.reply(text, tuple(islice(options, buttons)))
    return bool(scene.replies) or scene.say("nothing_to_repeat")


def why(scene: Scene) -> bool:
    """为什么要问这个."""
    if "why_ask" not in scene.said.moves:
        return False
    if scene.state.asked is None:
        if scene.state.outcome is None and sure_topic(scene, TOPIC_NAMED) is not None:
            return False  # 那些截图还留着有啥用: why a thing is of use, not why it is asked for
        return behind.sources(scene) if scene.state.outcome or scene.state.told else scene.say("why.none")
    explain_question(scene)
    return True


def tells_case(scene: Scene) -> bool:
    """我直接说吧，火车票，380块，要退: a sure wish with facts of its own."""
    return scene.intent not in TALK and bool(scene.slots) and scene.confidence >= SURE


def names_other_wish(scene: Scene) -> bool:
    """我直接说吧，退款一直没到: a wish of its own, whatever word about the talk stands before it."""
    return scene.intent not in {*TALK, scene.state.wish} and scene.confidence >= SURE


def simpler(scene: Scene) -> bool:
    """说简单点; but 送票到底是什么意思 asks about a matter of its own."""
    if "simpler" not in scene.said.moves or names_other_wish(scene) or tells_case(scene):
        return False
    return sure_topic(scene, TOPIC_NAMED) is None and behind.simpler(scene)


def sources(scene: Scene) -> bool:
    """依据呢; but 找黄牛收票靠谱吗 asks about a matter of its own."""
    known = scene.state.outcome is not None or scene.state.told is not None
    own_matter = not known and scene.intent not in TALK
    return "sources" in scene.said.moves and not own_matter and behind.sources(scene)


def other_way(scene: Scene) -> bool:
    """那没办法了？ after an answer: what else can be done, or else how to go about it."""
    outcome = scene.state.outcome
    if "other_way" not in scene.said.moves or outcome is None or scene.state.asked or scene.slots:
        return False
    return behind.show(scene, "alternatives" if outcome.get("alternatives") else "steps")


def how(scene: Scene) -> bool:
    """那我怎么弄, 我不会操作 after an answer: all of its steps."""
    outcome = scene.state.outcome
    if "how" not in scene.said.moves or outcome is None or scene.state.asked or scene.slots:
        return False
    return behind.show(scene, "steps")


def offer(scene: Scene) -> bool:
    """A yes or a no to the offer of a person."""
    declined = _declines_person(scene)
    heard = scene.intent in {"affirm", "deny"} and not (scene.slots or scene.said.denied)
    if not scene.state.offered_person or scene.state.asked or not (heard or declined):
        return False
    scene.set(offered_person=False)
    if declined:
        return scene.say("person_declined")
    return hand_over(scene, "case") if scene.intent == "affirm" else scene.say("person_declined")


def small_talk(scene: Scene) -> bool:
    if scene.intent not in SMALL_TALK or answers(scene):
        return False
    scene.reply(say(scene.intent))
    back_to_question(scene)
    return True


def abuse(scene: Scene) -> bool:
    """Insults without a wish: calm words, no reward, and no person called for it."""
    angry = scene.said.mood == "abusive" or (
        scene.said.mood == "upset"
        and scene.intent == "out_of_scope"
        and bool(ACCUSES.search(scene.said.normal))
    )
    if not angry or scene.intent not in TALK or scene.slots:
        return False
    scene.reply(say("mood.abusive"))
    back_to_question(scene)
    return True


def bare_product(scene: Scene) -> bool:
    """Only a thing was named: ask what is wanted with it."""
    alone = scene.state.wish is None and scene.intent == "out_of_scope" and "product" in scene.slots
    if not alone or len(scene.said.normal) > BARE_LENGTH:
        return False
    take_in(scene)
    options = tuple(Option(wish_name(wish), "wish", wish) for wish in LIKELY_WISHES)
    scene.reply(say("ask.wish"), options)
    return True


def idle_yes_no(scene: Scene) -> bool:
    """A yes or no to nothing."""
    if scene.intent not in {"affirm", "deny"} or scene.state.asked or scene.state.doubt or scene.slots:
        return False
    if matters.has_something_to_do(scene):
        return False
    return scene.say(f"{scene.intent}_idle")


def near_wishes(scene: Scene) -> tuple[Option, ...]:
    """The likeliest wishes of a message that falls just short of being understood."""
    near = [name for name, score in scene.said.ranking if score >= NEAR and name not in TALK]
    return tuple(Option(wish_name(name), "wish", name) for name in near[:SUGGESTIONS])


def misunderstood(scene: Scene) -> bool:
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
        near = near_wishes(scene) or near_topics(scene)
        scene.reply(say("misunderstood.near" if near else "misunderstood.first"), near)
        return True
    likely = [name for name, _ in scene.said.ranking if name not in TALK][:SUGGESTIONS]
    options = (
        *(Option(wish_name(name), "wish", name) for name in likely),
        Option(say("none_of_these"), "none"),
    )
    scene.reply(say("misunderstood.second"), options)
    scene.asks = scene.state.asked
    return True
