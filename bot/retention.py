"""How everything that is kept of a person goes."""

from datetime import datetime, timedelta

from sqlalchemy import delete, inspect, select, text
from sqlalchemy.orm import Session

from bot.handoff.records import erase_records
from bot.outbox import Letter, discard_letters
from bot.people import Person

TRACKER_TABLE = "events"  # Rasa's SQLTrackerStore
KEPT = timedelta(days=30)


def erase(session: Session, pseudonym: str) -> None:
    """Erase requests, talks, waiting letters and the remembered talk of a person."""
    erase_records(session, pseudonym)
    discard_letters(session, pseudonym)
    erase_talk(session, pseudonym)


def erase_talk(session: Session, pseudonym: str) -> None:
    """Erase what Rasa's tracker store holds of a person."""
    if inspect(session.connection()).has_table(TRACKER_TABLE):
        session.execute(
            text(f"DELETE FROM {TRACKER_TABLE} WHERE sender_id = :sender"), {"sender": pseudonym}
        )


def purge(session: Session, now: datetime) -> None:
    """Erase what was written longer ago than it is kept, delivered or not."""
    session.execute(delete(Letter).where(Letter.posted_at < now - KEPT))
    addressed = select(Letter.recipient)
    session.execute(
        delete(Person)
        .where(Person.forgotten, Person.pseudonym.not_in(addressed))
        .execution_options(synchronize_session=False)
    )
    if inspect(session.connection()).has_table(TRACKER_TABLE):
        session.execute(
            text(f"DELETE FROM {TRACKER_TABLE} WHERE timestamp < :before"),
            {"before": (now - KEPT).timestamp()},
        )
        # A browser's session is known as long as its talk is.
        session.execute(
            text(
                f"DELETE FROM person WHERE channel = 'rest' AND pseudonym NOT IN"
                f" (SELECT sender_id FROM {TRACKER_TABLE})"
            )
        )
