"""What an update of Telegram means to the assistant: pure functions, nothing is sent or stored."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import Enum

from telegram import CallbackQuery, ChatMemberUpdated, Message, MessageEntity, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import filters

from bot.commands import COMMAND, COMMANDS, clean, said
from bot.messages import payload

# What Telegram is asked for; other kinds never arrive, and are ignored if they do.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

# The first of these that a message has decides what is answered; an animation is a document too.
REACTIONS = {
    "voice": "utter_voice",
    "video_note": "utter_video_note",
    "audio": "utter_audio",
    "animation": "utter_animation",
    "sticker": "utter_sticker",
    "photo": "utter_photo",
    "live_photo": "utter_photo",
    "video": "utter_video",
    "paid_media": "utter_video",
    "document": "utter_document",
    "contact": "utter_contact_not_needed",
    "poll": "utter_poll",
    "dice": "utter_dice",
    "game": "utter_dice",
    "story": "utter_story",
}
CAPTION_NOTE = "utter_caption_only"
UNKNOWN_KIND = "utter_unknown_kind"
OLD_BUTTON = "utter_old_button"
EDITED = "utter_edited"
PRIVATE_ONLY = "utter_private_only"
TROUBLE = "utter_trouble"


class Kind(str, Enum):
    """What is to be done about an update."""

    SAY = "say"  # a person said something, or sent something that gets a reaction
    EDIT = "edit"  # a person changed what they said
    TAP = "tap"  # a person touched a button
    ELSEWHERE = "elsewhere"  # a button touched outside a private chat
    GROUP = "group"  # somebody called the assistant in a group
    BLOCKED = "blocked"  # a person closed the door
    IGNORED = "ignored"


@dataclass(frozen=True)
class Happening:
    """An update's meaning.

    `texts` go through the assistant one by one, as texts or payloads (of a tap: what the button
    carries); then the response called `phrase` is said. `address` is the chat, never stored here.
    """

    kind: Kind
    address: int = 0
    texts: tuple[str, ...] = ()
    phrase: str = ""
    message_id: int = 0
    query_id: str = ""
    album: str = ""

    def as_json(self) -> str:
        """What is stored until it is handled: no account, no name."""
        kept = {name: value for name, value in asdict(self).items() if name != "address"}
        return json.dumps(kept, ensure_ascii=False)

    @classmethod
    def from_json(cls, body: str) -> Happening:
        kept = json.loads(body)
        return cls(**{**kept, "kind": Kind(kept["kind"]), "texts": tuple(kept["texts"])})


IGNORED = Happening(Kind.IGNORED)


def read(update: Update, username: str) -> Happening:
    """The meaning of an update for the bot called `username` (without the @)."""
    if update.callback_query is not None:
        return _tap(update.callback_query)
    if update.message is not None:
        return _message(update, update.message, username)
    if update.edited_message is not None:
        return _edit(update.edited_message)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    return IGNORED


def _tap(query: CallbackQuery) -> Happening:
    chat = query.message.chat if query.message is not None else None
    if chat is not None and chat.type != ChatType.PRIVATE:
        return Happening(Kind.ELSEWHERE, query_id=query.id)
    address = chat.id if chat is not None else query.from_user.id
    return Happening(Kind.TAP, address, texts=(query.data or "",), query_id=query.id)


def _message(update: Update, message: Message, username: str) -> Happening:
    if message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        called = _calls(message, username)
        return Happening(Kind.GROUP, message.chat.id, phrase=PRIVATE_ONLY) if called else IGNORED
    if not _is_from_a_person(message) or filters.StatusUpdate.ALL.check_update(update):
        return IGNORED  # a channel's post, or Telegram's own notice of a pin, a timer, a theme
    return _private(message, Kind.SAY)


def _edit(message: Message) -> Happening:
    words = message.text or message.caption
    if not words or not _is_from_a_person(message):
        return IGNORED  # a position that moves, a picture replaced
    return replace(_private(message, Kind.EDIT), phrase="")


def _private(message: Message, kind: Kind) -> Happening:
    texts: tuple[str, ...] = ()
    phrase = ""
    if message.text is not None:
        texts = said(message.text)
    elif message.location is not None:  # of a venue too
        at = message.location
        texts = (payload("give_location", position=f"{at.latitude:.10g},{at.longitude:.10g}"),)
    else:
        sort = next((name for name in REACTIONS if getattr(message, name)), "")
        phrase = REACTIONS.get(sort, UNKNOWN_KIND)
        if message.caption:
            texts, phrase = said(message.caption), CAPTION_NOTE
    return Happening(
        kind,
        message.chat.id,
        texts=texts,
        phrase=phrase,
        message_id=message.message_id,
        album=message.media_group_id or "",
    )


def _is_from_a_person(message: Message) -> bool:
    sender = message.from_user
    return message.chat.type == ChatType.PRIVATE and not (sender is not None and sender.is_bot)


def _calls(message: Message, username: str) -> bool:
    """Whether a message in a group is a command of ours or names the assistant."""
    if message.from_user is not None and message.from_user.is_bot:
        return False
    command = COMMAND.fullmatch(clean(message.text or ""))
    if command is not None:
        name, addressee = command.group(1).lower(), command.group(2)
        if addressee is None:
            return name in COMMANDS
        return bool(username) and addressee.lower() == username.lower()
    kinds: list[str | None] = [MessageEntity.MENTION]
    named = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    return any(one.lower() == f"@{username.lower()}" for one in named.values() if username)


def _membership(change: ChatMemberUpdated) -> Happening:
    left = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    if change.chat.type == ChatType.PRIVATE and left:
        return Happening(Kind.BLOCKED, change.chat.id)
    return IGNORED
