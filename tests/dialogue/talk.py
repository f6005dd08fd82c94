"""A talk without Rasa: turns in, replies out, what is remembered carried over."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

from actions.base import answer
from bot.clock import BRUSSELS
from bot.context import Context
from bot.database import Database
from bot.dialogue.turn import Memory, Reply, Turn
from bot.knowledge.cards import cards
from bot.messages import Button
from bot.people import pseudonym_of
from bot.phrases import phrases
from bot.safety.danger import Kind
from bot.settings import Settings

TUESDAY = datetime(2026, 11, 24, 11, 0, tzinfo=BRUSSELS)


class Talk:
    """One person's talk with the assistant; each call is a turn."""

    def __init__(self, context: Context, now: datetime = TUESDAY) -> None:
        self.context = context
        self.now = now
        self.memory = Memory()
        with context.database.session() as session:
            self.person = pseudonym_of(session, "rest", "somebody")

    def hears(
        self,
        handler: str,
        text: str = "",
        *,
        intent: str = "",
        danger: Kind | None = None,
        wishes: tuple[str, ...] = (),
        ranking: tuple[tuple[str, float], ...] = (),
        **entities: str | tuple[str, ...],
    ) -> Reply:
        """The answer to a turn that Rasa's rules lead to `handler`."""
        turn = Turn(
            sender=self.person,
            intent=intent or handler,
            at=self.now,
            memory=self.memory,
            channel="rest",
            text=text or f"/{intent or handler}",
            entities=tuple(
                (name, value)
                for name, values in entities.items()
                for value in ([values] if isinstance(values, str) else values)
            ),
            ranking=ranking,
            wishes=wishes or ((intent,) if intent else ()),
            danger=danger,
        )
        reply = answer(handler, turn, self.context)
        slots = {**asdict(self.memory), "asking": None, **reply.remember}
        self.memory = Memory.of_slots(slots)
        return reply

    def needs(self, need: str, text: str = "", **more: object) -> Reply:
        """Somebody says what they need."""
        return self.hears("find_services", text or need, intent=f"need_{need}", **more)  # type: ignore[arg-type]


def copy_of(directory: Database, path: Path) -> Database:
    """A database of one's own with the directory that ships in it."""
    source = sqlite3.connect(directory.url.removeprefix("sqlite:///"))
    target = sqlite3.connect(path)
    with target:
        source.backup(target)
    source.close()
    target.close()
    return Database(f"sqlite:///{path}")


def context_of(database: Database) -> Context:
    return Context(Settings(), database, phrases(), cards())


@pytest.fixture
def talk(directory: Database, tmp_path: Path) -> Iterator[Talk]:
    """A talk on a Tuesday at eleven, with a database of its own."""
    database = copy_of(directory, tmp_path / "talk.db")
    yield Talk(context_of(database))
    database.engine.dispose()


def texts(reply: Reply) -> str:
    return "\n\n".join(message.text for message in reply.messages)


def buttons(reply: Reply) -> list[Button]:
    return [button for message in reply.messages for button in message.buttons]


def payloads(reply: Reply) -> list[str]:
    return [button.payload for button in buttons(reply)]


def parsed(payload: str) -> tuple[str, dict[str, str]]:
    """The intent and the entities of `/intent{"entity": "value"}`."""
    intent, brace, rest = payload.removeprefix("/").partition("{")
    return intent, json.loads(brace + rest) if brace else {}
