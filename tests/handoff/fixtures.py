"""The fixtures that the tests of the hand-off share, wherever they are."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import brussels_now, set_clock
from bot.context import Context
from bot.database import Database
from bot.directory.loader import load_directory
from bot.knowledge.cards import cards
from bot.phrases import Phrases
from bot.settings import Settings
from tests.handoff.world import World


@pytest.fixture(scope="session")
def loaded_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the directory that ships, to be copied by each test."""
    path = tmp_path_factory.mktemp("database") / "loaded.db"
    database = Database(f"sqlite:///{path}")
    database.create()
    with database.session() as session:
        load_directory(session)
    database.engine.dispose()
    return path


@pytest.fixture
def world(loaded_database: Path, tmp_path: Path) -> Iterator[World]:
    """A world of its own for each test, on a Sunday morning."""
    path = tmp_path / "passerelle.db"
    shutil.copy(loaded_database, path)
    database = Database(f"sqlite:///{path}")
    yield World(Context(Settings(), database, Phrases.read(), cards()))
    set_clock(brussels_now)
    database.engine.dispose()
