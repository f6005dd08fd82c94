"""The queue in: stored before it is acknowledged, in order per person, once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from telegram import Update

from bot.database import Database
from bot.errors import DatabaseError
from bot.messages import Message
from bot.outbox import Letter
from bot.people import Person as PersonRow
from bot.people import mark_forgotten
from bot.telegram.models import SeenUpdate, StoredUpdate
from tests.telegram.conftest import Bench, say
from tests.telegram_server import Person, TelegramServer


async def test_an_update_is_gone_once_it_is_handled(running: Bench, awa: Person) -> None:
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]
    await running.settles()
    assert running.count(StoredUpdate) == 0
    assert running.count(SeenUpdate) == 1


async def test_an_update_is_stored_before_telegram_is_told(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    release = asyncio.Event()

    async def wait(message: UserMessage) -> None:
        await release.wait()

    bench.handler.answers["un"] = wait
    awa.says("un")
    awa.says("deux")
    await bench.start()
    await telegram.until(lambda: not telegram.pending)
    assert bench.count(StoredUpdate) == 2
    release.set()
    assert await awa.hears() == ["« deux »"]


async def test_what_could_not_be_stored_is_not_acknowledged(
    bench: Bench, telegram: TelegramServer, awa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = asyncio.Event()

    def fail(self: Database) -> Any:
        full.set()
        raise DatabaseError("The disk is full.")

    awa.says("bonjour")
    service = await bench.start()
    monkeypatch.setattr(service.inbox, "_take_in", lambda *_: fail(bench.context.database))
    await asyncio.wait_for(full.wait(), 5)
    await bench.stop()
    assert len(telegram.pending) == 1
    await bench.start()
    assert await awa.hears() == ["« bonjour »"]


async def test_a_full_disk_is_waited_out(
    bench: Bench,
    telegram: TelegramServer,
    awa: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = await bench.start()
    take_in = service.inbox._take_in
    attempts: list[int] = []

    def fail_once(*given: Any) -> Any:
        attempts.append(1)
        if len(attempts) == 1:
            raise DatabaseError("The disk is full.")
        return take_in(*given)

    monkeypatch.setattr(service.inbox, "_take_in", fail_once)
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "The disk is full."
    ]


async def test_what_a_crash_left_is_handled_at_the_next_start(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    begun = asyncio.Event()

    async def crash(message: UserMessage) -> None:
        begun.set()
        await asyncio.Event().wait()

    bench.handler.answers["j'ai faim"] = crash
    service = await bench.start()
    awa.says("j'ai faim")
    awa.says("vous êtes là ?")
    await asyncio.wait_for(begun.wait(), 5)
    await telegram.until(lambda: not telegram.pending)
    for worker in service.inbox._workers.values():
        worker.cancel()
    await bench.stop()
    assert bench.count(StoredUpdate) == 2
    bench.handler.answers.clear()
    await bench.start()
    assert await awa.hears(2) == ["« j'ai faim »", "« vous êtes là ? »"]


async def test_what_another_version_stored_gets_an_apology(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    awa.met = True
    pseudonym = bench.pseudonym(awa)
    with bench.context.database.session() as session:
        now = bench.context.now()
        session.add(StoredUpdate(update_id=1, person=pseudonym, body="{}", received_at=now))
    awa.says("bonjour")
    await bench.start()
    assert await awa.hears(2) == [bench.context.phrases.text("utter_trouble"), "« bonjour »"]


async def test_one_person_is_answered_in_order_and_another_meanwhile(
    running: Bench, telegram: TelegramServer, awa: Person
) -> None:
    release = asyncio.Event()

    async def slow(message: UserMessage) -> None:
        await release.wait()
        await say(message, Message("enfin"))

    running.handler.answers["lent"] = slow
    ben = telegram.person("Ben")
    awa.says("lent")
    awa.says("un")
    awa.says("deux")
    ben.says("bonjour")
    assert await ben.hears() == ["« bonjour »"]
    assert awa.messages == []
    release.set()
    assert await awa.hears(3) == ["enfin", "« un »", "« deux »"]


async def test_an_update_offered_twice_is_handled_once(
    running: Bench, telegram: TelegramServer, awa: Person
) -> None:
    awa.says("bonjour")
    update = telegram.pending[0]
    await awa.hears()
    await running.settles()
    assert running.service is not None
    running.service.receive(update)
    running.service.receive(update)
    awa.says("encore")
    assert await awa.hears() == ["« encore »"]
    assert running.handler.texts == ["bonjour", "encore"]


async def test_an_update_that_cannot_be_understood_gets_an_apology(
    running: Bench, awa: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(update: Update, username: str) -> None:
        raise KeyError("un secret")

    monkeypatch.setattr("bot.telegram.inbox.read", broken)
    awa.says("bonjour")
    assert "pardon" in (await awa.hears())[0]
    assert "secret" not in caplog.text


async def test_rasa_only_sees_a_pseudonym(running: Bench, awa: Person) -> None:
    awa.says("bonjour")
    await awa.hears()
    (heard,) = running.handler.heard
    assert heard.sender_id == running.pseudonym(awa)
    assert str(awa.id) not in (heard.sender_id, heard.message_id)
    assert heard.input_channel == "telegram"


async def test_a_closed_door_throws_letters_away(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    bench.post(awa, Message("Une réponse"), Message("Une autre"))
    awa.met = True
    awa.blocks()
    service = await bench.start()
    service._sender._closing = True
    await telegram.until(lambda: not telegram.pending)
    assert bench.count(Letter) == 0


async def test_who_blocks_without_ever_writing_is_not_remembered(
    running: Bench, telegram: TelegramServer, awa: Person
) -> None:
    awa.blocks()
    await telegram.until(lambda: not telegram.pending)
    assert running.count(PersonRow) == 0


async def test_a_group_is_told_and_nothing_is_kept(
    running: Bench, telegram: TelegramServer, awa: Person
) -> None:
    group = telegram.group()
    group.says(awa, "bonjour tout le monde")
    group.says(awa, "/start@PasserelleTestBot")
    await telegram.until(lambda: bool(group.messages))
    assert [message["text"] for message in group.messages] == [
        running.context.phrases.text("utter_private_only")
    ]
    assert running.count(PersonRow) == 0
    assert running.count(StoredUpdate) == 0
    assert running.handler.heard == []


async def test_somebody_forgotten_gets_the_last_word_and_then_is_nobody(
    running: Bench, awa: Person
) -> None:
    async def forget(message: UserMessage) -> None:
        with running.context.database.session() as session:
            mark_forgotten(session, message.sender_id)
        await say(message, Message("C'est fait."))

    running.handler.answers["oui, tout effacer"] = forget
    awa.says("oui, tout effacer")
    assert await awa.hears() == ["C'est fait."]
    await running.settles()
    while running.count(PersonRow):
        await asyncio.sleep(0.005)


async def test_what_follows_being_forgotten_is_answered_to_somebody_new(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    async def forget(message: UserMessage) -> None:
        with bench.context.database.session() as session:
            mark_forgotten(session, message.sender_id)
        await say(message, Message("C'est fait."))

    bench.handler.answers["oui, tout effacer"] = forget
    awa.says("oui, tout effacer")
    awa.says("j'ai faim")
    awa.says("et froid")
    await bench.start()
    assert await awa.hears(3) == ["C'est fait.", "« j'ai faim »", "« et froid »"]
    first, second, third = [message.sender_id for message in bench.handler.heard]
    assert first != second == third
    assert bench.count(PersonRow) == 1
