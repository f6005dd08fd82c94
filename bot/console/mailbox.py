"""The people of the chat page: their pseudonyms, and the letters that wait for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Message
from bot.outbox import delivered, waiting
from bot.people import Person, is_forgotten
from bot.retention import erase_talk

CHANNEL = "rest"


def as_rest(sender: str, message: Message) -> dict[str, Any]:
    """A message as Rasa's REST channel writes it."""
    shown: dict[str, Any] = {"recipient_id": sender, "text": message.text}
    if message.buttons:
        shown["buttons"] = [
            {"title": button.title, "payload": button.payload} for button in message.buttons
        ]
    return shown


def letters_for(
    session: Session, sender: str, now: datetime, seen: int | None
) -> list[dict[str, Any]]:
    """The letters that wait for `sender`, oldest first, each with its `id`.

    With `seen`, letters go once their number has been seen, so that one lost on the way comes
    again; without it they go at once.
    """
    pseudonym = _known(session, sender)
    if pseudonym is None:
        return []
    found = []
    for letter in waiting(session, CHANNEL, now, recipient=pseudonym):
        number = int(letter.id)
        if seen is None or number > seen:
            found.append({"id": number, **as_rest(sender, letter.message)})
        if seen is None or number <= seen:
            delivered(session, number)
    return found


def let_go(session: Session, pseudonym: str) -> None:
    """After a turn: cut the last link to somebody who asked to be forgotten."""
    if is_forgotten(session, pseudonym):
        erase_talk(session, pseudonym)
        session.delete(session.get(Person, pseudonym))


def _known(session: Session, sender: str) -> str | None:
    person = session.scalars(
        select(Person).where(Person.channel == CHANNEL, Person.address == sender)
    ).first()
    return None if person is None else str(person.pseudonym)
