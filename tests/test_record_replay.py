"""The promise of a recording: replayed, it ends as the conversation did, turn by turn."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings

from bot.app import mind
from bot.dialogue.turn import Turn
from bot.replay import runner, suite
from bot.replay.record.recording import record
from bot.replay.record.writing import as_suite
from bot.store.sqlite import SqliteStore
from bot.transcript import turn_to_json
from tests.stored_talks import TALKS, Line, held


def replayed(text: str, folder: Path) -> list[runner.Result]:
    file = folder / "recorded.yaml"
    file.write_text(text, encoding="utf-8", newline="\n")
    dialogues, faults = suite.read_file(file)
    assert not faults
    return [runner.run(dialogue, mind()) for dialogue in dialogues]


def essence(answer: Any) -> dict[str, Any]:
    """What of an answer must come again; of what has a stand-in, only that it is there."""
    outcome = answer["outcome"]
    hidden = {"order_id", "phone_tail"}
    return {
        "intent": answer["intent"],
        "asks": answer["asks"],
        "slots": {name: "…" if name in hidden else value for name, value in answer["slots"].items()},
        "handoff": answer["handoff"] and answer["handoff"]["reason"],
        "outcome": outcome and {key: value for key, value in outcome.items() if key != "message_draft"},
        "cites": answer["cites"],
    }


def holds(lines: list[Line]) -> None:
    with TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "talks.db")
        try:
            turns: list[Turn] = held(store, lines)
            if not turns:
                return
            text = as_suite(record(store, "here", mind().understand))
            assert text == as_suite(record(store, "here", mind().understand)), "byte for byte the same"
        finally:
            store.close()
        (result,) = replayed(text, Path(folder))
    assert [essence(played.answer) for played in result.played] == [essence(turn_to_json(t)) for t in turns]
    assert result.failures == ()


@given(TALKS)
@example([Line("身份证怎么实名", timedelta(0)), Line("尾号0172", timedelta(0)), Line("0172吧", timedelta(0))])
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
def test_every_stored_conversation_ends_again_as_it_did(lines: list[Line]) -> None:
    holds(lines)


@pytest.mark.slow
@given(TALKS)
@settings(max_examples=1_000, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_stored_conversation_ends_again_as_it_did_at_length(lines: list[Line]) -> None:
    holds(lines)
