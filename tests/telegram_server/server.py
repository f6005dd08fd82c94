"""The double itself: chats, updates and the methods of the Bot API that bots in talks use."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from tests.telegram_server import errors, limits
from tests.telegram_server.errors import Refusal, bad
from tests.telegram_server.people import Group, Person
from tests.telegram_server.schema import bot_api

TOKEN = "123456:AAF-double_of_the_Bot-API_0123456789"
USERNAME = "PasserelleTestBot"
_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

Trouble = Refusal | str  # a refusal, or DROP
DROP = "drop"  # the connection is cut without an answer
LOST = "lost"  # the call is carried out, and the connection cut before the answer


class TelegramServer:
    """`async with TelegramServer() as telegram:` serves on a free port of the loopback."""

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
        self.missing: set[str] = set()  # methods that this server does not have
        self._trouble: dict[str, deque[Trouble]] = defaultdict(deque)
        self._queries: set[str] = set()
        self._allowed: list[str] = []
        self._update_ids = itertools.count(100_001)
        self._message_ids = itertools.count(1)
        self._ids = itertools.count(7_000_001)
        self._news = asyncio.Event()
        self._changed = asyncio.Event()
        self._poll = 0
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    # --- Serving -------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> TelegramServer:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Serve; after a `stop`, on the same port again."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """The server is gone: connections are refused."""
        for task in self._tasks:
            task.cancel()
        if self._runner is not None:
            self._poll += 1
            self._news.set()
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            trouble = self._next_trouble(method)
            if trouble == DROP:
                return _cut(request)
            if isinstance(trouble, Refusal):
                raise trouble
            result = await self._call(request.match_info["token"], method, await _given(request))
            if trouble == LOST:
                return _cut(request)
            return web.json_response({"ok": True, "result": result})
        except Refusal as refusal:
            self.refusals.append((method, refusal.description))
            self._changed.set()
            return web.json_response(refusal.as_dict(), status=refusal.code)

    async def _call(self, token: str, name: str, given: dict[str, Any]) -> Any:
        if token != self.token:
            raise errors.UNAUTHORIZED
        schema = bot_api()
        method = schema.method(name) if schema else name
        handler = getattr(self, f"_{_snake(method)}", None)
        if handler is None or method in self.missing:
            raise errors.NOT_FOUND
        arguments = schema.read(method, given) if schema else _loosely(given)
        limits.check(method, arguments)
        self.calls.append((method, arguments))
        result = handler(arguments)
        self._changed.set()
        return await result if asyncio.iscoroutine(result) else result

    # --- Trouble, as told by a test ------------------------------------------------------------

    def fails(self, method: str, trouble: Trouble, times: int = 1) -> None:
        """The next `times` calls of `method` end so; `method` "*" is any."""
        self._trouble[method].extend([trouble] * times)

    def _next_trouble(self, method: str) -> Trouble | None:
        for name in (method, "*"):
            if self._trouble[name]:
                return self._trouble[name].popleft()
        return None

    # --- What tests look at --------------------------------------------------------------------

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

    # --- People --------------------------------------------------------------------------------

    def person(self, name: str = "Personne") -> Person:
        person = Person(self, next(self._ids), name)
        self.people[person.id] = person
        return person

    def group(self, title: str = "Un groupe", kind: str = "supergroup") -> Group:
        group = Group(self, -1_000_000_000_000 - next(self._ids), title, kind)
        self.groups[group.id] = group
        return group

    # --- Updates -------------------------------------------------------------------------------

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

    # --- Methods -------------------------------------------------------------------------------

    def _get_me(self, _arguments: dict[str, Any]) -> dict[str, Any]:
        more = {"can_join_groups": True, "can_read_all_group_messages": False}
        return {**self.bot, **more, "supports_inline_queries": False}

    async def _get_updates(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if "allowed_updates" in arguments:
            self._allowed = arguments["allowed_updates"]
        offset = arguments.get("offset", 0)
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
        self._poll += 1
        mine = self._poll
        self._news.set()  # an older call ends
        deadline = time.monotonic() + arguments.get("timeout", 0)
        while not self.pending and time.monotonic() < deadline:
            self._news = asyncio.Event()
            try:
                await asyncio.wait_for(self._news.wait(), deadline - time.monotonic())
            except asyncio.TimeoutError:
                break
            if mine != self._poll:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        return list(itertools.islice(self.pending, arguments.get("limit", 100)))

    def _set_webhook(self, arguments: dict[str, Any]) -> bool:
        self.webhook = dict(arguments) if arguments["url"] else {}
        self._allowed = arguments.get("allowed_updates", self._allowed)
        return True

    def _delete_webhook(self, _arguments: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    def _set_my_commands(self, arguments: dict[str, Any]) -> bool:
        self.commands = arguments["commands"]
        return True

    def _set_my_short_description(self, _arguments: dict[str, Any]) -> bool:
        return True

    def _send_chat_action(self, arguments: dict[str, Any]) -> bool:
        place = self._place(arguments["chat_id"])
        if isinstance(place, Person):
            place.actions.append(arguments["action"])
        return True

    def _send_message(self, arguments: dict[str, Any]) -> dict[str, Any]:
        place = self._place(arguments["chat_id"])
        markup = arguments.get("reply_markup", {})
        content = {"text": arguments["text"].strip()}
        if "inline_keyboard" in markup:
            content["reply_markup"] = markup
        message = self.message(place, None, content)
        if isinstance(place, Group):
            if any(
                button.get("request_location")
                for row in markup.get("keyboard", [])
                for button in row
            ):
                raise bad("location can be requested in private chats only")
            place.messages.append(message)
            return message
        if "keyboard" in markup:
            place.keyboard = markup
        elif markup.get("remove_keyboard"):
            place.keyboard = None
        place.gets(message)
        return message

    def _answer_callback_query(self, arguments: dict[str, Any]) -> bool:
        query_id = arguments["callback_query_id"]
        if query_id not in self._queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self._queries.discard(query_id)
        self.answered.add(query_id)
        return True

    def _edit_message_reply_markup(self, arguments: dict[str, Any]) -> dict[str, Any]:
        place = self._place(arguments["chat_id"])
        for message in place.messages:
            if message["message_id"] == arguments.get("message_id"):
                message.pop("reply_markup", None)
                if "reply_markup" in arguments:
                    message["reply_markup"] = arguments["reply_markup"]
                return message
        raise bad("message to edit not found")

    def _place(self, chat_id: int | str) -> Person | Group:
        """The chat that a call is about.

        Raises:
            Refusal: 400 where there is none, 403 where the bot may not write.
        """
        try:
            number = int(chat_id)
        except ValueError:
            raise bad("chat not found") from None
        if number in self.groups:
            return self.groups[number]
        person = self.people.get(number)
        if person is None:
            raise bad("chat not found")
        if person.has_blocked:
            raise errors.BLOCKED
        if not person.met:
            raise errors.NEVER_MET
        return person


def _snake(method: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in method)


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _given(request: web.Request) -> dict[str, Any]:
    """The arguments of a call: of the address, and of a form or JSON."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise bad("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad("object expected")
        return {**given, **body}
    return {**given, **{name: value for name, value in (await request.post()).items()}}


def _loosely(given: dict[str, Any]) -> dict[str, Any]:
    """Arguments where the Bot API's description is not there to tell their types."""
    arguments = {}
    for name, value in given.items():
        try:
            unpacked = json.loads(value) if isinstance(value, str) and name != "text" else value
        except ValueError:
            unpacked = value
        arguments[name] = unpacked
    return arguments
