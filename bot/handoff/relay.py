"""A running talk: what one side writes goes to the other, without either side's account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.handoff.letters import send
from bot.handoff.models import HandoffRequest, Peer, Side, Status
from bot.messages import Message
from bot.phrases import Phrases


@dataclass(frozen=True)
class Talk:
    """A running talk, seen from the `side` that is speaking; people are pseudonyms."""

    request_id: int
    person: str
    peer_person: str
    alias: str
    side: Side

    @property
    def other(self) -> str:
        """The pseudonym of the one who listens."""
        return self.peer_person if self.side is Side.PERSON else self.person


def talk_of(session: Session, sender: str) -> Talk | None:
    """The running talk that `sender` is in."""
    row = session.execute(
        select(HandoffRequest.id, HandoffRequest.person, Peer.person, Peer.alias)
        .join(Peer, Peer.id == HandoffRequest.taken_by)
        .where(
            HandoffRequest.status == Status.TALKING,
            or_(HandoffRequest.person == sender, Peer.person == sender),
        )
    ).first()
    if row is None:
        return None
    request_id, person, peer_person, alias = row
    side = Side.PERSON if person == sender else Side.PEER
    return Talk(request_id, person, peer_person, alias, side)


def forward(session: Session, talk: Talk, text: str, now: datetime, phrases: Phrases) -> bool:
    """Post what was written to the other side; False when there is nobody to deliver it to."""
    if talk.side is Side.PEER:
        prefix = phrases.text("utter_relay_from_peer", alias=talk.alias)
    else:
        prefix = phrases.text("utter_relay_from_person")
    return send(session, talk.other, Message(f"{prefix}\n{text}"), now)
