"""Laws of what people say about the talk itself: stop, again, why, a person, nonsense, the same twice."""

from bot.dialogue.facts import OF_THE_PERSON
from bot.replay.matrix.probe import Probe
from bot.replay.matrix.talk import Talk
from bot.replay.matrix.values_laws import follows_the_rules
from knowledge.outcome import Outcome


def stop(probe: Probe) -> None:
    """The case is put aside, nothing is asked, and the same wish begins anew."""
    talk = probe.until_here()
    talk.say(probe.wording.words("stop"))
    state = talk.last.state
    probe.hold((talk.last.asks, state.wish, state.later) == (None, None, ()), "nothing is open any more")
    probe.hold(talk.last.outcome is None and state.outcome is None, "there is no outcome any more")
    left = {slot: value for slot, value in talk.last.slots.items() if slot not in OF_THE_PERSON}
    probe.hold(not left, f"nothing of the case is kept: {left}")
    kept = dict(talk.last.slots)
    talk.say(probe.wording.opening(probe.wish))
    follows_the_rules(probe, talk, kept)


def why(probe: Probe) -> None:
    """The claims that make the slot matter are cited, and the question comes back."""
    talk = probe.until_here()
    talk.say(probe.wording.words("why"))
    ruled = probe.rules(dict(probe.said[: probe.at]))
    if isinstance(ruled, Outcome):
        missing = [claim for claim in ruled.citations if claim not in talk.last.cites]
        probe.hold(not missing, f"the outcome's claims are cited: {missing} are not")
        return
    missing = [claim for claim in ruled.cites if claim not in talk.last.cites]
    probe.hold(not missing, f"the claims that make {ruled.slot} matter are cited: {missing} are not")
    _nothing_lost(probe, talk)


def repeat(probe: Probe) -> None:
    """The same is said again, twice if need be, and nothing else has changed."""
    talk = probe.until_here()
    before = talk.last.replies
    for _ in range(2):
        talk.say(probe.wording.words("repeat"))
        probe.hold(talk.last.replies == before, "the same is said again, buttons and all")
    _nothing_lost(probe, talk)


def person(probe: Probe) -> None:
    """A person is called with everything on the card, and the case can go on."""
    talk = probe.until_here()
    said, wish = dict(probe.said[: probe.at]), talk.last.state.wish
    talk.say(probe.wording.words("person"))
    handoff = talk.last.handoff
    if handoff is None or handoff.reason != "asked_for_person":
        probe.hold(False, f"a person is called because one was asked for; the reason is {handoff}")
        return
    card = handoff.card
    slots = {fact["slot"]: fact["value"] for fact in card["slots"]}
    missing = {slot: value for slot, value in said.items() if slots.get(slot) != value}
    probe.hold(not missing, f"the card has every value: not {missing}")
    probe.hold(card["wish"] == wish, f"the card has the wish {wish}; it has {card['wish']}")
    question = None if probe.after_outcome else probe.slot
    probe.hold(
        card["open_question"] == question, f"the card has the open question; it has {card['open_question']}"
    )
    probe.hold(bool(card["outcome"]) == probe.after_outcome, "the card has the outcome, where there is one")
    told = [line["text"] for line in card["transcript"] if line["who"] == "person"]
    wrote = [text for who, text in talk.lines if who == "person"]
    probe.hold(told == wrote, f"the card has all that was written: {told}")
    if not probe.after_outcome:
        probe.answer(talk, probe.slot, probe.value)
        probe.lead_to(talk, dict(probe.said))


def senseless(probe: Probe) -> None:
    """Nothing is understood, nothing is lost, and the question stands."""
    talk = probe.until_here()
    talk.say(probe.wording.words("senseless"))
    probe.hold(talk.happened("misunderstood"), "the message counts as not understood")
    probe.hold(talk.last.handoff is None, "no person is called for one such message")
    _nothing_lost(probe, talk)


def duplicate(probe: Probe) -> None:
    """An update that comes a second time changes nothing and says nothing."""
    talk = probe.until_here()
    if not probe.after_outcome:
        probe.answer(talk, probe.slot, probe.value)
    wrote = [text for who, text in talk.lines if who == "person"]
    before = talk.stored()
    for number in {len(wrote), max(1, len(wrote) - 1)}:
        again = talk.deliver(wrote[number - 1], number)
        probe.hold(again is None, "an update that was handled is not answered again")
        probe.hold(talk.stored() == before, "the store is as it was")
    probe.lead_to(talk, dict(probe.said))


def _nothing_lost(probe: Probe, talk: Talk) -> None:
    """What is known is as before, the question stands, and its answer leads where it would have led."""
    before = dict(probe.said[: probe.at])
    kept = {slot: talk.last.slots.get(slot) for slot in before}
    probe.hold(kept == before, f"all values are kept: {kept}")
    if probe.after_outcome:
        probe.hold(talk.last.asks is None, f"nothing is asked after the outcome; asked is {talk.last.asks}")
        probe.hold(talk.last.state.outcome is not None, "the outcome still stands")
        return
    probe.asked(talk, probe.slot)
    probe.hold(bool(talk.last.replies), "the person gets a reply")
    probe.lead_to(talk, dict(probe.said))
