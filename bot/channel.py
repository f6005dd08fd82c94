"""Rasa's output channel that gathers a turn's messages, whole and with their buttons."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.messages import Button, Message


class GatheringChannel(OutputChannel):
    """Keeps what the assistant says in a turn, in order, as `Message`s.

    Rasa's own CollectingOutputChannel would cut a text at each blank line.
    """

    def __init__(self) -> None:
        self.messages: list[Message] = []

    @classmethod
    def name(cls) -> str:
        return "gathering"

    def say(self, message: Message) -> None:
        self.messages.append(message)

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        buttons = tuple(
            Button(one["title"], one.get("payload", "")) for one in message.get("buttons") or ()
        )
        if message.get("text"):
            self.say(Message(message["text"], buttons))

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        self.say(Message(text))
