"""Laws of what people do with values: answering, several at once, putting right, ruling out, not knowing."""

from bot.replay.matrix.probe import Probe
from bot.replay.matrix.talk import Talk
from knowledge import UNKNOWN, Ask


def answer(probe: Probe) -> None:
    """However a value is given, it is taken in, and what follows is what the rules say."""
    if probe.after_outcome:
        probe.not_applicable("nothing is asked any more")
    before = dict(probe.said[: probe.at])
    for value in probe.values:
        for text in probe.wording.answers(probe.slot, value):
            talk = probe.until_here()
            probe.answer(talk, probe.slot, value, text)
            probe.knows(talk, probe.slot, value)
            follows_the_rules(probe, talk, {**before, probe.slot: value})


def follows_the_rules(probe: Probe, talk: Talk, known: dict[str, str]) -> None:
    """The last turn asks what the rules ask for these values, or brings their outcome."""
    then = probe.rules(known)
    if isinstance(then, Ask):
        probe.asked(talk, then.slot)
    else:
        probe.same_outcome(talk, known)


def several(probe: Probe) -> None:
    """Said in one message, values lead to the outcome of having been asked for one by one."""
    talk, rest = _from_here(probe)
    talk.say("，".join(rest))
    probe.confirm(talk, dict(probe.said))
    probe.same_outcome(talk, dict(probe.said))


def burst(probe: Probe) -> None:
    """Said in quick messages, without a look at the questions, they lead there too."""
    talk, rest = _from_here(probe)
    opening = rest[:1] if not talk.turns else []
    for text in (*opening, *reversed(rest[len(opening) :])):
        talk.say(text)
        probe.confirm(talk, dict(probe.said))
    probe.same_outcome(talk, dict(probe.said))


def _from_here(probe: Probe) -> tuple[Talk, list[str]]:
    """A talk, and at least two things to say: the rest of the way, or the way from the start."""
    if not probe.said:
        probe.not_applicable("nothing is asked")
    clauses = [probe.wording.clause(slot, value) for slot, value in probe.said]
    if len(clauses) - probe.at >= 2:
        return probe.until_here(), clauses[probe.at :]
    return probe.begin(), [probe.wording.opening(probe.wish), *clauses]


def correct(probe: Probe) -> None:
    """Put right, at once or after the outcome, it is as if it had been said right at first."""
    wrong = _others(probe)[0]
    for late in (False, True):
        talk = probe.until_here()
        probe.answer(talk, probe.slot, wrong)
        if late:
            probe.go_on(talk, dict(probe.said))
        _put_right(probe, talk, probe.value)
        probe.lead_to(talk, dict(probe.said))


def correct_twice(probe: Probe) -> None:
    """The last word counts."""
    first, *more = _others(probe)
    talk = probe.until_here()
    for place, value in enumerate(
        [first, *more[:1], probe.value] if more else [probe.value, first, probe.value]
    ):
        if place:
            _put_right(probe, talk, value)
        else:
            probe.answer(talk, probe.slot, value)
    probe.lead_to(talk, dict(probe.said))


def negate(probe: Probe) -> None:
    """A value that is ruled out is gone: another takes its place, or is asked for."""
    wrong = _others(probe)[0]
    talk = probe.until_here()
    probe.answer(talk, probe.slot, wrong)
    words = probe.wording.negation(probe.slot, wrong)
    if words is None:
        talk.say(probe.wording.replacement(probe.slot, wrong, probe.value))
        probe.confirm(talk, {probe.slot: probe.value})
        probe.knows(talk, probe.slot, probe.value)
    else:
        talk.say(words)
        got = talk.last.slots.get(probe.slot)
        probe.hold(got is None, f"{probe.slot} is open again; the bot has {got}")
        probe.asked(talk, probe.slot)
    probe.lead_to(talk, dict(probe.said))


def contrast(probe: Probe) -> None:
    """That and not this: what is denied names what is put right, and no other wish begins."""
    wrong = _others(probe)[0]
    for late, text in enumerate(probe.wording.contrasts(probe.slot, wrong, probe.value)):
        talk = probe.until_here()
        probe.answer(talk, probe.slot, wrong)
        if late:
            probe.go_on(talk, dict(probe.said))
        wish = talk.last.state.wish
        talk.say(text)
        probe.confirm(talk, {probe.slot: probe.value})
        probe.knows(talk, probe.slot, probe.value)
        probe.hold(talk.last.state.wish == wish, f"the wish is {wish}; it is {talk.last.state.wish}")
        probe.lead_to(talk, dict(probe.said))


def _put_right(probe: Probe, talk: Talk, value: str) -> None:
    talk.say(probe.wording.correction(probe.slot, value))
    probe.confirm(talk, {probe.slot: value})
    probe.knows(talk, probe.slot, value)


def _others(probe: Probe) -> list[str]:
    """The slot's other values, the next one first."""
    if probe.after_outcome:
        probe.not_applicable("values are put right in the rows of their slots")
    place = probe.values.index(probe.value)
    others = [*probe.values[place + 1 :], *probe.values[:place]]
    if not others:
        probe.not_applicable("there is one value only")
    return others


def unsure(probe: Probe) -> None:
    """Who cannot tell is not asked again, and gets the answer for all that it could be."""
    if probe.after_outcome:
        probe.not_applicable("nothing is asked any more")
    before = dict(probe.said[: probe.at])
    talk = probe.until_here()
    talk.say(probe.wording.words("unsure"))
    probe.knows(talk, probe.slot, UNKNOWN)
    follows_the_rules(probe, talk, {**before, probe.slot: UNKNOWN})
    asked = [*before, probe.slot]
    while (slot := talk.last.asks) is not None:
        probe.hold(slot not in asked, f"{slot} is not asked again")
        asked.append(slot)
        talk.say(probe.wording.words("unsure"))
    probe.same_outcome(talk, {**dict.fromkeys(asked, UNKNOWN), **before})
