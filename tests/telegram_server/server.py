"""The double itself, over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict, deque
from typing import Any

from aiohttp import web

from tests.telegram_server import errors, limits
from tests.telegram_server.errors import Refusal, bad
from tests.telegram_server.methods import SUPPORTED, Methods
from tests.telegram_server.schema import bot_api
from tests.telegram_server.world import TOKEN, USERNAME

Trouble = Refusal | str  # a refusal, DROP or LOST
DROP = "drop"  # the connection is cut without an answer
LOST = "lost"  # the call is carried out, and the connection cut before the answer


class TelegramServer(Methods):
    """`async with TelegramServer() as telegram:` serves on a free port of the loopback."""

    def __init__(self, token: str = TOKEN, username: str = USERNAME) -> None:
        super().__init__(token, username)
        self.missing: set[str] = set()  # methods that this server does not have
        self._trouble: dict[str, deque[Trouble]] = defaultdict(deque)
        self._runner: web.AppRunner | None = None
        self._port = 0

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
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
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
        method = _BY_LOWER_CASE.get(name.lower())
        if method is None or method in self.missing:
            raise errors.NOT_FOUND
        handler = getattr(self, f"_{_snake(method)}")
        arguments = schema.read(method, given) if schema else _loosely(given)
        limits.check(method, arguments)
        self.calls.append((method, arguments))
        result = handler(arguments)
        self._changed.set()
        return await result if asyncio.iscoroutine(result) else result

    def fails(self, method: str, trouble: Trouble, times: int = 1) -> None:
        """The next `times` calls of `method` end so; `method` "*" is any."""
        self._trouble[method].extend([trouble] * times)

    def _next_trouble(self, method: str) -> Trouble | None:
        for name in (method, "*"):
            if self._trouble[name]:
                return self._trouble[name].popleft()
        return None


_BY_LOWER_CASE = {name.lower(): name for name in SUPPORTED}
_STRUCTURES = ("{", "[", "true", "false")
_NUMBERS = frozenset({"chat_id", "limit", "message_id", "offset", "timeout"})


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
    return {**given, **(await request.post())}


def _loosely(given: dict[str, Any]) -> dict[str, Any]:
    """Arguments where the Bot API's description is not there to tell their types."""
    arguments = dict(given)
    for name, value in given.items():
        if not isinstance(value, str) or name == "text":
            continue
        if name in _NUMBERS or value.startswith(_STRUCTURES):
            with contextlib.suppress(ValueError):
                arguments[name] = json.loads(value)
    return arguments
