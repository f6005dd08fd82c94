"""The desk before Rasa: in a running talk, what is written goes to the other side."""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from bot.context import Context
from bot.handoff.letters import send
from bot.handoff.models import Side
from bot.handoff.notices import announce
from bot.handoff.relay import Talk, forward, talk_of
from bot.handoff.requests import mark_danger
from bot.messages import Message
from bot.nlu.normaliser import normalise
from bot.people import is_forgotten
from bot.retention import erase_talk
from bot.safety.cards import emergency_card
from bot.safety.danger import Kind, patterns

if TYPE_CHECKING:
    from rasa.core.channels.channel import OutputChannel, UserMessage

    Handle = Callable[[UserMessage], Awaitable[Any]]

Heard = Mapping[str, Any]  # Rasa's parse of a text, with "crisis"
Parse = Callable[[str], "Awaitable[Heard] | Heard"]

PAYLOAD = re.compile(r"/\w")

log = logging.getLogger(__name__)


class Desk:
    """Decides who hears a message: the other side of a talk, or Rasa."""

    def __init__(self, context: Context, parse: Parse) -> None:
        self._context = context
        self._parse = parse

    def wrap(self, on_new_message: Handle) -> Handle:
        """The same coroutine with the desk before it; its errors are passed on."""

        async def handle(message: UserMessage) -> None:
            try:
                if not await self._relayed(message):
                    await on_new_message(message)
            finally:
                self._tidy(message.sender_id)

        return handle

    async def _relayed(self, message: UserMessage) -> bool:
        """Relay a text of somebody in a talk, danger answered first; False if it is for Rasa."""
        text = message.text
        if not isinstance(text, str) or not text.strip() or PAYLOAD.match(text):
            return False
        with self._context.database.session() as session:
            talk = talk_of(session, message.sender_id)
        if talk is None:
            return False
        flagged, kind = False, None
        if talk.side is Side.PERSON:
            flagged, kind = await self._danger(text)
        if flagged:
            with self._context.database.session() as session:
                card = emergency_card(kind, session, self._context.now())
            await _say(message.output_channel, message.sender_id, card)
        if not self._pass_on(talk, text, flagged):
            lost = self._context.phrases.message("utter_relay_lost")
            await _say(message.output_channel, message.sender_id, lost)
        return True

    async def _danger(self, text: str) -> tuple[bool, Kind | None]:
        """Whether a text may mean danger, and which."""
        try:
            heard = self._parse(text)
            if inspect.isawaitable(heard):
                heard = await heard
            crisis = heard.get("crisis") or {}
            kind = crisis.get("kind")
            return bool(crisis.get("flag")), Kind(kind) if kind else None
        except Exception as error:
            # A broken model must neither cut a talk nor hide a plain call for help.
            log.error("a relayed text could not be parsed (%s)", type(error).__name__)
            plain = patterns().match(normalise(text))
            return plain is not None, plain[0] if plain else None

    def _pass_on(self, talk: Talk, text: str, flagged: bool) -> bool:
        """Post the text to the other side; with a note for the peer worker after a card."""
        context = self._context
        now = context.now()
        with context.database.session() as session:
            arrives = forward(session, talk, text, now, context.phrases)
            if flagged:
                mark_danger(session, talk.person)
                note = context.phrases.message("utter_card_shown_note")
                send(session, talk.other, note, now)
        return arrives

    def _tidy(self, sender: str) -> None:
        """After a turn: requests reach whoever is free by now, letters go, the forgotten too."""
        context = self._context
        with context.database.session() as session:
            announce(session, context.phrases, context.now())
            if is_forgotten(session, sender):
                erase_talk(session, sender)
        context.bell.ring()


async def _say(channel: OutputChannel | None, sender: str, message: Message) -> None:
    if channel is None:
        return
    buttons = [{"title": one.title, "payload": one.payload} for one in message.buttons]
    await channel.send_response(sender, {"text": message.text, "buttons": buttons})
