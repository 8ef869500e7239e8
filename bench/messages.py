"""The messages that everything is measured on: kept aside, never learned from."""

from pathlib import Path
from random import Random

from intents import evaluate

FOLDER = Path(__file__).parent.parent / "tests" / "messages"
LABELLED = (FOLDER / "held_aside.jsonl", FOLDER / "own_aside.jsonl")
QUESTIONS = FOLDER / "questions_aside.jsonl"


def labelled() -> list[evaluate.Message]:
    """Every message with its intent and the kind of writer it came from."""
    return evaluate.read(LABELLED)


def sample(count: int) -> list[str]:
    """`count` of the texts, drawn once and for all; all of them where there are fewer."""
    texts = [message.text for message in labelled()]
    return Random(1).sample(texts, min(count, len(texts)))
