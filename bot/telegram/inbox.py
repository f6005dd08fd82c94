"""The queue in: updates are stored, then handled in order per person, people side by side."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from telegram import Update
from telegram.constants import ChatType

from bot.context import Context
from bot.errors import DatabaseError
from bot.outbox import discard_letters, post
from bot.people import address_of, is_forgotten, pseudonym_of
from bot.telegram.courtesy import Courtesies
from bot.telegram.models import (
    CHANNEL,
    StoredUpdate,
    chat_of,
    drop_update,
    is_new,
    known_person,
    let_go,
    next_update,
    people_waiting,
    renewed,
    tidy,
)
from bot.telegram.network import what
from bot.telegram.turns import Outcome, Stored, Turns
from bot.telegram.updates import IGNORED, TROUBLE, Happening, Kind, read

logger = logging.getLogger(__name__)

FIRST_PAUSE = 1.0  # doubled after each failure of the database
LONGEST_PAUSE = 60.0
GRACE = 10.0  # seconds that turns under way get when the assistant stops
PERSONAL = frozenset({Kind.SAY, Kind.EDIT, Kind.TAP})


class Inbox(asyncio.Queue["object"]):
    """Takes updates in; an `asyncio.Queue` because that is where an Updater puts them."""

    def __init__(self, context: Context, turns: Turns, courtesies: Courtesies) -> None:
        super().__init__()
        self.username = ""
        self._context = context
        self._turns = turns
        self._courtesies = courtesies
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._closing = False

    def start(self) -> None:
        """Handle what an earlier run left.

        Raises:
            DatabaseError: when the database cannot be read.
        """
        with self._context.database.session() as session:
            tidy(session, self._context.now())
            waiting = people_waiting(session)
        for person in waiting:
            self._wake(person)

    async def stop(self) -> None:
        """Let turns under way end; what waits stays stored."""
        self._closing = True
        if self._workers:
            await asyncio.wait(self._workers.values(), timeout=GRACE)
        for worker in self._workers.values():
            worker.cancel()

    async def put(self, item: object) -> None:
        """Return once the update is stored: Telegram is told that it arrived only after that."""
        assert isinstance(item, Update)
        pause = FIRST_PAUSE
        while True:
            try:
                return self.store(item)
            except (DatabaseError, SQLAlchemyError) as error:
                pause = await self._wait_for_database(error, pause)
            except Exception as error:
                logger.error("The update %s cannot be stored: %s", item.update_id, what(error))
                return None

    def store(self, update: Update) -> None:
        """Store an update of a person, or see to it now where nothing is kept.

        Raises:
            DatabaseError: when it could not be stored.
        """
        happening = self._read(update)
        if happening.kind is Kind.IGNORED:
            return
        try:
            person = self._take_in(update.update_id, happening)
        except IntegrityError:  # another process stored it, or met the person, at the same time
            person = self._take_in(update.update_id, happening)
        if person is not None:
            self._wake(person)

    def _read(self, update: Update) -> Happening:
        try:
            return read(update, self.username)
        except Exception as error:
            logger.error(
                "The update %s was not understood (%s).", update.update_id, type(error).__name__
            )
            chat = update.effective_chat
            if chat is None or chat.type != ChatType.PRIVATE:
                return IGNORED
            return Happening(Kind.SAY, chat.id, phrase=TROUBLE)

    def _take_in(self, update_id: int, happening: Happening) -> str | None:
        now = self._context.now()
        person = None
        with self._context.database.session() as session:
            if not is_new(session, update_id, now):
                return None
            if happening.kind is Kind.BLOCKED:
                known = known_person(session, str(happening.address))
                if known is not None:
                    discard_letters(session, known)
            elif happening.kind in PERSONAL:
                person = pseudonym_of(session, CHANNEL, str(happening.address))
                body = happening.as_json()
                session.add(
                    StoredUpdate(update_id=update_id, person=person, body=body, received_at=now)
                )
            tidy(session, now)
        if happening.kind is Kind.GROUP:
            text = self._context.phrases.text(happening.phrase)
            self._courtesies.reply(happening.address, text)
        elif happening.kind is Kind.ELSEWHERE:
            self._courtesies.answer(happening.query_id)
        return person

    def _wake(self, person: str) -> None:
        if person not in self._workers and not self._closing:
            self._workers[person] = asyncio.create_task(self._work(person))

    async def _work(self, person: str) -> None:
        """Handle a person's updates until none is left; nothing is awaited after that."""
        pause = FIRST_PAUSE
        while not self._closing:
            try:
                stored = self._next(person)
                if stored is None:
                    break
                await self._handle(stored)
                pause = FIRST_PAUSE
            except Exception as error:
                pause = await self._wait_for_database(error, pause)
        self._workers.pop(person, None)

    def _next(self, person: str) -> Stored | None:
        with self._context.database.session() as session:
            row = next_update(session, person)
            if row is None:
                return None
            if is_forgotten(session, person):
                person = renewed(session, person)
                row = None
            address = address_of(session, person)
            if row is not None and address is None:
                drop_update(session, int(row.update_id))  # forgotten from outside meanwhile
        if row is None:
            self._wake(person)
            return None
        if address is None:
            return self._next(person)
        return Stored(int(row.update_id), person, int(address[1]), _meaning(row))

    async def _handle(self, stored: Stored) -> None:
        if stored.happening.query_id:
            self._courtesies.answer(stored.happening.query_id)
        if stored.happening.kind is not Kind.EDIT:
            self._courtesies.typing(stored.address)
        outcome = await self._turns.take(stored)
        pause = FIRST_PAUSE
        while True:
            try:
                self._finish(stored, outcome)
                break
            except (DatabaseError, SQLAlchemyError) as error:
                pause = await self._wait_for_database(error, pause)
        self._context.bell.ring()

    def _finish(self, stored: Stored, outcome: Outcome) -> None:
        """In one transaction: the answers are posted and the update is gone."""
        with self._context.database.session() as session:
            drop_update(session, stored.update_id)
            if address_of(session, stored.person) is None:
                return
            chat = chat_of(session, stored.person)
            if outcome.last_message:
                chat.last_message = outcome.last_message
                chat.last_digest = outcome.last_digest
            if outcome.album:
                chat.album = outcome.album
            for message in outcome.messages:
                post(session, stored.person, message, self._context.now())
            let_go(session, stored.person)

    async def _wait_for_database(self, error: Exception, pause: float) -> float:
        logger.error("%s", what(error))
        await asyncio.sleep(pause)
        return min(LONGEST_PAUSE, pause * 2)


def _meaning(row: StoredUpdate) -> Happening:
    """What was stored; what another version stored and this one cannot read gets an apology."""
    try:
        return Happening.from_json(str(row.body))
    except (KeyError, TypeError, ValueError) as error:
        logger.error("The stored update %s cannot be read (%s).", row.update_id, what(error))
        return Happening(Kind.SAY, phrase=TROUBLE)
