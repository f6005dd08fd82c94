"""Letters of the hand-off: only to people whom a channel can reach."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import Message
from bot.outbox import post
from bot.people import address_of


def send(session: Session, recipient: str | None, message: Message, now: datetime) -> bool:
    """Post a letter; False where there is no account to deliver it to (a talk in a terminal)."""
    if recipient is None or address_of(session, recipient) is None:
        return False
    post(session, recipient, message, now)
    return True
