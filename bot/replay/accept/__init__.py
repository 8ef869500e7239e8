"""Accepting what came: failed expectations are rewritten in the suite files, and nothing else in them."""

from bot.replay.accept.files import Accepted, Left, accept, as_text

__all__ = ["Accepted", "Left", "accept", "as_text"]
