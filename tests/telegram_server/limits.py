"""What the Bot API refuses beyond missing fields and wrong types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.telegram_server.errors import bad

TEXT = 4096
CALLBACK_BYTES = 64
BUTTONS = 100
BUTTONS_IN_A_ROW = 8
_KINDS = ("photo", "video", "voice", "document", "video_note")
ACTIONS = frozenset(
    {"typing", "choose_sticker", "find_location", *(f"upload_{kind}" for kind in _KINDS)}
    | {"record_video", "record_voice", "record_video_note"}
)
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def length(text: str) -> int:
    """How long a text is for Telegram: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def check(method: str, arguments: Mapping[str, Any]) -> None:
    """Refuse what the Bot API would.

    Raises:
        Refusal: 400 with a description.
    """
    if method in _CHECKS:
        _CHECKS[method](arguments)
    if "reply_markup" in arguments:
        _check_markup(arguments["reply_markup"])


def _check_text(arguments: Mapping[str, Any]) -> None:
    text = str(arguments.get("text", "")).strip()
    if not text:
        raise bad("message text is empty")
    if length(text) > TEXT:
        raise bad("message is too long")


def _check_markup(markup: Mapping[str, Any]) -> None:
    rows = markup.get("inline_keyboard", markup.get("keyboard", []))
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS or any(len(row) > BUTTONS_IN_A_ROW for row in rows):
        raise bad("reply markup is too long")
    for button in buttons:
        if not str(button.get("text", "")).strip():
            raise bad("text buttons must have a text")
    if "inline_keyboard" in markup:
        for button in buttons:
            _check_inline(button)
    elif "keyboard" in markup and not buttons:
        raise bad("reply keyboard is empty")
    placeholder = markup.get("input_field_placeholder", "")
    if length(placeholder) > 64:
        raise bad("input field placeholder is too long")


def _check_inline(button: Mapping[str, Any]) -> None:
    purposes = [name for name in button if name not in ("text", "style", "icon_custom_emoji_id")]
    if len(purposes) != 1:
        raise bad("inline keyboard button must have exactly one purpose")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")


def _check_action(arguments: Mapping[str, Any]) -> None:
    if arguments["action"] not in ACTIONS:
        raise bad("wrong parameter action in request")


def _check_commands(arguments: Mapping[str, Any]) -> None:
    commands = arguments["commands"]
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= length(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")


def _check_short_description(arguments: Mapping[str, Any]) -> None:
    if length(arguments.get("short_description", "")) > 120:
        raise bad("the short description is too long")


def _check_webhook(arguments: Mapping[str, Any]) -> None:
    url = arguments["url"]
    if url and not url.startswith("https://"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    secret = arguments.get("secret_token")
    if secret is not None and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")


def _check_query_text(arguments: Mapping[str, Any]) -> None:
    if length(arguments.get("text", "")) > 200:
        raise bad("MESSAGE_TOO_LONG")


def _check_updates(arguments: Mapping[str, Any]) -> None:
    if not 1 <= arguments.get("limit", 100) <= 100:
        raise bad("wrong limit")


_CHECKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "sendMessage": _check_text,
    "editMessageText": _check_text,
    "sendChatAction": _check_action,
    "setMyCommands": _check_commands,
    "setMyShortDescription": _check_short_description,
    "setWebhook": _check_webhook,
    "answerCallbackQuery": _check_query_text,
    "getUpdates": _check_updates,
}
