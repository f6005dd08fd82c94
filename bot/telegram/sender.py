"""The queue out: letters of the outbox, in order per person, until Telegram has them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.context import Context
from bot.messages import Message
from bot.outbox import discard_letters, postponed, waiting
from bot.people import address_of
from bot.telegram.courtesy import Courtesies
from bot.telegram.models import CHANNEL, arrived, chat_of, let_go, remember_payloads
from bot.telegram.network import what
from bot.telegram.rendering import Part, Rendering, render

logger = logging.getLogger(__name__)

LOOK_EVERY = 3.0  # seconds, beside the bell
FIRST_PAUSE = 1.0  # doubled after each attempt
LONGEST_PAUSE = 300.0
AT_ONCE = 200  # letters looked at
GRACE = 5.0
PROMPT = "utter_choose"


@dataclass(frozen=True)
class Delivery:
    """A letter on its way to a chat."""

    letter_id: int
    person: str
    address: int
    attempts: int
    rendering: Rendering


class Sender:
    """Delivers letters; people side by side, each in order."""

    def __init__(self, context: Context, bot: ExtBot[int], courtesies: Courtesies) -> None:
        self._context = context
        self._bot = bot
        self._courtesies = courtesies
        self._due = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._under_way: set[int] = set()
        self._sent: dict[int, int] = {}  # parts of a letter that have arrived
        self._closing = False

    def start(self) -> None:
        if not self._loops:
            self._loops = [asyncio.create_task(self._listen()), asyncio.create_task(self._run())]

    async def stop(self) -> None:
        """Let calls under way end; the other letters stay in the outbox."""
        self._closing = True
        for loop in self._loops:
            loop.cancel()
        if self._workers:
            await asyncio.wait(self._workers.values(), timeout=GRACE)
        for worker in self._workers.values():
            worker.cancel()

    async def _listen(self) -> None:
        """The bell has one clapper for all who listen: keep its ring until the loop is free."""
        while True:
            await self._context.bell.wait(LOOK_EVERY)
            self._due.set()

    async def _run(self) -> None:
        while True:
            try:
                for person in self._recipients():
                    if person not in self._workers:
                        self._workers[person] = asyncio.create_task(self._serve(person))
            except Exception as error:
                logger.error("The letters cannot be looked at: %s", what(error))
            await self._due.wait()
            self._due.clear()

    def _recipients(self) -> list[str]:
        with self._context.database.session() as session:
            due = waiting(session, CHANNEL, self._context.now(), limit=AT_ONCE)
            return list(dict.fromkeys(str(letter.recipient) for letter in due))

    async def _serve(self, person: str) -> None:
        """Deliver a person's letters until none is due or one has to wait."""
        try:
            delivery = self._next(person)
            if delivery is not None:
                await self._courtesies.shown(delivery.address)
            while delivery is not None and await self._deliver(delivery):
                delivery = None if self._closing else self._next(person)
        except Exception as error:
            logger.error("A letter has to wait: %s", what(error))
        finally:
            self._workers.pop(person, None)

    def _next(self, person: str) -> Delivery | None:
        """The next letter, rendered; the payloads of its buttons are stored before it leaves."""
        now = self._context.now()
        with self._context.database.session() as session:
            due = waiting(session, CHANNEL, now, limit=1, recipient=person)
            address = address_of(session, person)
            if not due or address is None or due[0].id in self._under_way:
                return None
            letter = due[0]
            message: Message = letter.message
            keyboard_open = chat_of(session, person).titles is not None
            prompt = self._context.phrases.text(PROMPT)
            rendering = render(message, prompt=prompt, keyboard_open=keyboard_open)
            remember_payloads(session, rendering.payloads, now)
            return Delivery(
                int(letter.id), person, int(address[1]), int(letter.attempts), rendering
            )

    async def _deliver(self, delivery: Delivery) -> bool:
        """Whether the next letter of the person may follow."""
        self._under_way.add(delivery.letter_id)
        try:
            await self._send(delivery)
        except RetryAfter as error:
            pause = error.retry_after
            seconds = pause.total_seconds() if isinstance(pause, timedelta) else float(pause)
            return self._postpone(delivery, seconds)
        except Forbidden:
            return self._give_up(delivery)
        except BadRequest as error:
            if "chat not found" in error.message.lower():
                return self._give_up(delivery)
            logger.error("Telegram does not take a letter as it is; it is dropped.")
            self._arrived(delivery)
            return True
        except TelegramError:
            return self._postpone(delivery, pause_after(delivery.attempts))
        finally:
            self._under_way.discard(delivery.letter_id)
        self._courtesies.done(delivery.address)
        self._arrived(delivery)
        return True

    async def _send(self, delivery: Delivery) -> None:
        """Send the parts that have not arrived yet."""
        parts = delivery.rendering.parts
        for number in range(self._sent.get(delivery.letter_id, 0), len(parts)):
            await self._send_part(delivery.address, parts[number])
            self._sent[delivery.letter_id] = number + 1

    async def _send_part(self, chat_id: int, part: Part) -> None:
        try:
            await self._bot.send_message(chat_id, **part.arguments())
        except BadRequest as error:
            if part.markup is None or "chat not found" in error.message.lower():
                raise
            logger.error("Telegram does not take the buttons of a letter; it goes without them.")
            await self._bot.send_message(chat_id, **replace(part, markup=None).arguments())

    def _arrived(self, delivery: Delivery) -> None:
        with self._context.database.session() as session:
            if address_of(session, delivery.person) is not None and delivery.rendering.parts:
                chat_of(session, delivery.person).titles = delivery.rendering.titles
            arrived(session, delivery.letter_id, delivery.person)
        self._sent.pop(delivery.letter_id, None)

    def _postpone(self, delivery: Delivery, seconds: float) -> bool:
        until = self._context.now() + timedelta(seconds=seconds)
        with self._context.database.session() as session:
            postponed(session, delivery.letter_id, until)
        asyncio.get_running_loop().call_later(seconds + 0.05, self._due.set)
        return False

    def _give_up(self, delivery: Delivery) -> bool:
        """The person blocked the assistant or is gone: nothing more is sent."""
        with self._context.database.session() as session:
            discard_letters(session, delivery.person)
            let_go(session, delivery.person)
        self._sent.pop(delivery.letter_id, None)
        return False


def pause_after(attempts: int) -> float:
    """Seconds to wait after a failure that followed `attempts` others."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts, 20))
