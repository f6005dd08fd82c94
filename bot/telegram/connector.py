"""The Rasa connector: `bot.telegram.connector.TelegramInput` in `credentials.yml`."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.context import Context, context
from bot.settings import Settings, settings
from bot.telegram.models import CHANNEL
from bot.telegram.network import what
from bot.telegram.output import TelegramOutput
from bot.telegram.service import Telegram
from bot.telegram.setup import check_token
from bot.telegram.turns import Handler

logger = logging.getLogger(__name__)

__all__ = ["TelegramInput", "check_token"]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
KEYS = ("token", "api_url", "webhook_url", "webhook_secret")


class Silence(Exception):
    """Rasa answered nothing at all."""


class TelegramInput(InputChannel):
    """Telegram by long polling, or by webhook where an address for it is set.

    Args:
        options: the settings, with what `credentials.yml` says instead.
        handler: what takes each message; by default the desk in front of Rasa.
        around: the context; by default this process's.
    """

    def __init__(
        self,
        options: Settings,
        handler: Handler | None = None,
        around: Context | None = None,
    ) -> None:
        self._options = options
        self._handler = handler
        self._around = around
        self.service: Telegram | None = None

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TelegramInput:
        given = {
            f"telegram_{key}": str(value).rstrip("/")
            for key, value in (credentials or {}).items()
            if key in KEYS and value
        }
        return cls(settings().copy(update=given))

    def get_output_channel(self) -> OutputChannel:
        """For what Rasa says unasked: it goes to the outbox."""
        return TelegramOutput(self._context())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The webhook's route, and listeners that start and stop the channel."""
        blueprint = Blueprint("telegram")

        @blueprint.listener("after_server_start")
        async def start(app: Sanic, _loop: object) -> None:
            if not self._options.telegram_token:
                logger.info("TELEGRAM_TOKEN is not set: Passerelle is not on Telegram.")
                return
            handler = self._handler or self._desk(app, on_new_message)
            self.service = Telegram(self._options, self._context(), handler)
            await self.service.start()

        @blueprint.listener("before_server_stop")
        async def stop(_app: Sanic, _loop: object) -> None:
            if self.service is not None:
                await self.service.stop()

        @blueprint.get("/")
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            return self._receive(request)

        return blueprint

    def _receive(self, request: Request) -> HTTPResponse:
        """Store an update that Telegram posts; it is handled after the answer."""
        service = self.service
        given = request.headers.get(SECRET_HEADER, "")
        if service is None or not service.uses_webhook or not _same(given, service.secret):
            return response.text("Forbidden", status=403)
        try:
            known = service.receive(request.json)
        except InvalidUsage:
            known = False
        except Exception as error:
            logger.error("An update could not be stored: %s", what(error))
            return response.text("Not stored", status=500)  # Telegram offers it again
        return response.text("OK") if known else response.text("Bad Request", status=400)

    def _desk(self, app: Sanic, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Handler:
        from bot.desk import Desk

        async def parse(text: str) -> dict[str, Any]:
            return dict(await app.ctx.agent.parse_message(text))

        async def ask(message: UserMessage) -> None:
            await on_new_message(message)
            output = message.output_channel
            if isinstance(output, TelegramOutput) and not output.messages:
                raise Silence  # Rasa says nothing when an action breaks or there is no model

        return Desk(self._context(), parse).wrap(ask)

    def _context(self) -> Context:
        return self._around or context()


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())
