"""What actions, handlers and pages need, put together once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from bot import clock
from bot.database import Database
from bot.directory.loader import load_directory
from bot.knowledge.cards import Cards, cards
from bot.outbox import Bell
from bot.phrases import Phrases, phrases
from bot.settings import Settings, settings


@dataclass(frozen=True)
class Context:
    """One assistant's settings, database, texts and clock."""

    settings: Settings
    database: Database
    phrases: Phrases
    cards: Cards
    bell: Bell = field(default_factory=Bell)

    def now(self) -> datetime:
        """The moment that the clock tells, aware, in Europe/Brussels."""
        return clock.now()


def build(options: Settings) -> Context:
    """Open the database, create what is missing, load the directory that ships.

    Raises:
        PasserelleError: in one sentence, what is missing and what to do.
    """
    database = Database(options.database)
    database.create()
    with database.session() as session:
        load_directory(session)
    return Context(options, database, phrases(), cards())


@lru_cache(maxsize=1)
def context() -> Context:
    """The context of this process."""
    return build(settings())
