"""A conversation while it is run again: the real session, and a shop that answers as it did then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.config import EPOCH, SHANGHAI
from bot.dialogue.order import Order, OrderQuery
from bot.dialogue.state import State
from bot.messages import Update
from bot.orders.lookup import TRIES
from bot.replay.difference import Difference, differences
from bot.replay.history.blurred import as_hidden, is_blurred, tells
from bot.replay.record.said import LookUp, SaidTurn
from bot.session import Mind, Session
from bot.store.memory import MemoryStore
from bot.store.protocol import Json, Lock
from intents.understanding import Understanding

_NAME = "again"
"""Of the conversation and its person: nothing that is compared depends on it."""


class Talk:
    """Begins with nothing remembered. `orders` are those that were found in the conversation, by number."""

    def __init__(self, mind: Mind, orders: Mapping[str, Order], channel: str) -> None:
        self._mind = mind
        self._orders = orders
        self._channel = channel
        self._store = MemoryStore(events=1)  # a turn's last event is its answer
        self._session = Session(self._store, Mind(self._understand, self._order_query, mind.step))
        self._said: Understanding | None = None
        self._then: LookUp | None = None
        self._number = 0

    def hear(self, turn: SaidTurn, heard: Json, before: Json) -> tuple[Difference, ...] | None:
        """What today's answer to the message differs in; `heard` and `before` are as stored.

        None where nothing can be said, nor gone on from: the message was masked, see `blurred`. Raises
        whatever today's bot raises.
        """
        self._number += 1
        self._then = turn.look_up
        number = str(self._number)
        self._session.handle(Update(number, _NAME, _NAME, self._channel, turn.text, turn.at, turn.written))
        *_, answer = self._store.events(_NAME)
        found = tuple(differences(before, as_hidden(before, answer.data)))
        if not found or self._said is None or not is_blurred(heard):
            return found
        found = tuple(each for each in found if each.layer != "text")
        return found if tells(self._said, heard, found) else None

    def _understand(self, text: str, now: datetime, expecting: str | None) -> Understanding:
        """What today's bot understands; its reasons, costly and not compared, are left out."""
        self._said = replace(self._mind.understand(text, now, expecting), reasons=())
        return self._said

    def _order_query(self, state: State, said: Understanding) -> OrderQuery | None:
        """Today's query, with the shop made ready to answer it as it answered the turn's query then."""
        query = self._mind.order_query(state, said)
        shop, then = self._store, self._then
        shop.order_book.clear()
        shop.locks.clear()
        if query is None:
            return None
        if then is not None and then.status == "locked":
            lock = Lock("order", query.order_id, TRIES, EPOCH, datetime.max.replace(tzinfo=SHANGHAI))
            shop.locks[lock.kind, lock.key] = lock
        elif then is None or then.status == "found":
            order = self._orders.get(then.order_id if then else query.order_id)
            if order is not None:
                shop.order_book[query.order_id] = replace(order, phone_tail=query.phone_tail)
        return query
