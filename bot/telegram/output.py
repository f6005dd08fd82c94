"""Where Rasa says things: gathered during a turn, posted at once outside of one."""

from __future__ import annotations

from typing import Any

from bot.channel import GatheringChannel
from bot.context import Context
from bot.messages import Button, Message
from bot.outbox import post
from bot.telegram.models import CHANNEL


class TelegramOutput(GatheringChannel):
    """Gathers what is said while the turn is open; what comes later goes to the outbox."""

    def __init__(self, context: Context, recipient: str = "") -> None:
        super().__init__()
        self._context = context
        self._recipient = recipient
        self._open = bool(recipient)

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    def close(self) -> None:
        """The turn is over."""
        self._open = False

    def say(self, message: Message) -> None:
        if self._open:
            super().say(message)
            return
        with self._context.database.session() as session:
            post(session, self._recipient, message, self._context.now())
        self._context.bell.ring()

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self._recipient = recipient_id
        await super().send_response(recipient_id, message)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        self._recipient = recipient_id
        await super().send_text_message(recipient_id, text)

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        self._recipient = recipient_id
        self.say(Message(text, tuple(Button(one["title"], one["payload"]) for one in buttons)))
