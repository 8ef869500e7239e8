"""Slots: the product, the sums, the times and all else that a message says about a case."""

from intents.slots.extract import extract
from intents.slots.extraction import Extraction, Span

__all__ = ["Extraction", "Span", "extract"]
