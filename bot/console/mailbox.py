"""The people of the chat page: their pseudonyms, and the letters that wait for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import Message
from bot.outbox import Letter, delivered, waiting
from bot.people import Person, is_forgotten

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
    session: Session, sender: str, now: datetime, seen: str | None
) -> list[dict[str, Any]]:
    """The letters that wait for `sender`, oldest first, each with its `id`.

    With `seen`, the id of the last letter that arrived ("" before the first), letters go once
    that is known, so that one lost on the way comes again; without it they go at once.
    """
    pseudonym = _known(session, sender)
    if pseudonym is None:
        return []
    letters = waiting(session, CHANNEL, now, recipient=pseudonym)
    arrived = 1 + next((at for at, one in enumerate(letters) if _receipt(one) == seen), -1)
    gone = letters if seen is None else letters[:arrived]
    found = [
        {"id": _receipt(letter), **as_rest(sender, letter.message)} for letter in letters[arrived:]
    ]
    for letter in gone:
        delivered(session, int(letter.id))
    return found


def _receipt(letter: Letter) -> str:
    # A database may give the number of a letter that is gone to a new one: hence the moment.
    return f"{letter.id}-{letter.posted_at.timestamp():.6f}"


def let_go(session: Session, pseudonym: str) -> None:
    """After a turn: cut the last link to somebody who asked to be forgotten."""
    if is_forgotten(session, pseudonym):
        session.delete(session.get(Person, pseudonym))


def _known(session: Session, sender: str) -> str | None:
    person = session.scalars(
        select(Person).where(Person.channel == CHANNEL, Person.address == sender)
    ).first()
    return None if person is None else str(person.pseudonym)
