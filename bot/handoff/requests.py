"""Requests to talk with a peer worker: opened, taken by the first, ended or cancelled, rated."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.handoff.models import HandoffRequest, Peer, Side, Status

STARS = range(1, 6)
RUNNING = (Status.OPEN, Status.TALKING)


class Take(Enum):
    """What became of a peer worker's wish to take a request."""

    WON = "won"
    TAKEN = "taken"  # another was first
    MINE = "mine"  # this peer worker has it already
    GONE = "gone"  # cancelled, ended or erased
    OWN = "own"  # nobody answers their own request
    BUSY = "busy"  # in a talk, or waiting for somebody themselves


def open_request(
    session: Session,
    person: str,
    theme: str,
    language: str,
    now: datetime,
    in_danger: bool = False,
) -> HandoffRequest | None:
    """Store a request, or return the one that is running; None while `person` helps another."""
    running = request_of(session, person)
    if running is not None:
        return running
    if _helping(session, person):
        return None
    request = HandoffRequest(
        person=person,
        theme=theme,
        language=language,
        status=Status.OPEN,
        opened_at=now,
        in_danger=in_danger,
    )
    session.add(request)
    session.flush()
    return request


def request_of(session: Session, person: str) -> HandoffRequest | None:
    """The request of a person that is open or has become a talk."""
    return session.scalars(
        select(HandoffRequest)
        .where(HandoffRequest.person == person, HandoffRequest.status.in_(RUNNING))
        .execution_options(populate_existing=True)
    ).first()


def open_requests(session: Session) -> list[HandoffRequest]:
    """Those that wait, danger first, then in the order in which they came."""
    waiting = select(HandoffRequest).where(HandoffRequest.status == Status.OPEN)
    ordered = waiting.order_by(HandoffRequest.in_danger.desc(), HandoffRequest.id)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def waiting_before(session: Session, request: HandoffRequest) -> int:
    """How many open requests came before this one."""
    query = select(func.count()).where(
        HandoffRequest.status == Status.OPEN, HandoffRequest.id < request.id
    )
    return int(session.scalar(query) or 0)


def take(session: Session, request_id: int, peer: Peer, now: datetime) -> Take:
    """Give an open request to `peer`, if nobody was first; two calls can never both win.

    The update comes before any other writing of the transaction: the database decides.
    """
    # Where rows can be locked (PostgreSQL), one peer worker takes one request at a time.
    session.execute(select(Peer.id).where(Peer.id == peer.id).with_for_update())
    other = aliased(HandoffRequest)
    busy = select(other.id).where(
        or_(
            (other.taken_by == peer.id) & (other.status == Status.TALKING),
            (other.person == peer.person) & other.status.in_(RUNNING),
        )
    )
    won = session.execute(
        update(HandoffRequest)
        .where(
            HandoffRequest.id == request_id,
            HandoffRequest.status == Status.OPEN,
            HandoffRequest.person != peer.person,
            ~busy.exists(),
        )
        .values(status=Status.TALKING, taken_by=peer.id, taken_at=now)
        .execution_options(synchronize_session=False)
    )
    if won.rowcount == 1:
        return Take.WON
    request = session.get(HandoffRequest, request_id, populate_existing=True)
    if request is None or request.status not in RUNNING:
        return Take.GONE
    if request.status == Status.TALKING:
        return Take.MINE if request.taken_by == peer.id else Take.TAKEN
    return Take.OWN if request.person == peer.person else Take.BUSY


def end(session: Session, request_id: int, side: Side, now: datetime) -> bool:
    """End a talk; False when it had ended already."""
    return _close(
        session, request_id, Status.TALKING, status=Status.ENDED, ended_at=now, ended_by=side
    )


def cancel(session: Session, request_id: int, now: datetime) -> bool:
    """Take back an open request; False when it is not open any more."""
    return _close(
        session,
        request_id,
        Status.OPEN,
        status=Status.CANCELLED,
        ended_at=now,
        ended_by=Side.PERSON,
    )


def rate(session: Session, request_id: int, person: str, stars: int) -> bool:
    """Note how the person found an ended talk of theirs, 1 to 5; False when it is not theirs."""
    if stars not in STARS:
        return False
    noted = session.execute(
        update(HandoffRequest)
        .where(
            HandoffRequest.id == request_id,
            HandoffRequest.person == person,
            HandoffRequest.status == Status.ENDED,
        )
        .values(rating=stars)
        .execution_options(synchronize_session=False)
    )
    return bool(noted.rowcount == 1)


def set_theme(session: Session, request: HandoffRequest, theme: str) -> None:
    """The person says what an open request is about after all."""
    request.theme = theme
    session.flush()


def mark_danger(session: Session, person: str) -> None:
    """What the person wrote may mean danger: peer workers see it on the running request."""
    request = request_of(session, person)
    if request is not None:
        request.in_danger = True
        session.flush()


def _close(session: Session, request_id: int, expected: Status, **values: object) -> bool:
    closed = session.execute(
        update(HandoffRequest)
        .where(HandoffRequest.id == request_id, HandoffRequest.status == expected)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(closed.rowcount == 1)


def _helping(session: Session, person: str) -> bool:
    """Whether `person` is the peer worker of a running talk."""
    query = (
        select(HandoffRequest.id)
        .join(Peer, Peer.id == HandoffRequest.taken_by)
        .where(Peer.person == person, HandoffRequest.status == Status.TALKING)
    )
    return session.scalars(query).first() is not None
