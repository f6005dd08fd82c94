"""What the tests share: a database of their own, a fixed clock, the real trained model."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

# Before anything reads the settings: no test touches the database or the token of this machine.
_FOLDER = tempfile.mkdtemp(prefix="passerelle-tests-")
os.environ["DATABASE_URL"] = f"sqlite:///{_FOLDER}/tests.db"
for _name in ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_URL", "TELEGRAM_WEBHOOK_SECRET", "REDIS_URL"):
    os.environ[_name] = ""

from bot import clock  # noqa: E402
from bot.clock import BRUSSELS  # noqa: E402
from bot.context import Context, context  # noqa: E402
from bot.database import Database  # noqa: E402
from bot.directory.loader import load_directory  # noqa: E402
from bot.knowledge.cards import cards  # noqa: E402
from bot.phrases import phrases  # noqa: E402
from bot.quiet import hush  # noqa: E402
from bot.settings import Settings, settings  # noqa: E402

hush("INFO")

SUNDAY_EVENING = datetime(2026, 11, 22, 21, 30, tzinfo=BRUSSELS)
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture
def now() -> Iterator[datetime]:
    """Sunday 22 November 2026, 21:30 in Brussels; the clock of the process stands there."""
    clock.set_clock(clock.fixed(SUNDAY_EVENING))
    yield SUNDAY_EVENING
    clock.set_clock(clock.brussels_now)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """An empty database."""
    made = Database(f"sqlite:///{tmp_path}/test.db")
    made.create()
    return made


@pytest.fixture(scope="session")
def directory() -> Database:
    """A database with the directory that ships, only to be read."""
    made = Database(f"sqlite:///{_FOLDER}/directory.db")
    made.create()
    with made.session() as session:
        load_directory(session)
    return made


@pytest.fixture
def around(tmp_path: Path, now: datetime) -> Context:
    """A context with an own database that holds the directory."""
    made = Database(f"sqlite:///{tmp_path}/context.db")
    made.create()
    with made.session() as session:
        load_directory(session)
    return Context(Settings(), made, phrases(), cards())


@pytest.fixture(scope="session")
def agent():  # type: ignore[no-untyped-def]
    """Rasa's agent with the real trained model; `make setup` trains it."""
    from bot.assistant import load_agent
    from bot.training import is_current, model_file

    if not is_current(settings()):
        pytest.fail("there is no model for the present data; run `make setup` first")
    context()
    return load_agent(model_file(settings()))


@pytest.fixture(scope="session")
def handle(agent):  # type: ignore[no-untyped-def]
    """What a channel calls with a message, the desk before Rasa included."""
    from bot.desk import Desk

    return Desk(context(), agent.parse_message).wrap(agent.handle_message)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared facts; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here")
    return SHARED
