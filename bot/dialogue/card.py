"""The case card: everything a person needs who takes the conversation over."""

from dataclasses import asdict

from bot.dialogue.scene import Scene
from bot.dialogue.turn import Handoff
from bot.dialogue.wording import slot_name, value_name, wish_name


def case_card(scene: Scene, reason: str) -> Handoff:
    """The card as JSON. The transcript is added by whoever keeps it."""
    state = scene.state
    outcome = state.outcome or {}
    facts = [
        {"slot": slot, "name": slot_name(slot), "shown": value_name(slot, fact.value), **asdict(fact)}
        for slot, fact in state.facts.items()
        if slot != "phone_tail"
    ]
    return Handoff(
        reason,
        {
            "reason": reason,
            "wish": state.wish,
            "title": wish_name(state.wish) if state.wish else "",
            "mood": scene.said.mood,
            "slots": facts,
            "open_question": state.asked,
            "outcome": dict(outcome) or None,
            "rules": list(outcome.get("rows", ())),
            "steps_told": list(outcome.get("steps", ())),
            "draft": outcome.get("message_draft"),
            "last_replies": list(state.last),
        },
    )
