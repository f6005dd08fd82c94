"""A talk on the command line: the real pipeline, policies and actions, without Telegram."""

from __future__ import annotations

from typing import Any

from bot.assistant import answer, last_intent, load_agent
from bot.context import context
from bot.desk import Desk
from bot.messages import Message
from bot.settings import Settings
from bot.training import model_file


class Talk:
    """Talks with any number of senders; what is said is forgotten with the process."""

    def __init__(self, options: Settings) -> None:
        self._context = context()
        self._agent = load_agent(model_file(options))
        desk = Desk(self._context, self._agent.parse_message)
        self._handle = desk.wrap(self._agent.handle_message)

    async def reply(self, sender: str, words: str) -> dict[str, Any]:
        """One turn: `words` is a text or a payload; the answer as `passerelle reply` prints it."""
        messages = await answer(self._handle, sender, words)
        return {
            "sender": sender,
            "intent": await last_intent(self._agent, sender),
            "messages": [_as_dict(message) for message in messages],
        }


def _as_dict(message: Message) -> dict[str, Any]:
    buttons = [{"title": one.title, "payload": one.payload} for one in message.buttons]
    return {"text": message.text, "buttons": buttons}
