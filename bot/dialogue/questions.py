"""Asking for a slot, and asking back a value that was heard with a doubt."""

from datetime import datetime

from bot.dialogue.moments import TIMES
from bot.dialogue.scene import Scene
from bot.dialogue.state import Fact, Option
from bot.dialogue.wording import TICKETS, labels, say, sentences, slot_name, value_name, when
from bot.dialogue.wording import day as day_name
from knowledge.outcome import UNKNOWN

ASK_LIMIT = 3
"""Asked this often without an answer, a slot counts as unknown, so that no conversation goes in circles."""
HALF_DAY_HOURS = 12
LACKING = frozenset({"no_clock", "vague"})
"""Doubts that no yes can end: something is to be added."""


def question(slot: str, product: str | None) -> str:
    """The wording of the question for a slot, by product where it differs."""
    kind = "ticket" if product in TICKETS else "goods"
    for key in (f"ask.{slot}.{product}", f"ask.{slot}.{kind}", f"ask.{slot}"):
        if key in sentences():
            return say(key)
    return say("ask.other", slot=slot_name(slot))


def choices(slot: str, allowed: tuple[str, ...], product: str | None) -> tuple[Option, ...]:
    """The buttons under a question: the slot's values that matter, and "not sure"."""
    special = labels()["special"].get(slot, {}).get(product, {})
    known = labels()["values"].get(slot, {})
    values = tuple(special) or tuple(value for value in known if not allowed or value in allowed)
    buttons = tuple(Option(value_name(slot, value, product), f"slot:{slot}", value) for value in values)
    unsure = () if slot == "phone_tail" else (Option(say("ask.unsure"), f"slot:{slot}", UNKNOWN),)
    return (*buttons, *unsure)


def ask(scene: Scene, slot: str, allowed: tuple[str, ...] = (), again: bool = False) -> None:
    """Ask for a slot; a value heard with a doubt is asked back instead."""
    scene.asks = slot
    times = scene.state.asked_times.get(slot, 0)
    if not times or not scene.brought("learned"):
        scene.set(asked_times={**scene.state.asked_times, slot: times + 1})
    scene.note("asked", slot=slot, times=times + 1)
    fact = scene.state.doubtful.get(slot)
    if fact is not None and scene.state.doubt is None:
        ask_back(scene, slot, fact)
        return
    product = scene.value("product")
    text = question(slot, product)
    if again and times:
        text = say("ask.again", question=text)
    scene.reply(text, choices(slot, allowed, product))


def back_to_question(scene: Scene) -> None:
    """After something in between: the question that was open comes back."""
    slot = scene.state.asked
    if slot is None:
        return
    scene.asks = slot
    if scene.told is None or not scene.is_question():  # who asks in between has not failed to answer
        times = scene.state.asked_times.get(slot, 0)
        scene.set(asked_times={**scene.state.asked_times, slot: times + 1})
    doubtful = scene.state.doubtful.get(slot) if scene.state.doubt == slot else None
    text = _asked_back(slot, doubtful)[0] if doubtful else question(slot, scene.value("product"))
    scene.reply(say("back_to", question=text), scene.state.options)


def ask_back(scene: Scene, slot: str, fact: Fact) -> None:
    """Ask whether a doubtful value is right, or for what it lacks."""
    kind = fact.doubt or "other"
    scene.set(doubt=None if kind in LACKING else slot)
    scene.note("asked_back", slot=slot, value=fact.value, doubt=kind)
    scene.reply(*_asked_back(slot, fact))


def _asked_back(slot: str, fact: Fact) -> tuple[str, tuple[Option, ...]]:
    yes = Option(say("doubt.right"), "doubt:yes", slot)
    no = Option(say("doubt.wrong"), "doubt:no", slot)
    match fact.doubt:
        case "half_day":
            return say("doubt.half_day", said=fact.said), _halves(slot, fact.value)
        case "no_clock":
            return say("doubt.no_clock", day=day_name(datetime.fromisoformat(fact.value))), ()
        case "vague":
            return say("doubt.vague_time" if slot in TIMES else "doubt.vague", said=fact.said), ()
        case "past":
            return say("doubt.past", when=when(datetime.fromisoformat(fact.value))), (yes, no)
        case "several":
            return say("doubt.several", value=value_name(slot, fact.value)), (yes, no)
        case _:
            return say("doubt.other", value=value_name(slot, fact.value)), (yes, no)


def _halves(slot: str, value: str) -> tuple[Option, ...]:
    """A clock time that may be morning or evening, as two buttons."""
    at = datetime.fromisoformat(value)
    morning = at.replace(hour=at.hour % HALF_DAY_HOURS)
    evening = morning.replace(hour=morning.hour + HALF_DAY_HOURS)
    return tuple(Option(when(t), f"slot:{slot}", t.isoformat()) for t in (morning, evening))
