"""One message's way through the dialogue: hear, repair what needs it, ask the rules, put it into words."""

from dataclasses import replace
from datetime import datetime

from bot.dialogue import behind
from bot.dialogue.options import BEHIND, chosen
from bot.dialogue.repair import REPAIRS
from bot.dialogue.scene import Scene
from bot.dialogue.script import writes_simplified
from bot.dialogue.serving import serve, tell_topic
from bot.dialogue.state import Fact, Option, State
from bot.dialogue.talk import hand_over
from bot.dialogue.turn import Heard, Turn
from bot.dialogue.wording import GOODS
from intents.understanding import Understanding
from knowledge.answers import answer

OFFERED_SURE = 0.99
"""The confidence of a wish that was chosen by a button."""


def step(state: State, heard: Heard, now: datetime) -> Turn:
    """The next state and everything to say, from the last state and a message. Pure: no clock, no I/O.

    `now` is the turn's clock, with an offset. Equal arguments give equal turns.
    """
    said = heard.said
    scene = Scene(
        state=replace(state, script=_script(state, said)),
        said=said,
        order=heard.order,
        now=now,
        intent=said.intent,
        confidence=said.confidence,
        slots=dict(said.slots),
    )
    if _only_named_in_passing(scene):
        del scene.slots["product"]
    if state.correcting:
        scene.set(correcting=False)
        scene.said = replace(said, moves=(*said.moves, "correct"))
    option = chosen(state, said.text)
    if option is not None and _choose(scene, option):
        return scene.finish()
    before = scene.mark()
    for repair in REPAIRS:
        done = repair.play(scene)
        if done or scene.mark() != before:
            scene.note("move", name=repair.name)
            before = scene.mark()
        if done:
            return scene.finish()
    serve(scene)
    return scene.finish()


def _only_named_in_passing(scene: Scene) -> bool:
    """蓝色的土豆在跳舞 names goods, and is about nothing: no answer, no news of the case that is open."""
    state = scene.state
    if scene.intent != "out_of_scope" or scene.slots.keys() != {"product"} or state.wish is None:
        return False
    if scene.is_question() or scene.is_nothing_but_values() or scene.said.moves:
        return False
    named = scene.slots["product"]
    most = 4 if state.asked == "product" else 2
    return named.value in GOODS and len(scene.said.normal) >= most * len(named.said)


def _choose(scene: Scene, option: Option) -> bool:
    """What choosing a button does. True ends the turn."""
    scene.note("chosen", kind=option.kind, value=option.value)
    scene.slots.clear()
    what, _, name = option.kind.partition(":")
    if what == "slot":
        scene.learn(name, Fact(option.value, "said", option.label, scene.state.turn))
        scene.set(doubt=None)
        scene.intent = scene.state.wish or scene.intent
        scene.said = replace(scene.said, moves=(), denied=(), topics=(), mood="calm")
        return False
    if what == "wish":
        scene.intent, scene.confidence = option.value, OFFERED_SURE
        scene.set(asked=None)
        scene.said = replace(scene.said, moves=(), wishes=(option.value,), topics=())
        return False
    if what == "doubt":
        scene.intent = "affirm" if name == "yes" else "deny"
        return False
    told = answer(option.value) if what == "topic" else None
    if told is not None:
        return tell_topic(scene, told)
    if what == "show" and name in BEHIND:
        return behind.show(scene, name)
    if what == "show":
        return hand_over(scene, "asked_for_person")
    scene.intent = "out_of_scope"
    return False


def _script(state: State, said: Understanding) -> str:
    if said.script == "hant":
        return "hant"
    return "hans" if state.script == "hant" and writes_simplified(said.text) else state.script
