"""Slots with a fixed set of values, in the many ways in which people name them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from intents.normalise import normalise
from intents.slots import extract
from intents.slots.time_values import SHANGHAI

ROWS = Path(__file__).parent / "slots" / "choices.yaml"
NOW = datetime(2026, 3, 6, 12, tzinfo=SHANGHAI)


def _blocks() -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = yaml.safe_load(ROWS.read_text(encoding="utf-8"))
    return blocks


def misread(text: str, wanted: dict[str, str | None], expecting: str | None = None) -> list[str]:
    """What was read otherwise than wanted: `slot: wanted / read`."""
    read = extract(normalise(text).text, NOW, expecting).slots
    got = {slot: read[slot].value if slot in read else None for slot in wanted}
    return [f"{slot}: {value} / {got[slot]}" for slot, value in wanted.items() if got[slot] != value]


@pytest.mark.parametrize("block", [pytest.param(block, id=block["kind"]) for block in _blocks()])
def test_choices_are_read_in_every_form(block: dict[str, Any]) -> None:
    faults = {
        text: wrong
        for text, wanted, *rest in block["rows"]
        if (wrong := misread(text, _named(wanted), *rest))
    }
    assert not faults


def _named(wanted: dict[str, Any]) -> dict[str, str | None]:
    """YAML reads keep and none as they stand; only null is nothing."""
    return {slot: None if value is None else str(value) for slot, value in wanted.items()}
