"""An assistant on the double: the real connector, with a handler that only echoes."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage

from bot import clock
from bot.context import Context
from bot.database import Database
from bot.directory.loader import load_directory
from bot.knowledge.cards import cards
from bot.messages import Message
from bot.outbox import post
from bot.people import pseudonym_of
from bot.phrases import phrases
from bot.settings import Settings
from bot.telegram import inbox, sender, service
from bot.telegram.models import CHANNEL, StoredUpdate
from bot.telegram.service import Telegram
from tests.telegram_server import Person, TelegramServer

Answer = Callable[[UserMessage], Awaitable[None]]


class Echo:
    """Stands for the desk and Rasa: remembers what it hears, and says it again."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []
        self.answers: dict[str, Answer | list[Message]] = {}

    @property
    def texts(self) -> list[str]:
        return [str(message.text) for message in self.heard]

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message)
        answer = self.answers.get(str(message.text), [Message(f"« {message.text} »")])
        if isinstance(answer, list):
            for one in answer:
                await say(message, one)
        else:
            await answer(message)


async def say(message: UserMessage, answer: Message) -> None:
    """Answer as Rasa does."""
    buttons = [{"title": one.title, "payload": one.payload} for one in answer.buttons]
    body: dict[str, Any] = {"text": answer.text, "buttons": buttons}
    await message.output_channel.send_response(message.sender_id, body)


class Bench:
    """Starts and stops the channel as often as a test wants."""

    def __init__(self, context: Context, options: Settings) -> None:
        self.context = context
        self.options = options
        self.handler = Echo()
        self.service: Telegram | None = None

    async def start(self, **options: Any) -> Telegram:
        settings = self.options.copy(update=options)
        self.service = Telegram(settings, self.context, self.handler)
        await self.service.start()
        return self.service

    async def stop(self) -> None:
        if self.service is not None:
            await self.service.stop()
            self.service = None

    def pseudonym(self, person: Person) -> str:
        with self.context.database.session() as session:
            return pseudonym_of(session, CHANNEL, str(person.id))

    def post(self, person: Person, *messages: Message) -> None:
        """Put letters for somebody into the outbox, as another process would."""
        pseudonym = self.pseudonym(person)
        with self.context.database.session() as session:
            for message in messages:
                post(session, pseudonym, message, self.context.now())

    def count(self, table: Any) -> int:
        with self.context.database.session() as session:
            return int(session.query(table).count())

    async def settles(self) -> None:
        """Wait until no update waits and nobody is at work."""
        assert self.service is not None
        while self.service.inbox._workers or self.count(StoredUpdate):
            await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses of these tests are short: the first is 1/16 second."""
    for module in (inbox, sender, service):
        monkeypatch.setattr(module, "FIRST_PAUSE", 1 / 16)


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty database, made once."""
    return _made(tmp_path_factory.mktemp("blank") / "blank.db")


@pytest.fixture
def database(blank: Path) -> Iterator[Database]:
    """A database of its own, in memory where there is a folder for that: no disk to wait for."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Database(f"sqlite:///{shutil.copy(blank, folder)}")


@pytest.fixture
def around(database: Database) -> Context:
    """A context with an own database and the clock running."""
    clock.set_clock(clock.brussels_now)
    return Context(Settings(), database, phrases(), cards())


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database that holds the directory, made once."""
    path = tmp_path_factory.mktemp("filled") / "filled.db"
    _made(path)
    database = Database(f"sqlite:///{path}")
    with database.session() as session:
        load_directory(session)
    database.engine.dispose()
    return path


@pytest.fixture
def with_directory(database: Database, filled: Path, around: Context) -> Context:
    """The context, its database holding the directory."""
    shutil.copy(filled, str(database.engine.url.database))
    return around


def _made(path: Path) -> Path:
    database = Database(f"sqlite:///{path}")
    database.create()
    database.engine.dispose()  # leaves no journal beside the file
    return path


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest_asyncio.fixture
async def bench(around: Context, telegram: TelegramServer) -> AsyncIterator[Bench]:
    """An assistant that is not started yet."""
    options = Settings(telegram_token=telegram.token, telegram_api_url=telegram.url)
    made = Bench(around, options)
    yield made
    await made.stop()


@pytest_asyncio.fixture
async def running(bench: Bench) -> Bench:
    """An assistant that polls."""
    await bench.start()
    return bench


@pytest.fixture
def awa(telegram: TelegramServer) -> Person:
    return telegram.person("Awa")
