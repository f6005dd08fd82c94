"""What peer workers do through the assistant: join, take a request, be on duty or not."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.context import Context
from bot.dialogue.turn import Reply, Turn
from bot.directory.wording import hours_in_french
from bot.errors import InvitationError
from bot.handoff.letters import send
from bot.handoff.models import HandoffRequest, Peer
from bot.handoff.notices import (
    announce,
    language_name,
    note_shown,
    request_card,
    tell_taken,
    theme_name,
)
from bot.handoff.peers import (
    AlreadyPeer,
    ExpiredInvitation,
    UsedInvitation,
    at_post,
    join,
    peer_of,
    set_paused,
)
from bot.handoff.requests import Take, open_requests, take
from bot.messages import Message

SHOWN = 10  # requests shown at once to somebody who comes on duty

REFUSALS = {
    AlreadyPeer: "utter_invitation_already",
    ExpiredInvitation: "utter_invitation_expired",
    UsedInvitation: "utter_invitation_used",
}
NOT_TAKEN = {
    Take.TAKEN: "utter_request_taken",
    Take.MINE: "utter_request_mine",
    Take.GONE: "utter_request_gone",
    Take.OWN: "utter_request_own",
    Take.BUSY: "utter_peer_busy",
}


def join_peers(turn: Turn, context: Context) -> Reply:
    """The link of an invitation was opened."""
    with context.database.session() as session:
        try:
            peer = join(session, turn.entity("token") or "", turn.sender, turn.at)
        except InvitationError as error:
            known = peer_of(session, turn.sender)
            name = REFUSALS.get(type(error), "utter_invitation_unknown")
            alias = known.alias if known else ""
            return Reply.of(context.phrases.message(name, alias=alias))
        announce(session, context.phrases, turn.at)
        welcome = context.phrases.message(
            "utter_joined", alias=peer.alias, hours=_hours(peer, context)
        )
    return Reply.of(welcome)


def take_request(turn: Turn, context: Context) -> Reply:
    """A peer worker accepts a request: the first wins, the others are told."""
    request_id = number(turn, "request")
    with context.database.session() as session:
        peer = peer_of(session, turn.sender)
        if peer is None:
            return Reply.of(context.phrases.message("utter_not_a_peer"))
        outcome = take(session, request_id, peer, turn.at)
        if outcome is not Take.WON:
            return Reply.of(context.phrases.message(NOT_TAKEN[outcome], request=request_id))
        request = session.get(HandoffRequest, request_id, populate_existing=True)
        accepted = context.phrases.message("utter_request_accepted", alias=peer.alias)
        send(session, request.person, accepted, turn.at)
        tell_taken(session, context.phrases, request.id, peer, turn.at)
        message = context.phrases.message(
            "utter_take_won",
            theme=theme_name(request.theme, context.phrases),
            language=language_name(request.language, context.phrases),
        )
    if request.in_danger:
        warning = context.phrases.text("utter_request_in_danger")
        message = Message(f"{warning}\n\n{message.text}", message.buttons)
    return Reply.of(message)


def set_duty(turn: Turn, context: Context) -> Reply:
    """A peer worker comes on duty, and sees what waits, or takes a break."""
    off = turn.entity("duty") == "off"
    with context.database.session() as session:
        peer = peer_of(session, turn.sender)
        if peer is None:
            return Reply.of(context.phrases.message("utter_not_a_peer"))
        set_paused(session, peer, off)
        if off:
            return Reply.of(context.phrases.message("utter_duty_off"))
        waiting = [one for one in open_requests(session) if one.person != turn.sender]
        outside = peer.id not in {one.id for one in at_post(session, turn.at)}
        message = context.phrases.message(
            "utter_duty_on_outside" if outside else "utter_duty_on",
            count=len(waiting),
            hours=_hours(peer, context),
        )
        return Reply.of(message, *_cards(session, waiting[:SHOWN], peer, turn, context))


def number(turn: Turn, entity: str) -> int:
    """The number that a button carries; 0, which nothing has, for anything else."""
    value = turn.entity(entity) or ""
    return int(value) if value.isdecimal() and len(value) < 10 else 0


def _cards(
    session: Session, requests: list[HandoffRequest], peer: Peer, turn: Turn, context: Context
) -> list[Message]:
    for request in requests:
        note_shown(session, request, peer)
    return [request_card(request, context.phrases, turn.at) for request in requests]


def _hours(peer: Peer, context: Context) -> str:
    if not peer.duty_hours:
        return context.phrases.text("utter_duty_any_time")
    return hours_in_french(str(peer.duty_hours)).replace("\n", " ; ")
