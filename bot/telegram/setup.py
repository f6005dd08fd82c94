"""Introducing the bot to Telegram: the token, the commands, what it says of itself."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from telegram import BotCommand
from telegram.error import InvalidToken
from telegram.error import TelegramError as BotApiError
from telegram.ext import ExtBot

from bot.errors import TelegramError
from bot.phrases import Phrases
from bot.settings import Settings
from bot.telegram.network import make_bot

logger = logging.getLogger(__name__)

MENU_OF_COMMANDS = ("aide", "urgence", "humain", "menu", "stop", "oublier")
NO_TOKEN = "There is no token: set TELEGRAM_TOKEN (@BotFather gives it)."
WRONG_TOKEN = (
    "Telegram refuses the token: check TELEGRAM_TOKEN (@BotFather shows it), "
    "and TELEGRAM_API_URL if it is set."
)


async def check_token(options: Settings) -> str:
    """The bot's username, as Telegram tells it.

    Raises:
        TelegramError: in one sentence, when the token is wrong or Telegram cannot be reached.
    """
    try:
        bot = make_bot(options.telegram_token, options.telegram_api_url)
    except BotApiError:
        raise TelegramError(NO_TOKEN) from None
    try:
        await bot.initialize()
        return bot.username
    except InvalidToken:
        raise TelegramError(WRONG_TOKEN) from None
    except Exception as error:
        raise TelegramError(
            f"Telegram cannot be reached at {options.telegram_api_url} "
            f"({type(error.__cause__ or error).__name__}): check the network and TELEGRAM_API_URL."
        ) from None
    finally:
        await bot.shutdown()


async def introduce(bot: ExtBot[int], phrases: Phrases) -> None:
    """Tell Telegram the commands and the short description; it works without them too."""
    commands = [
        BotCommand(name, phrases.text(f"utter_command_{name}")) for name in MENU_OF_COMMANDS
    ]
    await _try(bot.set_my_commands(commands), "list of commands")
    description = phrases.text("utter_short_description")
    await _try(bot.set_my_short_description(description), "short description")


async def _try(call: Awaitable[bool], what: str) -> None:
    try:
        await call
    except BotApiError as error:
        logger.warning("The %s could not be given to Telegram (%s).", what, type(error).__name__)
