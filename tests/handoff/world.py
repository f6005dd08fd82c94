"""A small world for the tests of the hand-off: a database, people, peer workers, their letters."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from bot.clock import BRUSSELS, fixed, set_clock
from bot.context import Context
from bot.dialogue.turn import Memory, Reply, Turn
from bot.handoff.models import HandoffRequest, Peer
from bot.handoff.peers import invite, join
from bot.messages import Button, Message
from bot.outbox import delivered, waiting
from bot.people import pseudonym_of

CHANNEL = "double"
SUNDAY_MORNING = datetime(2026, 11, 22, 9, 30, tzinfo=BRUSSELS)
Handler = Callable[[Turn, Context], Reply]


class World:
    """Everything a test of the hand-off does, in words of the hand-off."""

    def __init__(self, context: Context, now: datetime = SUNDAY_MORNING) -> None:
        self.context = context
        self._addresses = count(1)
        self.set_time(now)

    def set_time(self, now: datetime) -> None:
        self.now = now
        set_clock(fixed(now))

    def pass_time(self, **duration: float) -> None:
        self.set_time(self.now + timedelta(**duration))

    def somebody(self) -> str:
        """A person with an account on a channel."""
        with self.context.database.session() as session:
            return pseudonym_of(session, CHANNEL, f"account {next(self._addresses)}")

    def peer(self, alias: str = "Sam", hours: str = "") -> str:
        """A peer worker who has joined; the pseudonym."""
        person = self.somebody()
        with self.context.database.session() as session:
            token = invite(session, alias, "rue", "fr", hours, self.now)
            join(session, token, person, self.now)
        return person

    def peer_row(self, person: str) -> Peer:
        with self.context.database.session() as session:
            return session.query(Peer).filter(Peer.person == person).one()

    def requests(self) -> list[HandoffRequest]:
        with self.context.database.session() as session:
            return list(session.query(HandoffRequest).order_by(HandoffRequest.id))

    def do(
        self,
        handler: Handler,
        sender: str,
        intent: str = "",
        memory: Memory | None = None,
        **more: object,
    ) -> Reply:
        """One turn of `sender`; `more` are entities, or `danger`."""
        danger = more.pop("danger", None)
        entities = tuple((name, str(value)) for name, value in more.items())
        turn = Turn(
            sender=sender,
            intent=intent or handler.__name__,
            at=self.now,
            memory=memory or Memory(),
            channel=CHANNEL,
            entities=entities,
            danger=danger,  # type: ignore[arg-type]
        )
        return handler(turn, self.context)

    def letters(self, person: str) -> list[Message]:
        """Deliver what waits for somebody."""
        with self.context.database.session() as session:
            found = waiting(session, CHANNEL, self.now, 1000, person)
            messages = [letter.message for letter in found]
            for letter in found:
                delivered(session, letter.id)
        return messages

    def texts(self, person: str) -> list[str]:
        return [message.text for message in self.letters(person)]


def said(reply: Reply) -> str:
    """Everything a reply says."""
    return "\n\n".join(message.text for message in reply.messages)


def buttons(*messages: Message) -> list[Button]:
    return [button for message in messages for button in message.buttons]


def payloads(*messages: Message) -> list[str]:
    return [button.payload for button in buttons(*messages)]


def entities_of(payload: str) -> dict[str, str]:
    """The entities of `/intent{"entity": "value"}`."""
    return dict(json.loads(payload[payload.index("{") :])) if "{" in payload else {}
