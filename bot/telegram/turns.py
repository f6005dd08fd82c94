"""One update of one person, from its meaning to what is answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rasa.core.channels.channel import UserMessage

from bot.context import Context
from bot.errors import DataError
from bot.messages import EMERGENCY, Message
from bot.nlu.normaliser import normalise
from bot.safety.cards import emergency_card, read_emergency_cards
from bot.safety.danger import Kind as Danger
from bot.safety.danger import patterns
from bot.telegram.models import CHANNEL, chat_of, digest, payload_of
from bot.telegram.output import TelegramOutput
from bot.telegram.rendering import KEY
from bot.telegram.updates import EDITED, OLD_BUTTON, TROUBLE, Happening, Kind

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[None]]
HANDLING_LIMIT = 120.0  # seconds; then the person is told, and the next message has its turn


@dataclass(frozen=True)
class Stored:
    """An update that waits: of whom (pseudonym and chat), and what it means."""

    update_id: int
    person: str
    address: int
    happening: Happening


@dataclass(frozen=True)
class Outcome:
    """What is answered, and what is to be known of the chat from then on."""

    messages: tuple[Message, ...] = ()
    last_message: int = 0
    last_digest: str = ""
    album: str = ""


@dataclass(frozen=True)
class _Plan:
    """What goes through the assistant, and the responses said before and after."""

    texts: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


class Turns:
    """Takes updates one by one to the assistant behind `handle`."""

    def __init__(self, context: Context, handle: Handler) -> None:
        self._context = context
        self._handle = handle

    async def take(self, stored: Stored) -> Outcome:
        """Handle an update; whatever goes wrong, the person gets an answer.

        Raises:
            DatabaseError: when what is known of the chat cannot be read.
        """
        happening = stored.happening
        plan = self._plan(stored)
        output = TelegramOutput(self._context, stored.person)
        try:
            for text in plan.texts:
                if text == EMERGENCY and any(map(_is_emergency, output.messages)):
                    continue  # "/urgence il me frappe": the card for it is there already
                message = UserMessage(
                    text,
                    output,
                    sender_id=stored.person,
                    input_channel=CHANNEL,
                    message_id=str(stored.update_id),
                )
                await asyncio.wait_for(self._handle(message), HANDLING_LIMIT)
        except Exception as error:
            logger.error(
                "The update %s could not be handled (%s).", stored.update_id, type(error).__name__
            )
            output.messages[:] = self._trouble(plan.texts, output.messages)
        output.close()
        phrases = self._context.phrases
        messages = list(output.messages)
        if plan.before and not (messages and _is_emergency(messages[0])):
            messages.insert(0, phrases.message(plan.before))
        if plan.after:
            messages.append(phrases.message(plan.after))
        if happening.kind is Kind.TAP or not happening.texts:
            return Outcome(tuple(messages), album=happening.album)
        latest = digest(stored.person, "\n".join(happening.texts))
        return Outcome(tuple(messages), happening.message_id, latest, happening.album)

    def _plan(self, stored: Stored) -> _Plan:
        happening = stored.happening
        with self._context.database.session() as session:
            chat = chat_of(session, stored.person)
            if happening.kind is Kind.TAP:
                payload = _tapped(happening.texts[0])
                if payload.startswith(KEY):
                    payload = payload_of(session, payload) or ""
                return _Plan((payload,)) if payload else _Plan(after=OLD_BUTTON)
            if happening.kind is Kind.EDIT:
                return self._edited(stored, int(chat.last_message), str(chat.last_digest))
            titles = chat.titles or {}
            texts = tuple(titles.get(text, text) for text in happening.texts)
            if not texts and happening.album and happening.album == chat.album:
                return _Plan()  # the second picture of an album: one reaction is enough
            return _Plan(texts, after=happening.phrase)

    def _edited(self, stored: Stored, last_message: int, last_digest: str) -> _Plan:
        """An edited text counts as new when it is the latest one, or when it tells of danger."""
        happening = stored.happening
        if happening.message_id == last_message:
            changed = digest(stored.person, "\n".join(happening.texts)) != last_digest
        else:
            changed = any(_danger_in(text) for text in happening.texts)
        return _Plan(happening.texts, before=EDITED) if changed else _Plan()

    def _trouble(self, texts: tuple[str, ...], answered: list[Message]) -> list[Message]:
        """What was answered so far and an apology; in danger, who to call comes first."""
        messages = [*answered, self._context.phrases.message(TROUBLE)]
        kinds = [kind for text in texts if (kind := _danger_in(text))]
        if not (kinds or EMERGENCY in texts) or any(map(_is_emergency, answered)):
            return messages
        try:
            with self._context.database.session() as session:
                return [
                    emergency_card(kinds[0] if kinds else None, session, self._context.now()),
                    *messages,
                ]
        except Exception as error:
            logger.error("The emergency card could not be read (%s).", type(error).__name__)
            return messages


def _tapped(data: str) -> str:
    """A button's data, if it is one that this assistant gives its buttons."""
    return data if data.startswith(("/", KEY)) else ""


def _danger_in(text: str) -> Danger | None:
    """The danger that a text plainly tells of, by the patterns alone."""
    found = None if text.startswith("/") else patterns().match(normalise(text))
    return found[0] if found else None


def _is_emergency(message: Message) -> bool:
    try:
        cards = read_emergency_cards().values()
    except DataError:
        return False
    return any(message.text.startswith(card.opening) for card in cards)
