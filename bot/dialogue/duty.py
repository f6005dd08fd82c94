"""The truth about who is there to answer: on duty, when next, and which lines listen meanwhile."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.context import Context
from bot.dialogue.turn import Turn
from bot.directory.listing import Listing
from bot.directory.search import Wish, search
from bot.directory.wording import moment_in_french
from bot.handoff.models import HandoffRequest, Peer
from bot.handoff.peers import at_post, next_duty, on_duty
from bot.handoff.requests import waiting_before
from bot.messages import Message
from bot.safety.cards import TRUSTED

LISTENING = "listening"
LINES = 3


def reachable(session: Session, turn: Turn) -> list[Peer]:
    """The peer workers whom a request of the sender can reach now."""
    return [peer for peer in on_duty(session, turn.at) if peer.person != turn.sender]


def nobody_there(session: Session, turn: Turn, context: Context) -> Message:
    """Nobody can answer now: why, when somebody is there next, and who listens meanwhile."""
    posts = [peer for peer in at_post(session, turn.at) if peer.person != turn.sender]
    if posts:
        parts = [context.phrases.text("utter_all_busy")]
    else:
        parts = [f"{context.phrases.text('utter_nobody_on_duty')}\n{_next(session, turn, context)}"]
    lines = listening_lines(session, turn)
    if lines:
        parts.append(context.phrases.text("utter_listening_lines"))
        parts.extend(f"{line.name}\n{line.phone}" for line in lines)
    return Message("\n\n".join(parts))


def listening_lines(session: Session, turn: Turn) -> list[Listing]:
    """Lines that listen to anybody, open now, whose number can be trusted.

    Those for any talk come before those for an emergency, unless there is danger.
    """
    audience = frozenset(turn.memory.audience)
    found = search(session, Wish(needs=(LISTENING,), at=turn.at, audience=audience)).listings
    lines = [
        line
        for line in found
        if line.needs[:1] == (LISTENING,)
        and line.phone
        and line.level in TRUSTED
        and line.opening.is_open
        and (not line.audience_preferred or line.audience_preferred & audience)
    ]
    if turn.danger is None:
        lines.sort(key=lambda line: "emergency" in line.needs)
    return lines[:LINES]


def position(session: Session, request: HandoffRequest, context: Context) -> str:
    """How many requests wait before this one, in a sentence."""
    before = waiting_before(session, request)
    if not before:
        return context.phrases.text("utter_position_first")
    return context.phrases.text("utter_position_after", before=before)


def _next(session: Session, turn: Turn, context: Context) -> str:
    start = next_duty(session, turn.at)
    if start is None:
        return context.phrases.text("utter_next_duty_unknown")
    return context.phrases.text("utter_next_duty", moment=moment_in_french(start, turn.at))
