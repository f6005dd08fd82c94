"""What peer workers are told of requests: theme, language, since when; never who."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import BRUSSELS
from bot.directory.wording import MONTHS
from bot.handoff.letters import send
from bot.handoff.models import HandoffRequest, Notice, Peer, Status
from bot.handoff.peers import on_duty
from bot.handoff.requests import mark_danger, open_requests, request_of
from bot.messages import Button, Message
from bot.phrases import Phrases


def announce(session: Session, phrases: Phrases, now: datetime) -> int:
    """Post each open request to each peer worker on duty who was not shown it yet.

    May be called at any time, as often as one likes: after a request, when somebody's duty
    begins, when a talk ends. Returns how many letters were posted.
    """
    requests = open_requests(session)
    if not requests:
        return 0
    peers = on_duty(session, now)
    shown = _shown(session, requests)
    posted = 0
    for request in requests:
        for peer in peers:
            if peer.person == request.person or (request.id, peer.id) in shown:
                continue
            if send(session, peer.person, request_card(request, phrases, now), now):
                note_shown(session, request, peer)
                posted += 1
    return posted


def request_card(request: HandoffRequest, phrases: Phrases, now: datetime) -> Message:
    """A request as a peer worker sees it, with the button to take it."""
    text = phrases.text(
        "utter_request_card",
        request=request.id,
        theme=theme_name(str(request.theme), phrases),
        language=language_name(str(request.language), phrases),
        since=since(request.opened_at, now),
    )
    if request.in_danger:
        text = f"{text}\n{phrases.text('utter_request_in_danger')}"
    return Message(text, (_take_button(request, phrases),))


def tell_taken(
    session: Session, phrases: Phrases, request_id: int, winner: Peer, now: datetime
) -> None:
    """Tell the others who were shown a request that it is taken."""
    others = session.scalars(
        select(Peer)
        .join(Notice, Notice.peer_id == Peer.id)
        .where(Notice.request_id == request_id, Peer.id != winner.id)
        .order_by(Peer.id)
    )
    message = phrases.message("utter_request_taken", request=request_id)
    for peer in others:
        send(session, peer.person, message, now)


def alert(session: Session, phrases: Phrases, person: str, now: datetime) -> None:
    """Somebody whose request waits may be in danger: tell the peer workers on duty, once."""
    request = request_of(session, person)
    if request is None or request.in_danger or request.status != Status.OPEN:
        return
    mark_danger(session, person)
    for peer in on_duty(session, now):
        if peer.person != person and send(
            session, peer.person, request_card(request, phrases, now), now
        ):
            note_shown(session, request, peer)


def note_shown(session: Session, request: HandoffRequest, peer: Peer) -> None:
    """Remember that a peer worker has seen a request."""
    if (request.id, peer.id) not in _shown(session, [request]):
        session.add(Notice(request_id=request.id, peer_id=peer.id))
        session.flush()


def theme_name(theme: str, phrases: Phrases) -> str:
    """What a theme is called, in a few words."""
    name = f"utter_theme_{theme}"
    return phrases.text(name if name in phrases else "utter_theme_none")


def language_name(code: str, phrases: Phrases) -> str:
    """What a language is called in French; its code where that is not known."""
    name = f"utter_language_{code}"
    return phrases.text(name) if name in phrases else code


def since(moment: datetime, now: datetime) -> str:
    """ "14:05" today, "le 21 novembre à 14:05" before."""
    local = moment.astimezone(BRUSSELS)
    hour = f"{local.hour}:{local.minute:02d}"
    if local.date() == now.astimezone(BRUSSELS).date():
        return hour
    return f"le {local.day} {MONTHS[local.month - 1]} à {hour}"


def _take_button(request: HandoffRequest, phrases: Phrases) -> Button:
    payload = json.dumps({"request": str(request.id)})
    return Button(phrases.text("utter_take_button"), f"/take_request{payload}")


def _shown(session: Session, requests: list[HandoffRequest]) -> set[tuple[int, int]]:
    query = select(Notice.request_id, Notice.peer_id).where(
        Notice.request_id.in_([request.id for request in requests])
    )
    return {(request_id, peer_id) for request_id, peer_id in session.execute(query)}
