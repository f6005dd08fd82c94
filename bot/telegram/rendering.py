"""From a message of the assistant to calls of sendMessage: splitting, keyboards, limits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit, MessageLimit

from bot.messages import SHARE_POSITION, Button, Message, split_text

KEY = "~"  # marks callback data that is the key of a stored payload
SHORT = 16  # two titles of at most so many characters share a row on a small phone

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True)
class Part:
    """One call of sendMessage."""

    text: str
    markup: Markup | None = None

    def arguments(self) -> dict[str, Any]:
        """The arguments of sendMessage, but for the chat: plain text, no preview of links."""
        preview = LinkPreviewOptions(is_disabled=True)
        arguments: dict[str, Any] = {"text": self.text, "link_preview_options": preview}
        if self.markup is not None:
            arguments["reply_markup"] = self.markup
        return arguments


@dataclass(frozen=True)
class Rendering:
    """The calls for a message, and what must be known for its buttons to work.

    `payloads` are stored before, by key; `titles` (to payloads) are those of the reply keyboard
    that is open afterwards, None where none is.
    """

    parts: tuple[Part, ...]
    payloads: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] | None = None


def render(message: Message, *, prompt: str, keyboard_open: bool = False) -> Rendering:
    """The calls that say `message`.

    Args:
        message: what the assistant says.
        prompt: what stands above buttons that have no text of their own.
        keyboard_open: whether the last message opened a reply keyboard, which goes now.
    """
    buttons = _usable(message.buttons)
    markup, titles = _markup(buttons)
    texts = list(_split(message.text))
    if not texts and markup is not None:
        texts = [prompt]
    closing = keyboard_open and not isinstance(markup, ReplyKeyboardMarkup)
    if closing and markup is not None and len(texts) == 1:
        # A message carries one keyboard or the removal of one: the text first, then the buttons.
        texts.append(prompt)
    parts = [Part(text) for text in texts]
    if parts and closing:
        parts[0] = Part(texts[0], ReplyKeyboardRemove())
    if parts and markup is not None:
        parts[-1] = Part(texts[-1], markup)
    payloads = {
        callback_data(button.payload): button.payload
        for button in buttons
        if isinstance(markup, InlineKeyboardMarkup)
        and callback_data(button.payload) != button.payload
    }
    return Rendering(tuple(parts), payloads, titles)


def callback_data(payload: str) -> str:
    """What a button carries: the payload if it fits in 64 bytes, else always the same key."""
    raw = payload.encode()
    if len(raw) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA and not payload.startswith(KEY):
        return payload
    return KEY + hashlib.blake2b(raw, digest_size=16).hexdigest()


def _usable(buttons: tuple[Button, ...]) -> list[Button]:
    """The buttons that Telegram takes: with a title and a payload, not too many."""
    shown = [one for one in buttons if one.title.strip() and one.payload.strip()]
    return shown[: InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER]


def _markup(buttons: list[Button]) -> tuple[Markup | None, dict[str, str] | None]:
    """The keyboard, and the payloads behind the texts of a reply keyboard."""
    if not buttons:
        return None, None
    if all(button.payload != SHARE_POSITION for button in buttons):
        inline = [[_inline(one) for one in row] for row in rows(buttons)]
        return InlineKeyboardMarkup(inline), None
    share = next(one for one in buttons if one.payload == SHARE_POSITION)
    others = [one for one in buttons if one.payload != SHARE_POSITION]
    keys = [[KeyboardButton(share.title, request_location=True)]]
    keys += [[KeyboardButton(one.title) for one in row] for row in rows(others)]
    titles = {one.title.strip(): one.payload for one in others}
    return ReplyKeyboardMarkup(keys, resize_keyboard=True, one_time_keyboard=True), titles


def _inline(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.title, callback_data=callback_data(button.payload))


def rows(buttons: list[Button]) -> Iterator[list[Button]]:
    """One or two buttons in a row, in order, by the length of their titles."""
    rest = list(buttons)
    while rest:
        width = 2 if len(rest) > 1 and all(len(one.title) <= SHORT for one in rest[:2]) else 1
        yield rest[:width]
        rest = rest[width:]


def _split(text: str) -> Iterator[str]:
    """Parts that Telegram takes, however it counts: 4096 UTF-16 units are at most so long."""
    limit = int(MessageLimit.MAX_TEXT_LENGTH)
    for part in split_text(text, limit):
        if len(part.encode("utf-16-le")) // 2 <= limit:
            yield part
        else:
            yield from split_text(part, limit // 2)
