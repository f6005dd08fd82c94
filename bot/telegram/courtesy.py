"""Calls that nobody waits for and that may fail: the typing sign, the end of a spinner."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import ExtBot

SHOWN_FOR = 4.0  # Telegram shows the typing sign for about 5 seconds
PATIENCE = 2.0


class Courtesies:
    """Makes such calls on the side."""

    def __init__(self, bot: ExtBot[int]) -> None:
        self._bot = bot
        self._tasks: set[asyncio.Task[None]] = set()
        self._typing: dict[int, tuple[float, asyncio.Task[None]]] = {}

    def typing(self, chat_id: int) -> asyncio.Task[None]:
        """Show that an answer is being written, unless it is shown already."""
        now = asyncio.get_running_loop().time()
        since, task = self._typing.get(chat_id, (0.0, None))
        if task is None or now - since > SHOWN_FOR:
            task = self._spawn(self._bot.send_chat_action(chat_id, ChatAction.TYPING))
            recent = {key: kept for key, kept in self._typing.items() if now - kept[0] < SHOWN_FOR}
            self._typing = {**recent, chat_id: (now, task)}
        return task

    async def shown(self, chat_id: int) -> None:
        """Wait a little until the typing sign is shown: it must not come after the answer."""
        await asyncio.wait({self.typing(chat_id)}, timeout=PATIENCE)

    def done(self, chat_id: int) -> None:
        """The answer is there: the next one gets a sign of its own."""
        self._typing.pop(chat_id, None)

    def answer(self, query_id: str) -> None:
        """Stop the spinner on a button."""
        self._spawn(self._bot.answer_callback_query(query_id))

    def reply(self, chat_id: int, text: str) -> None:
        """Say one thing once, where nothing is kept."""
        self._spawn(self._bot.send_message(chat_id, text))

    async def close(self) -> None:
        """Give the calls under way a moment, then let go."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=PATIENCE)
        for task in self._tasks:
            task.cancel()

    def _spawn(self, call: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        task = asyncio.create_task(_try(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


async def _try(call: Coroutine[Any, Any, object]) -> None:
    try:
        await call
    except TelegramError:
        return  # an old query, a closed door, no network: the sender will find out
