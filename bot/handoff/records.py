"""What the hand-off keeps of somebody: counted, and erased when asked."""

from __future__ import annotations

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.clock import now
from bot.handoff.letters import send
from bot.handoff.models import HandoffRequest, Invitation, Notice, Peer, Side
from bot.handoff.peers import peer_of
from bot.handoff.relay import talk_of
from bot.handoff.requests import end
from bot.phrases import phrases


def erase_records(session: Session, pseudonym: str) -> None:
    """Erase somebody's requests and talks, and the peer worker that they may be.

    Whoever was talking with them is told that they left.
    """
    talk = talk_of(session, pseudonym)
    if talk is not None:
        end(session, talk.request_id, talk.side, now())
        left = "utter_person_left" if talk.side is Side.PERSON else "utter_peer_left"
        send(session, talk.other, phrases().message(left), now())
    own = select(HandoffRequest.id).where(HandoffRequest.person == pseudonym)
    _run(session, delete(Notice).where(Notice.request_id.in_(own)))
    _run(session, delete(HandoffRequest).where(HandoffRequest.person == pseudonym))
    peer = peer_of(session, pseudonym)
    if peer is not None:
        taken = update(HandoffRequest).where(HandoffRequest.taken_by == peer.id)
        _run(session, taken.values(taken_by=None))
        _run(session, delete(Notice).where(Notice.peer_id == peer.id))
        _run(session, delete(Invitation).where(Invitation.peer_id == peer.id))
        session.delete(peer)
    session.flush()
    session.expire_all()


def count_records(session: Session, pseudonym: str) -> tuple[int, int]:
    """How many requests of somebody are kept, and how many talks, on either side of them."""
    requests = select(func.count()).where(HandoffRequest.person == pseudonym)
    talks = (
        select(func.count(HandoffRequest.id))
        .outerjoin(Peer, Peer.id == HandoffRequest.taken_by)
        .where(
            HandoffRequest.taken_at.is_not(None),
            or_(HandoffRequest.person == pseudonym, Peer.person == pseudonym),
        )
    )
    return int(session.scalar(requests) or 0), int(session.scalar(talks) or 0)


def _run(session: Session, statement: object) -> None:
    session.execute(statement.execution_options(synchronize_session=False))  # type: ignore[attr-defined]
