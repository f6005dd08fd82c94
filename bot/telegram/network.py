"""The way to the Bot API: one client, watched, whose logs never hold a token or a message."""

from __future__ import annotations

import asyncio
import logging
import ssl
from functools import lru_cache
from typing import Any

import httpx
from telegram import Update
from telegram.error import NetworkError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.errors import PasserelleError

logger = logging.getLogger(__name__)

RETRIES = 1  # after a 429; then the letter waits in the outbox
POLL_SECONDS = 25
_HEARTBEAT = frozenset({"getMe", "getUpdates", "sendMessage", "setWebhook", "deleteWebhook"})
_SHORTEST_POLL = 0.2


def quiet_logs() -> None:
    """Silence libraries that log addresses with the token, and updates that cannot be read."""
    for name in ("telegram", "telegram.ext"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def what(error: Exception) -> str:
    """An error as a log may have it: our own sentences, of any other only its type."""
    return str(error) if isinstance(error, PasserelleError) else type(error).__name__


class Link:
    """Whether Telegram answers on one of the two lines; one log line for each change."""

    def __init__(self, direction: str) -> None:
        self._direction = direction
        self._fault = ""

    def up(self) -> None:
        if self._fault:
            logger.info("Telegram answers again (%s).", self._direction)
        self._fault = ""

    def down(self, cause: str) -> None:
        self._fails("down", f"cannot be reached ({cause}); trying again with growing pauses.")

    def refused(self) -> None:
        self._fails("refused", "refuses the token: check TELEGRAM_TOKEN.")

    def taken(self) -> None:
        self._fails("taken", "says that another program polls with this token: stop one of them.")

    def _fails(self, fault: str, sentence: str) -> None:
        if self._fault != fault:
            logger.warning("Telegram (%s) %s", self._direction, sentence)
        self._fault = fault


class WatchedRequest(HTTPXRequest):
    """An HTTP client that tells a `Link` how it goes."""

    def __init__(self, link: Link, **options: Any) -> None:
        super().__init__(**options)
        self.link = link

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        endpoint = url.rpartition("/")[2]
        try:
            timeouts = (read_timeout, write_timeout, connect_timeout, pool_timeout)
            code, payload = await super().do_request(url, method, request_data, *timeouts)
        except NetworkError as error:
            self.link.down(type(error.__cause__ or error).__name__)
            raise
        if code == 401 and endpoint != "getMe":  # who asks for the name tells of it
            self.link.refused()
        elif code == 409:
            self.link.taken()
        elif endpoint in _HEARTBEAT:
            if code >= 500 or (code == 404 and endpoint == "getUpdates"):
                self.link.down(f"HTTP {code}")
            elif code != 404:
                self.link.up()
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        return bearable(BaseRequest.parse_json_payload(payload))


class PollingRequest(WatchedRequest):
    """The client of getUpdates: no refusal ends the polling, no empty answer speeds it."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *args: Any,
        **more: Any,
    ) -> tuple[int, bytes]:
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        code, payload = await super().do_request(url, method, request_data, *args, **more)
        if code in (401, 404):  # python-telegram-bot would stop polling for good
            raise NetworkError(f"HTTP {code}")
        is_long = request_data is not None and bool(request_data.parameters.get("timeout"))
        if is_long and loop.time() - asked_at < _SHORTEST_POLL and _is_empty(payload):
            await asyncio.sleep(_SHORTEST_POLL)  # a server that does not hold the line open
        return code, payload


def _is_empty(payload: bytes) -> bool:
    return len(payload) < 64 and b"[]" in payload


def bearable(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of the Bot API as python-telegram-bot can read it.

    A sent message becomes True: a strange answer must not undo the sending. A bot is a bot,
    whether the server says so or not. An update that cannot be read keeps only its number, so
    that it is passed by instead of asked for again for ever.
    """
    result = answer.get("result")
    if isinstance(result, dict) and "message_id" in result:
        return {**answer, "result": True}
    if isinstance(result, dict) and "username" in result:
        return {**answer, "result": {"is_bot": True, "first_name": "", **result}}
    if isinstance(result, list):
        return {**answer, "result": [_readable(one) for one in result if _is_update(one)]}
    return answer


def _is_update(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("update_id"), int)


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    """The update as it is, else with what some servers leave out of a tap, else its number."""
    error: Exception | None = None
    for candidate in (update, _mended(update)):
        try:
            Update.de_json(candidate, None)
            return candidate
        except Exception as failure:
            error = failure
    number = update["update_id"]
    fault = type(error).__name__
    logger.error("The update %s cannot be read (%s); it is passed by.", number, fault)
    return {"update_id": number}


def _mended(update: dict[str, Any]) -> dict[str, Any]:
    query = update.get("callback_query")
    if not isinstance(query, dict):
        return update
    query = {"chat_instance": "", **query}
    if isinstance(query.get("message"), dict):
        query["message"] = {"message_id": 0, "date": 0, **query["message"]}
    return {**update, "callback_query": query}


def update_of(data: Any) -> Update | None:
    """The update in a webhook's body, or None where there is none."""
    if not _is_update(data):
        return None
    return Update.de_json(_readable(data), None)


def make_bot(token: str, api_url: str) -> ExtBot[int]:
    """A bot whose calls are rate limited, and whose two lines are watched.

    Raises:
        InvalidToken: for an empty token.
    """
    quiet_logs()
    trusted = {"verify": certificates()}
    return ExtBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=WatchedRequest(
            Link("sending"), connection_pool_size=64, pool_timeout=10, httpx_kwargs=trusted
        ),
        get_updates_request=PollingRequest(
            Link("receiving"), connection_pool_size=2, httpx_kwargs=trusted
        ),
        rate_limiter=AIORateLimiter(max_retries=RETRIES),
    )


@lru_cache(maxsize=1)
def certificates() -> ssl.SSLContext:
    """Who is trusted, read once: it takes as long as a turn."""
    return httpx.create_ssl_context()
