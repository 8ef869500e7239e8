"""The dialogue: a pure step from a state and a message to the next state and what to say."""

from bot.dialogue.check import check
from bot.dialogue.data_files import use
from bot.dialogue.identity import order_query
from bot.dialogue.order import Order, OrderAnswer, OrderQuery, Refund
from bot.dialogue.state import State
from bot.dialogue.step import step
from bot.dialogue.turn import Event, Handoff, Heard, Reply, Turn

__all__ = [
    "Event",
    "Handoff",
    "Heard",
    "Order",
    "OrderAnswer",
    "OrderQuery",
    "Refund",
    "Reply",
    "State",
    "Turn",
    "check",
    "order_query",
    "step",
    "use",
]
