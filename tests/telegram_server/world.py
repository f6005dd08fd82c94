"""What the double keeps: people, groups, and the updates that the bot has not fetched yet."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.telegram_server.people import Group, Person

TOKEN = "123456:AAF-double_of_the_Bot-API_0123456789"
USERNAME = "PasserelleTestBot"
_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class World:
    """Telegram as one bot meets it."""

    def __init__(self, token: str = TOKEN, username: str = USERNAME) -> None:
        self.token = token
        self.bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Passerelle",
            "username": username,
        }
        self.calls: list[tuple[str, dict[str, Any]]] = []  # every call that was understood
        self.refusals: list[tuple[str, str]] = []  # method and description
        self.answered: set[str] = set()  # ids of callback queries
        self.webhook: dict[str, Any] = {}
        self.webhook_answers: list[int] = []
        self.door = ""  # where webhooks are really delivered: scheme and host
        self.commands: list[dict[str, Any]] = []
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.pending: deque[dict[str, Any]] = deque()
        self._queries: set[str] = set()
        self._allowed: list[str] = []
        self._update_ids = itertools.count(100_001)
        self._message_ids = itertools.count(1)
        self._ids = itertools.count(7_000_001)
        self._news = asyncio.Event()
        self._changed = asyncio.Event()
        self._poll = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def called(self, method: str) -> list[dict[str, Any]]:
        """The arguments of every call of a method."""
        return [arguments for name, arguments in self.calls if name == method]

    async def until(self, condition: Callable[[], bool], patience: float = 10.0) -> None:
        """Wait until something is so; it is looked at after each call."""
        deadline = time.monotonic() + patience
        while not condition():
            self._changed.clear()
            try:
                left = max(0.0, deadline - time.monotonic())
                await asyncio.wait_for(self._changed.wait(), left)
            except asyncio.TimeoutError:
                raise AssertionError("what was waited for did not happen") from None

    def person(self, name: str = "Personne") -> Person:
        person = Person(self, next(self._ids), name)
        self.people[person.id] = person
        return person

    def group(self, title: str = "Un groupe", kind: str = "supergroup") -> Group:
        group = Group(self, -1_000_000_000_000 - next(self._ids), title, kind)
        self.groups[group.id] = group
        return group

    def message(
        self,
        place: Person | Group,
        sender: Person | None,
        content: dict[str, Any],
        message_id: int | None = None,
    ) -> dict[str, Any]:
        """A message as Telegram shapes it; of the bot where there is no sender."""
        return {
            "message_id": message_id or next(self._message_ids),
            "from": sender.user if sender else self.bot,
            "chat": place.chat,
            "date": int(time.time()),
            **content,
        }

    def deliver(self, place: Person | Group, sender: Person, content: dict[str, Any]) -> int:
        """A message for the bot."""
        if isinstance(place, Person):
            place.met = True
        message = self.message(place, sender, content)
        self.offer("message", message)
        return int(message["message_id"])

    def tap(self, person: Person, data: str, message: dict[str, Any]) -> str:
        """A button touched under a message."""
        query_id = str(next(self._ids))
        self._queries.add(query_id)
        self.offer(
            "callback_query",
            {
                "id": query_id,
                "from": person.user,
                "message": message,
                "chat_instance": "1",
                "data": data,
            },
        )
        return query_id

    def change_membership(self, person: Person, old: str, new: str) -> None:
        self.offer(
            "my_chat_member",
            {
                "chat": person.chat,
                "from": person.user,
                "date": int(time.time()),
                "old_chat_member": self._member(old),
                "new_chat_member": self._member(new),
            },
        )

    def _member(self, status: str) -> dict[str, Any]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"status": status, "user": self.bot, **until}

    def offer(self, kind: str, content: dict[str, Any], update_id: int | None = None) -> int:
        """An update for the bot, if it asked for this kind."""
        number = update_id or next(self._update_ids)
        if self._allowed and kind not in self._allowed or not self._allowed and kind in _UNASKED:
            return number
        self.offer_raw({"update_id": number, kind: content})
        return number

    def offer_raw(self, update: dict[str, Any]) -> None:
        """Any update at all, also one that the bot did not ask for."""
        if self.webhook.get("url"):
            task = asyncio.create_task(self._push(update))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            self.pending.append(update)
            self._news.set()

    async def _push(self, update: dict[str, Any]) -> None:
        headers = {}
        if "secret_token" in self.webhook:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
        url = self.door + urlsplit(self.webhook["url"]).path
        async with aiohttp.ClientSession() as session:
            for _ in range(3):
                async with session.post(url, json=update, headers=headers) as answer:
                    self.webhook_answers.append(answer.status)
                    self._changed.set()
                    if answer.status < 300:
                        return
