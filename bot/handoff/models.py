"""The tables of the peer workers and of the requests to talk with one; no message is kept here."""

from enum import Enum

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy import Enum as Choice

from bot.database import Base, Moment


class Status(str, Enum):
    """Where a request stands."""

    OPEN = "open"
    TALKING = "talking"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Side(str, Enum):
    """The two sides of a talk."""

    PERSON = "person"
    PEER = "peer"


def _values(choices: type[Enum]) -> list[str]:
    return [str(one.value) for one in choices]


class Peer(Base):
    """A peer worker; `person` is the pseudonym, from the moment the invitation was accepted."""

    __tablename__ = "peer"
    __table_args__ = {"sqlite_autoincrement": True}

    id = Column(Integer, primary_key=True)
    person = Column(String(32), unique=True)
    alias = Column(String(40), nullable=False)
    experience = Column(Text, nullable=False, default="")
    languages = Column(Text, nullable=False, default="")  # codes: "fr;ar"
    duty_hours = Column(Text, nullable=False, default="")  # OSM opening_hours; "" is any time
    paused = Column(Boolean, nullable=False, default=False)
    invited_at = Column(Moment, nullable=False)
    joined_at = Column(Moment)


class Invitation(Base):
    """A link that works once; only the fingerprint of its token is kept."""

    __tablename__ = "invitation"

    token_hash = Column(String(64), primary_key=True)
    peer_id = Column(ForeignKey("peer.id", ondelete="CASCADE"), nullable=False, index=True)
    expires_at = Column(Moment, nullable=False)
    used_at = Column(Moment)


class HandoffRequest(Base):
    """Somebody's wish to talk with a peer worker, and the talk that came of it."""

    __tablename__ = "handoff_request"

    id = Column(Integer, primary_key=True)
    person = Column(String(32), nullable=False, index=True)
    theme = Column(String(40), nullable=False, default="")
    language = Column(String(8), nullable=False, default="fr")
    status = Column(
        Choice(Status, native_enum=False, length=10, values_callable=_values),
        nullable=False,
        default=Status.OPEN,
        index=True,
    )
    opened_at = Column(Moment, nullable=False)
    taken_by = Column(ForeignKey("peer.id", ondelete="SET NULL"), index=True)
    taken_at = Column(Moment)
    ended_at = Column(Moment)
    ended_by = Column(Choice(Side, native_enum=False, length=10, values_callable=_values))
    rating = Column(Integer)
    in_danger = Column(Boolean, nullable=False, default=False)

    # The laws of the hand-off, kept by the database itself whatever runs beside.
    __table_args__ = (
        Index(
            "one_request_a_person",
            "person",
            unique=True,
            sqlite_where=text("status IN ('open', 'talking')"),
            postgresql_where=text("status IN ('open', 'talking')"),
        ),
        Index(
            "one_talk_a_peer",
            "taken_by",
            unique=True,
            sqlite_where=text("status = 'talking'"),
            postgresql_where=text("status = 'talking'"),
        ),
        # A number is never given twice: an old button must not reach a newer request.
        {"sqlite_autoincrement": True},
    )


class Notice(Base):
    """Which peer worker was shown which request."""

    __tablename__ = "handoff_notice"
    __table_args__ = (UniqueConstraint("request_id", "peer_id"),)

    id = Column(Integer, primary_key=True)
    request_id = Column(
        ForeignKey("handoff_request.id", ondelete="CASCADE"), nullable=False, index=True
    )
    peer_id = Column(ForeignKey("peer.id", ondelete="CASCADE"), nullable=False, index=True)
