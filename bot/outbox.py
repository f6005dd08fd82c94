"""Letters on their way to people: stored until a channel has delivered them, then gone."""

import asyncio
import json
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, Text, delete, select
from sqlalchemy.orm import Session

from bot.database import Base, Moment
from bot.messages import Button, Message
from bot.people import Person


class Letter(Base):
    """One message to one person, known by pseudonym."""

    __tablename__ = "letter"

    id = Column(Integer, primary_key=True)
    recipient = Column(
        String(32), ForeignKey("person.pseudonym", ondelete="CASCADE"), nullable=False, index=True
    )
    body = Column(Text, nullable=False)
    posted_at = Column(Moment, nullable=False)
    not_before = Column(Moment, nullable=False)
    attempts = Column(Integer, nullable=False, default=0)

    @property
    def message(self) -> Message:
        body = json.loads(str(self.body))
        return Message(body["text"], tuple(Button(*pair) for pair in body["buttons"]))


def post(session: Session, recipient: str, message: Message, now: datetime) -> None:
    """Hand a message over to be delivered to `recipient`, after those posted before."""
    buttons = [[button.title, button.payload] for button in message.buttons]
    body = json.dumps({"text": message.text, "buttons": buttons}, ensure_ascii=False)
    session.add(Letter(recipient=recipient, body=body, posted_at=now, not_before=now))
    session.flush()


def waiting(
    session: Session, channel: str, now: datetime, limit: int = 50, recipient: str | None = None
) -> list[Letter]:
    """The letters due on `channel`, oldest first; a postponed one holds back those behind it."""
    query = (
        select(Letter)
        .join(Person, Person.pseudonym == Letter.recipient)
        .where(Person.channel == channel)
        .order_by(Letter.id)
    )
    if recipient is not None:
        query = query.where(Letter.recipient == recipient)
    due: list[Letter] = []
    held: set[str] = set()
    for letter in session.scalars(query.execution_options(yield_per=200)):
        if letter.recipient in held or letter.not_before > now:
            held.add(str(letter.recipient))
        else:
            due.append(letter)
        if len(due) == limit:
            break
    return due


def delivered(session: Session, letter_id: int) -> None:
    """The letter has arrived: nothing of it is kept, nor of a person who asked to be forgotten."""
    letter = session.get(Letter, letter_id)
    if letter is None:
        return
    recipient = letter.recipient
    session.delete(letter)
    session.flush()
    person = session.get(Person, recipient)
    if person is not None and person.forgotten:
        left = session.scalars(select(Letter.id).where(Letter.recipient == recipient)).first()
        if left is None:
            session.delete(person)


def postponed(session: Session, letter_id: int, until: datetime) -> None:
    """The channel could not deliver now: try again at `until`."""
    letter = session.get(Letter, letter_id)
    if letter is not None:
        letter.attempts += 1
        letter.not_before = until


def discard_letters(session: Session, recipient: str) -> None:
    """Throw away what waits for somebody who asked to be forgotten."""
    session.execute(delete(Letter).where(Letter.recipient == recipient))


class Bell:
    """Wakes those who deliver letters; they also look by themselves now and then."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self, timeout: float) -> None:
        """Return when the bell rings, or after `timeout` seconds."""
        try:
            await asyncio.wait_for(self._event.wait(), timeout)
        except asyncio.TimeoutError:
            return
        finally:
            self._event.clear()
