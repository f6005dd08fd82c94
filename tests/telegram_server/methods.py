"""The methods of the Bot API that a bot in talks uses, named as in its documentation."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Any

from tests.telegram_server import errors
from tests.telegram_server.errors import Refusal, bad
from tests.telegram_server.people import Group, Person
from tests.telegram_server.world import World

SUPPORTED = (
    "answerCallbackQuery",
    "deleteWebhook",
    "editMessageReplyMarkup",
    "getMe",
    "getUpdates",
    "sendChatAction",
    "sendMessage",
    "setMyCommands",
    "setMyShortDescription",
    "setWebhook",
)


class Methods(World):
    """Each method takes its arguments, checked already, and gives its result."""

    def _get_me(self, _arguments: dict[str, Any]) -> dict[str, Any]:
        more = {"can_join_groups": True, "can_read_all_group_messages": False}
        return {**self.bot, **more, "supports_inline_queries": False}

    async def _get_updates(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if "allowed_updates" in arguments:
            self._allowed = arguments["allowed_updates"]
        offset = arguments.get("offset", 0)
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
        self._poll += 1
        mine = self._poll
        self._news.set()  # an older call ends
        deadline = time.monotonic() + arguments.get("timeout", 0)
        while not self.pending and time.monotonic() < deadline:
            self._news = asyncio.Event()
            try:
                await asyncio.wait_for(self._news.wait(), deadline - time.monotonic())
            except asyncio.TimeoutError:
                break
            if mine != self._poll:
                raise Refusal(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
        return list(itertools.islice(self.pending, arguments.get("limit", 100)))

    def _set_webhook(self, arguments: dict[str, Any]) -> bool:
        self.webhook = dict(arguments) if arguments["url"] else {}
        self._allowed = arguments.get("allowed_updates", self._allowed)
        return True

    def _delete_webhook(self, _arguments: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    def _set_my_commands(self, arguments: dict[str, Any]) -> bool:
        self.commands = arguments["commands"]
        return True

    def _set_my_short_description(self, _arguments: dict[str, Any]) -> bool:
        return True

    def _send_chat_action(self, arguments: dict[str, Any]) -> bool:
        place = self._place(arguments["chat_id"])
        if isinstance(place, Person):
            place.actions.append(arguments["action"])
        return True

    def _send_message(self, arguments: dict[str, Any]) -> dict[str, Any]:
        place = self._place(arguments["chat_id"])
        markup = arguments.get("reply_markup", {})
        content = {"text": arguments["text"].strip()}
        if "inline_keyboard" in markup:
            content["reply_markup"] = markup
        message = self.message(place, None, content)
        if isinstance(place, Group):
            if any(
                button.get("request_location")
                for row in markup.get("keyboard", [])
                for button in row
            ):
                raise bad("location can be requested in private chats only")
            place.messages.append(message)
            return message
        if "keyboard" in markup:
            place.keyboard = markup
        elif markup.get("remove_keyboard"):
            place.keyboard = None
        place.gets(message)
        return message

    def _answer_callback_query(self, arguments: dict[str, Any]) -> bool:
        query_id = arguments["callback_query_id"]
        if query_id not in self._queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self._queries.discard(query_id)
        self.answered.add(query_id)
        return True

    def _edit_message_reply_markup(self, arguments: dict[str, Any]) -> dict[str, Any]:
        place = self._place(arguments["chat_id"])
        for message in place.messages:
            if message["message_id"] == arguments.get("message_id"):
                message.pop("reply_markup", None)
                if "reply_markup" in arguments:
                    message["reply_markup"] = arguments["reply_markup"]
                return message
        raise bad("message to edit not found")

    def _place(self, chat_id: int | str) -> Person | Group:
        """The chat that a call is about.

        Raises:
            Refusal: 400 where there is none, 403 where the bot may not write.
        """
        try:
            number = int(chat_id)
        except ValueError:
            raise bad("chat not found") from None
        if number in self.groups:
            return self.groups[number]
        person = self.people.get(number)
        if person is None:
            raise bad("chat not found")
        if person.has_blocked:
            raise errors.BLOCKED
        if not person.met:
            raise errors.NEVER_MET
        return person
