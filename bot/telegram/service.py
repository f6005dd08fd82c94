"""Everything of the channel that runs: receiving, handling and sending, started and stopped."""

from __future__ import annotations

import asyncio
import logging
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from telegram.error import InvalidToken
from telegram.error import TelegramError as BotApiError
from telegram.ext import Updater

from bot.context import Context
from bot.settings import Settings
from bot.telegram.courtesy import Courtesies
from bot.telegram.inbox import Inbox
from bot.telegram.network import POLL_SECONDS, make_bot, update_of
from bot.telegram.sender import Sender
from bot.telegram.setup import WRONG_TOKEN, introduce
from bot.telegram.turns import Handler, Turns
from bot.telegram.updates import ALLOWED_UPDATES

logger = logging.getLogger(__name__)

WEBHOOK_PATH = "/webhooks/telegram/webhook"
FIRST_PAUSE = 1.0  # doubled after each failure to begin
LONGEST_PAUSE = 300.0
GRACE = 5.0


class Telegram:
    """The channel at work, for the bot of one token.

    Raises:
        telegram.error.InvalidToken: when there is no token.
    """

    def __init__(self, options: Settings, context: Context, handle: Handler) -> None:
        self._options = options
        self._context = context
        self.bot = make_bot(options.telegram_token, options.telegram_api_url)
        self.secret = options.telegram_webhook_secret or secrets.token_urlsafe(32)
        self._courtesies = Courtesies(self.bot)
        self.inbox = Inbox(context, Turns(context, handle), self._courtesies)
        self._sender = Sender(context, self.bot, self._courtesies)
        self._updater = Updater(self.bot, self.inbox)
        self._beginning: asyncio.Task[None] | None = None

    @property
    def uses_webhook(self) -> bool:
        return bool(self._options.telegram_webhook_url)

    async def start(self) -> None:
        """Handle what is stored, and get in touch with Telegram as soon as it can be reached."""
        self.inbox.start()
        self._beginning = asyncio.create_task(self._begin())

    async def stop(self) -> None:
        """Take nothing in any more, end what is under way, and leave the rest stored."""
        if self._beginning is not None:
            self._beginning.cancel()
            await asyncio.wait({self._beginning})
        if self._updater.running:
            try:
                await asyncio.wait_for(self._updater.stop(), GRACE)
            except Exception as error:
                logger.warning("The polling did not end well (%s).", type(error).__name__)
        await self.inbox.stop()
        await self._sender.stop()
        await self._courtesies.close()
        await self.bot.shutdown()

    def receive(self, body: Any) -> bool:
        """Store the update in a webhook's body; False where there is none.

        Raises:
            DatabaseError: when it could not be stored.
        """
        update = update_of(body)
        if update is not None:
            self.inbox.store(update)
        return update is not None

    async def _begin(self) -> None:
        """Introduce the bot and listen; again and again, with growing pauses, until it works."""
        pause = FIRST_PAUSE
        known = False
        while True:
            try:
                if not known:
                    await self.bot.initialize()
                    known = True
                    self.inbox.username = self.bot.username
                    self._sender.start()
                    await introduce(self.bot, self._context.phrases)
                await self._listen()
                logger.info(
                    "Passerelle is on Telegram (%s).",
                    "webhook" if self.uses_webhook else "long polling",
                )
                return
            except InvalidToken:
                if not known:
                    logger.error("%s", WRONG_TOKEN)
                    return
            except BotApiError:
                pass  # the link has logged it
            except Exception as error:
                logger.error("Telegram could not be started (%s).", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def _listen(self) -> None:
        if self.uses_webhook:
            await self.bot.set_webhook(
                webhook_address(self._options.telegram_webhook_url),
                allowed_updates=ALLOWED_UPDATES,
                secret_token=self.secret,
            )
            return
        await self._updater.initialize()
        await self._updater.start_polling(  # deletes a left-over webhook first
            timeout=timedelta(seconds=POLL_SECONDS),
            bootstrap_retries=-1,
            allowed_updates=ALLOWED_UPDATES,
            error_callback=lambda error: None,  # the link has logged it
        )


def webhook_address(url: str) -> str:
    """Where Telegram posts: the address as it is set, or our route under a bare host."""
    return url if urlsplit(url).path.strip("/") else url.rstrip("/") + WEBHOOK_PATH
