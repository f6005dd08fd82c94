"""Who is who: the one table where a channel's identity meets its pseudonym."""

import secrets

from sqlalchemy import Boolean, Column, String, UniqueConstraint, select
from sqlalchemy.orm import Session

from bot.database import Base


class Person(Base):
    """An account on a channel and the pseudonym under which everything else knows it."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    pseudonym = Column(String(32), primary_key=True)
    channel = Column(String(32), nullable=False)
    address = Column(String(64), nullable=False)
    forgotten = Column(Boolean, nullable=False, default=False)


def pseudonym_of(session: Session, channel: str, address: str) -> str:
    """The pseudonym of an account, made at its first message."""
    person = session.scalars(
        select(Person).where(Person.channel == channel, Person.address == address)
    ).first()
    if person is None:
        person = Person(pseudonym=secrets.token_hex(8), channel=channel, address=address)
        session.add(person)
        session.flush()
    return str(person.pseudonym)


def address_of(session: Session, pseudonym: str) -> tuple[str, str] | None:
    """The channel and the address behind a pseudonym, or None where it is not known."""
    person = session.get(Person, pseudonym)
    return None if person is None else (str(person.channel), str(person.address))


def mark_forgotten(session: Session, pseudonym: str) -> None:
    """The person asked to be forgotten: the row goes once the last letter has been delivered."""
    person = session.get(Person, pseudonym)
    if person is not None:
        person.forgotten = True


def is_forgotten(session: Session, pseudonym: str) -> bool:
    person = session.get(Person, pseudonym)
    return person is not None and bool(person.forgotten)
