"""One turn of a person at a time, in order, and each message once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from bot.messages import Message

Answer = Callable[[], Awaitable[list[Message]]]
KEPT = 200  # people whose last answer is remembered, in memory only


class Turns:
    """Runs turns; one that has begun is finished even when the phone loses its connection.

    A message sent again, because its answer got lost on the way, gets the same answer.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._last: OrderedDict[str, tuple[str, list[Message]]] = OrderedDict()
        self._running: set[asyncio.Task[list[Message]]] = set()

    async def take(self, sender: str, key: str, answer: Answer) -> list[Message]:
        """The messages of `answer()`, after the sender's earlier turns.

        `key` is the message's own id; with "" a message sent again is a new one.
        """
        task = asyncio.ensure_future(self._take(sender, key, answer))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _take(self, sender: str, key: str, answer: Answer) -> list[Message]:
        lock = self._locks.setdefault(sender, asyncio.Lock())
        async with lock:
            known, said = self._last.get(sender, ("", []))
            if key and key == known:
                return said
            messages = await answer()
            self._remember(sender, key, messages)
            return messages

    def _remember(self, sender: str, key: str, messages: list[Message]) -> None:
        self._last.pop(sender, None)
        if key:
            self._last[sender] = (key, messages)
        if len(self._last) > KEPT:
            self._last.popitem(last=False)
