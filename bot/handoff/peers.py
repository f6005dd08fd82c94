"""Peer workers: invited by a link that works once, on duty or not."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import BRUSSELS
from bot.directory.hours import HoursError, check_hours, opening_at
from bot.errors import InvitationError
from bot.handoff.models import HandoffRequest, Invitation, Peer, Status

START_PREFIX = "peer_"  # the link is https://t.me/BOT?start=peer_TOKEN
VALID = timedelta(days=7)
HORIZON = timedelta(days=370)  # how far ahead the next duty is looked for
STEPS = 800  # changes of the hours looked at on the way


class UnknownInvitation(InvitationError):
    """No invitation has this token."""


class UsedInvitation(InvitationError):
    """Somebody else has used the link."""


class ExpiredInvitation(InvitationError):
    """The link is too old."""


class AlreadyPeer(InvitationError):
    """The account belongs to a peer worker already."""


def invite(
    session: Session,
    alias: str,
    experience: str,
    languages: str,
    duty_hours: str,
    now: datetime,
) -> str:
    """Note a new peer worker and return the token of the link, valid for seven days.

    `languages` are codes with ";" between; `duty_hours` are OSM opening_hours, "" is any time.

    Raises:
        InvitationError: without an alias that fits.
        HoursError: when the hours cannot be read, or never tell an hour.
    """
    alias = alias.strip()
    if not 0 < len(alias) <= 40:
        raise InvitationError(
            "A peer worker needs an alias of 1 to 40 characters: the name that people will see."
        )
    duty_hours = duty_hours.strip()
    if duty_hours:
        check_hours(duty_hours)
        if next_start(duty_hours, now) is None:
            raise HoursError(
                f"the duty hours {duty_hours!r} never tell when somebody is there; "
                "write days and times, for example Mo-Fr 09:00-17:00."
            )
    peer = Peer(
        alias=alias,
        experience=experience.strip(),
        languages=languages.strip(),
        duty_hours=duty_hours,
        invited_at=now,
    )
    session.add(peer)
    session.flush()
    token = secrets.token_urlsafe(24)
    session.add(Invitation(token_hash=_fingerprint(token), peer_id=peer.id, expires_at=now + VALID))
    session.flush()
    return token


def join(session: Session, token: str, person: str, now: datetime) -> Peer:
    """Make `person` the peer worker that the link was made for.

    The same person may use the link again: nothing changes then.

    Raises:
        InvitationError: in one sentence, for a link that is unknown, used or too old, and for
            somebody who is a peer worker already.
    """
    invitation = session.get(Invitation, _fingerprint(token.removeprefix(START_PREFIX)))
    if invitation is None:
        raise UnknownInvitation("This invitation link is not known; ask for a new one.")
    peer = session.get(Peer, invitation.peer_id)
    if peer.person == person:
        return peer
    if invitation.used_at is not None:
        raise UsedInvitation("This invitation link has been used; ask for a new one.")
    if invitation.expires_at <= now:
        raise ExpiredInvitation("This invitation link is older than 7 days; ask for a new one.")
    if peer_of(session, person) is not None:
        raise AlreadyPeer("This account is a peer worker already; the link was not used.")
    used = session.execute(
        update(Invitation)
        .where(Invitation.token_hash == invitation.token_hash, Invitation.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    if used.rowcount != 1:
        raise UsedInvitation("This invitation link has been used; ask for a new one.")
    peer.person = person
    peer.joined_at = now
    session.flush()
    return peer


def peer_of(session: Session, person: str) -> Peer | None:
    """The peer worker behind a pseudonym."""
    return session.scalars(select(Peer).where(Peer.person == person)).first()


def set_paused(session: Session, peer: Peer, paused: bool) -> None:
    """A peer worker takes a break, or is back."""
    peer.paused = paused
    session.flush()


def at_post(session: Session, now: datetime) -> list[Peer]:
    """The peer workers whose duty it is at `now`, those in a talk included."""
    joined = select(Peer).where(Peer.joined_at.is_not(None), Peer.paused.is_(False))
    return [
        peer
        for peer in session.scalars(joined.order_by(Peer.id))
        if not peer.duty_hours or opening_at(peer.duty_hours, now).is_open
    ]


def on_duty(session: Session, now: datetime) -> list[Peer]:
    """The peer workers whom a request can reach at `now`: at their post and not in a talk."""
    talks = session.execute(
        select(HandoffRequest.taken_by, HandoffRequest.person).where(
            HandoffRequest.status == Status.TALKING
        )
    ).all()
    helping = {peer_id for peer_id, _ in talks}
    helped = {person for _, person in talks}
    return [
        peer
        for peer in at_post(session, now)
        if peer.id not in helping and peer.person not in helped
    ]


def next_duty(session: Session, now: datetime) -> datetime | None:
    """When the duty of a peer worker starts next after `now`, if any has hours."""
    hours = session.scalars(
        select(Peer.duty_hours).where(
            Peer.joined_at.is_not(None), Peer.paused.is_(False), Peer.duty_hours != ""
        )
    )
    starts = [next_start(one, now) for one in set(hours) if not opening_at(one, now).is_open]
    return min((start for start in starts if start is not None), default=None)


def next_start(hours: str, now: datetime) -> datetime | None:
    """The first moment from `now` on at which `hours` surely are open."""
    at = now
    for _ in range(STEPS):
        opening = opening_at(hours, at)
        if opening.is_open:
            return at
        tomorrow = (at.astimezone(BRUSSELS) + timedelta(days=1)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        # Hours that are not known (a holiday) tell no change: look again the next day.
        at = opening.next_change or tomorrow
        if at - now > HORIZON:
            break
    return None


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
