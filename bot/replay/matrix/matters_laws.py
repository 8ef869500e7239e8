"""Laws of more than one matter: a question in between, two wishes, a button of an earlier case."""

from bot.dialogue.wording import wish_name
from bot.replay.matrix.probe import Probe
from bot.replay.matrix.talk import Talk
from knowledge import UNKNOWN, Ask

_ANSWERED = ("digressed", "answered", "told")
_NEXT_CASES = (
    ("refund_amount_wrong", {"amount": "380.00", "received_amount": "323.00", "product": "train_ticket"}),
    (
        "refund_status",
        {"requested_at": "2026-03-03T00:00:00+08:00", "pay_channel": "wechat", "product": "train_ticket"},
    ),
)
"""Cases that begin with a question which no button of another case answers."""


def digress(probe: Probe) -> None:
    """It is answered, the question comes back, and the case goes on as if nothing had been."""
    wish, words = probe.wording.another("aside", probe.wish)
    talk = probe.until_here()
    buttons = [button for reply in talk.last.replies for button in reply.buttons]
    before = dict(probe.said[: probe.at])
    talk.say(words)
    kept = {slot: talk.last.slots.get(slot) for slot in before}
    probe.hold(kept == before, f"all values are kept: {kept}")
    if probe.after_outcome:
        probe.hold(talk.last.outcome is not None, f"{wish} is answered")
        talk.say(probe.wording.opening(probe.wish))
        probe.same_outcome(talk, before)
        return
    probe.hold(talk.happened(*_ANSWERED), f"{wish} is answered")
    probe.asked(talk, probe.slot)
    back = [button for reply in talk.last.replies for button in reply.buttons]
    probe.hold(back == buttons, f"the question comes back with its buttons: {back}")
    probe.lead_to(talk, dict(probe.said))


def two_wishes(probe: Probe) -> None:
    """Both are served, the first one first, without being named again."""
    wish, words = probe.wording.another("second", probe.wish)
    talk = probe.until_here(f"{probe.wording.opening(probe.wish)}，{words}")
    probe.lead_to(talk, dict(probe.said))
    _served_after_the_first(probe, talk, wish)
    if not probe.after_outcome:
        _named_beside_an_answer(probe)


def _served_after_the_first(probe: Probe, talk: Talk, wish: str) -> None:
    began = [event.data.get("wish") for event in talk.last.events if event.kind == "began"]
    probe.hold(began[-1:] == [wish], f"{wish} comes after the first wish's outcome; begun are {began}")
    texts = [reply.text for reply in talk.last.replies]
    heads = [place for place, text in enumerate(texts) if wish_name(wish) in text]
    probe.hold(bool(heads) and 0 < heads[0] < len(texts) - 1, f"{wish} is answered behind the first: {texts}")


def _named_beside_an_answer(probe: Probe) -> None:
    """The value counts, and the second wish is answered on the way or after the outcome."""
    wish, words = probe.wording.another("second", probe.wish)
    talk = probe.until_here()
    talk.say(f"{probe.wording.clause(probe.slot, probe.value)}，{words}")
    on_the_way = talk.happened(*_ANSWERED)
    probe.confirm(talk, {probe.slot: probe.value})
    probe.knows(talk, probe.slot, probe.value)
    probe.lead_to(talk, dict(probe.said))
    if not on_the_way:
        _served_after_the_first(probe, talk, wish)


def stale(probe: Probe) -> None:
    """It acts on the case that is open now by its words at most, and that case's question stands."""
    talk = probe.until_here()
    label, value = _button(probe, talk)
    talk.say(probe.wording.words("stop"))
    wish, known = next((wish, known) for wish, known in _NEXT_CASES if wish != probe.wish)
    talk.say(probe.wording.opening(wish))
    question = probe.rules({}, wish)
    if not isinstance(question, Ask):
        probe.not_applicable(f"{wish} asks nothing")
    probe.asked(talk, question.slot)
    talk.say(label)
    probe.hold(not talk.happened("chosen"), "no option of the earlier case is chosen")
    probe.hold(talk.last.state.wish == wish, f"the case is {wish}; it is {talk.last.state.wish}")
    if label == "转人工":
        probe.hold(talk.last.handoff is not None, "the wish for a person is always heard")
        return
    probe.asked(talk, question.slot)
    probe.go_on(talk, known)
    probe.same_outcome(talk, {**known, **_read_as_words(probe, talk, value)}, wish)


def _button(probe: Probe, talk: Talk) -> tuple[str, str]:
    """A button that the bot has just offered, and its value: one of the slot's, or one behind the outcome."""
    kind = "show:" if probe.after_outcome else f"slot:{probe.slot}"
    offered = [o for o in talk.last.state.options if o.kind.startswith(kind) and o.value != UNKNOWN]
    if not offered:
        probe.not_applicable("there are no buttons with values")
    option = offered[probe.wording.place % len(offered)]
    return option.label, option.value


def _read_as_words(probe: Probe, talk: Talk, value: str) -> dict[str, str]:
    """What the label says to whoever reads it without knowing that it was a button."""
    if probe.after_outcome or talk.last.slots.get(probe.slot) != value:
        return {}
    return {probe.slot: value}
