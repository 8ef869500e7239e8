"""What lies behind an answer's buttons: sources, the text to send, other ways, the steps."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.scene import Scene
from bot.dialogue.wording import say
from knowledge import claims
from knowledge.answers import answer


def show(scene: Scene, what: str) -> bool:
    """Show one of `BEHIND` for the last outcome; the other buttons stay."""
    outcome = scene.state.outcome or {}
    told = answer(scene.state.told) if what == "sources" and scene.state.told else None
    if told is not None:
        outcome = {"citations": told.cites}
        scene.told = told.topic
    text = {"steps": _steps, "sources": _sources, "draft": draft, "alternatives": _alternatives}[what](
        outcome
    )
    scene.note("shown", what=what)
    if what == "sources":
        scene.cite(tuple(outcome.get("citations", ())))
    scene.asks = scene.state.asked
    scene.reply(text, scene.state.options)
    return True


def sources(scene: Scene) -> bool:
    """依据: the claims of the last outcome in words."""
    return show(scene, "sources")


def simpler(scene: Scene) -> bool:
    """说简单点: the first line of the last answer, without the rest."""
    if not scene.state.last:
        scene.reply(say("nothing_to_repeat"))
        return True
    scene.note("shown", what="simpler")
    scene.asks = scene.state.asked
    scene.reply(scene.state.last[-1].split("\n", 1)[0], scene.state.options)
    return True


def draft(outcome: Mapping[str, Any]) -> str:
    """怎么跟商家说: the text to send, its blanks filled with what is known."""
    draft = outcome.get("message_draft")
    return f"{say('draft.head')}\n{draft}" if draft else say("draft.none")


def _numbered(items: list[str]) -> str:
    return "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))


def _steps(outcome: Mapping[str, Any]) -> str:
    parts = []
    if outcome.get("steps"):
        parts.append(say("steps.head") + "\n" + _numbered(outcome["steps"]))
    if outcome.get("evidence"):
        parts.append(say("evidence.head") + "\n" + _numbered(outcome["evidence"]))
    return "\n".join(parts) or say("alternatives.none")


def _sources(outcome: Mapping[str, Any]) -> str:
    cited = outcome.get("citations")
    if not cited:
        return say("sources.none")
    lines = [f"· {cite} {claims()[cite].text}（{claims()[cite].source}）" for cite in cited]
    return "\n".join([say("sources.head"), *lines])


def _alternatives(outcome: Mapping[str, Any]) -> str:
    ways = outcome.get("alternatives")
    return f"{say('alternatives.head')}\n{_numbered(ways)}" if ways else say("alternatives.none")
