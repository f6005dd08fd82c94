"""People and groups who use Telegram: what they do, and what they see."""

from __future__ import annotations

import asyncio
import re
import time
from typing import TYPE_CHECKING, Any

from tests.telegram_server.kinds import SAMPLES
from tests.telegram_server.limits import length

if TYPE_CHECKING:
    from tests.telegram_server.world import World

PATIENCE = 10.0
_MARKED = re.compile(r"(?<!\S)/\w+(?:@\w+)?|(?<!\w)@\w+")


class Group:
    """A group chat that the bot is in."""

    def __init__(self, server: World, chat_id: int, title: str, kind: str) -> None:
        self._server = server
        self.id = chat_id
        self.chat = {"id": chat_id, "type": kind, "title": title}
        self.messages: list[dict[str, Any]] = []

    def says(self, person: Person, text: str) -> int:
        """Somebody writes in the group."""
        return self._server.deliver(self, person, {"text": text, **entities_of(text)})


class Person:
    """Somebody with an account, in a private chat with the bot."""

    def __init__(self, server: World, account: int, name: str) -> None:
        self._server = server
        self.id = account
        self.user = {"id": account, "is_bot": False, "first_name": name, "language_code": "fr"}
        self.chat = {"id": account, "type": "private", "first_name": name}
        self.messages: list[dict[str, Any]] = []  # what the bot sent, whole
        self.actions: list[str] = []  # "typing", "message", … in the order of arrival
        self.met = False
        self.has_blocked = False
        self.keyboard: dict[str, Any] | None = None  # the reply keyboard on the screen
        self._taken = 0
        self._news = asyncio.Event()

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages]

    def says(self, text: str, **more: Any) -> int:
        """Writes a text; the id of the message."""
        return self._server.deliver(self, self, {"text": text, **entities_of(text), **more})

    def edits(self, message_id: int, text: str) -> None:
        """Changes a message written before."""
        message = self._server.message(self, self, {"text": text, **entities_of(text)}, message_id)
        self._server.offer("edited_message", {**message, "edit_date": message["date"]})

    def sends(self, kind: str, **more: Any) -> int:
        """Sends a voice message, a photo… with a caption where one is given."""
        return self._server.deliver(self, self, {**SAMPLES[kind], **more})

    def sends_location(self, latitude: float, longitude: float) -> int:
        """Shares a position, by the button or by hand."""
        location = {"latitude": latitude, "longitude": longitude}
        return self._server.deliver(self, self, {"location": location})

    def moves(self, message_id: int, latitude: float, longitude: float) -> None:
        """A live position is updated."""
        content = {"location": {"latitude": latitude, "longitude": longitude, "live_period": 900}}
        message = self._server.message(self, self, content, message_id)
        self._server.offer("edited_message", {**message, "edit_date": message["date"]})

    def taps(self, title: str) -> str:
        """Touches a button: the id of the callback query, or nothing for a reply keyboard."""
        for message in reversed(self.messages):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == title:
                        return self.sends_callback(button["callback_data"], message)
        rows = (self.keyboard or {}).get("keyboard", [])
        buttons = [button for row in rows for button in row if button["text"] == title]
        assert buttons, f"there is no button called {title}"
        assert not buttons[0].get("request_location"), "answer it with sends_location"
        self.says(title)
        return ""

    def sends_callback(self, data: str, message: dict[str, Any] | None = None) -> str:
        """A callback query with any data, as from a button of long ago."""
        shown = message or self._server.message(self, None, {"text": "…"})
        return self._server.tap(self, data, shown)

    def blocks(self) -> None:
        self.has_blocked = True
        self._server.change_membership(self, "member", "kicked")

    def unblocks(self) -> None:
        self.has_blocked = False
        self._server.change_membership(self, "kicked", "member")

    async def receives(self, number: int = 1, patience: float = PATIENCE) -> list[dict[str, Any]]:
        """The next `number` messages of the bot, waited for."""
        deadline = time.monotonic() + patience
        while len(self.messages) < self._taken + number:
            self._news.clear()
            left = deadline - time.monotonic()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, left))
            except asyncio.TimeoutError:
                got = len(self.messages) - self._taken
                raise AssertionError(f"{got} messages came, not {number}") from None
        new = self.messages[self._taken : self._taken + number]
        self._taken += number
        return new

    async def hears(self, number: int = 1) -> list[str]:
        """The texts of the next `number` messages of the bot."""
        return [message["text"] for message in await self.receives(number)]

    def gets(self, message: dict[str, Any]) -> None:
        """Called by the server: a message arrives."""
        self.messages.append(message)
        self.actions.append("message")
        self._news.set()

    def buttons(self) -> list[str]:
        """The titles under the last message."""
        rows = self.messages[-1].get("reply_markup", {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]


def entities_of(text: str) -> dict[str, Any]:
    """The entities that Telegram finds in a text: the commands and mentions that tests use."""
    found = [
        {
            "type": "mention" if match[0].startswith("@") else "bot_command",
            "offset": length(text[: match.start()]),
            "length": length(match[0]),
        }
        for match in _MARKED.finditer(text)
    ]
    return {"entities": found} if found else {}
