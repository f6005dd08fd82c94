"""What the Telegram channel keeps: updates until they are handled, and a little of each chat."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, ForeignKey, String, Text, delete, select, update
from sqlalchemy.orm import Session

from bot.database import Base, Moment
from bot.outbox import Letter, delivered
from bot.people import Person, address_of, is_forgotten, pseudonym_of

CHANNEL = "telegram"
SEEN_FOR = timedelta(days=2)  # Telegram offers an update again for 24 hours
BUTTONS_FOR = timedelta(days=90)


class StoredUpdate(Base):
    """An update that Telegram handed over: what it means, until it is handled."""

    __tablename__ = "telegram_update"

    update_id = Column(BigInteger, primary_key=True, autoincrement=False)
    # No foreign key: what somebody writes after "oublie-moi" is answered too, see `renewed`.
    person = Column(String(32), nullable=False, index=True)
    body = Column(Text, nullable=False)
    received_at = Column(Moment, nullable=False)


class SeenUpdate(Base):
    """The number of an update taken in, so that it is never handled twice."""

    __tablename__ = "telegram_seen"

    update_id = Column(BigInteger, primary_key=True, autoincrement=False)
    at = Column(Moment, nullable=False, index=True)


class Chat(Base):
    """What must be known of a person's chat: the latest message, the keyboard that is open."""

    __tablename__ = "telegram_chat"

    person = Column(
        String(32), ForeignKey("person.pseudonym", ondelete="CASCADE"), primary_key=True
    )
    last_message = Column(BigInteger, nullable=False, default=0)
    last_digest = Column(String(16), nullable=False, default="")
    album = Column(String(64), nullable=False, default="")
    keyboard = Column(Text)

    @property
    def titles(self) -> dict[str, str] | None:
        """The payloads behind the texts of the reply keyboard, or None where none is open."""
        return None if self.keyboard is None else dict(json.loads(str(self.keyboard)))

    @titles.setter
    def titles(self, titles: dict[str, str] | None) -> None:
        self.keyboard = None if titles is None else json.dumps(titles, ensure_ascii=False)


class CallbackPayload(Base):
    """A payload that is too long for a button, by the key that the button carries."""

    __tablename__ = "callback_payload"

    key = Column(String(64), primary_key=True)
    payload = Column(Text, nullable=False)
    used_at = Column(Moment, nullable=False, index=True)


def chat_of(session: Session, person: str) -> Chat:
    """The chat of a person, made when it is asked for first."""
    chat: Chat | None = session.get(Chat, person)
    if chat is None:
        chat = Chat(person=person, last_message=0, last_digest="", album="")
        session.add(chat)
        session.flush()
    return chat


def known_person(session: Session, account: str) -> str | None:
    """The pseudonym behind an account that wrote before."""
    query = select(Person.pseudonym).where(Person.channel == CHANNEL, Person.address == account)
    found: str | None = session.scalars(query).first()
    return found


def digest(person: str, text: str) -> str:
    """Tells whether a text changed without keeping it."""
    return hashlib.blake2b(text.encode(), digest_size=8, key=person.encode()).hexdigest()


def is_new(session: Session, update_id: int, now: datetime) -> bool:
    """Whether this update comes for the first time; from now on it no longer does."""
    if session.get(SeenUpdate, update_id) is not None:
        return False
    session.add(SeenUpdate(update_id=update_id, at=now))
    session.flush()
    return True


def next_update(session: Session, person: str) -> StoredUpdate | None:
    """The oldest update of a person that waits."""
    query = select(StoredUpdate).where(StoredUpdate.person == person)
    found: StoredUpdate | None = session.scalars(query.order_by(StoredUpdate.update_id)).first()
    return found


def people_waiting(session: Session) -> list[str]:
    """Everybody who has an update that waits, the longest waiting first."""
    query = select(StoredUpdate.person).order_by(StoredUpdate.update_id)
    return list(dict.fromkeys(session.scalars(query)))


def drop_update(session: Session, update_id: int) -> None:
    session.execute(delete(StoredUpdate).where(StoredUpdate.update_id == update_id))


def remember_payloads(session: Session, payloads: Mapping[str, str], now: datetime) -> None:
    """Keep the payloads of buttons that carry a key."""
    for key, payload in payloads.items():
        session.merge(CallbackPayload(key=key, payload=payload, used_at=now))


def payload_of(session: Session, key: str) -> str | None:
    kept = session.get(CallbackPayload, key)
    return None if kept is None else str(kept.payload)


def tidy(session: Session, now: datetime) -> None:
    """Let go of what is no longer of use."""
    session.execute(delete(SeenUpdate).where(SeenUpdate.at < now - SEEN_FOR))
    session.execute(delete(CallbackPayload).where(CallbackPayload.used_at < now - BUTTONS_FOR))


def renewed(session: Session, person: str) -> str:
    """A new pseudonym for somebody who was forgotten and writes again; what waits moves along."""
    address = address_of(session, person)
    if address is None:
        raise LookupError("the person is not known")
    channel, account = address
    session.execute(update(Person).where(Person.pseudonym == person).values(address=f"-{person}"))
    session.flush()
    new = pseudonym_of(session, channel, account)
    for table, column in ((StoredUpdate, StoredUpdate.person), (Letter, Letter.recipient)):
        session.execute(
            update(table).where(column == person).values({column.key: new}),
            execution_options={"synchronize_session": False},
        )
    session.flush()
    session.expire_all()
    session.execute(delete(Person).where(Person.pseudonym == person))
    return new


def arrived(session: Session, letter_id: int, person: str) -> None:
    """A letter has been delivered; somebody forgotten stays while an update of theirs waits."""
    if is_forgotten(session, person) and next_update(session, person) is not None:
        session.execute(delete(Letter).where(Letter.id == letter_id))
    else:
        delivered(session, letter_id)


def let_go(session: Session, person: str) -> None:
    """Cut the last link to somebody who asked to be forgotten, once nothing waits for them."""
    if not is_forgotten(session, person):
        return
    letters = session.scalars(select(Letter.id).where(Letter.recipient == person)).first()
    if letters is None and next_update(session, person) is None:
        session.execute(delete(Person).where(Person.pseudonym == person))
