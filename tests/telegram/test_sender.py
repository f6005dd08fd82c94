"""The queue out: in order, once, whatever Telegram answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Button, Message
from bot.outbox import Letter
from bot.telegram import sender
from tests.telegram.conftest import Bench
from tests.telegram_server import Person, TelegramServer
from tests.telegram_server.errors import BROKEN, Refusal, bad, flood
from tests.telegram_server.server import DROP

LONG = "\n\n".join(f"{number} " + "mot " * 400 for number in range(6))


def posted(bench: Bench, person: Person, *texts: str) -> None:
    person.met = True
    bench.post(person, *map(Message, texts))


async def test_letters_of_another_process_are_delivered_in_order(bench: Bench, awa: Person) -> None:
    posted(bench, awa, "un", "deux", "trois")
    await bench.start()
    assert await awa.hears(3) == ["un", "deux", "trois"]


async def test_the_bell_wakes_the_sender(
    running: Bench, telegram: TelegramServer, awa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "LOOK_EVERY", 3600.0)
    awa.says("bonjour")
    await awa.hears()
    posted(running, awa, "une réponse")
    running.context.bell.ring()
    assert await awa.hears() == ["une réponse"]


async def test_typing_is_shown_before_an_answer(running: Bench, awa: Person) -> None:
    awa.says("bonjour")
    await awa.hears()
    assert awa.actions == ["typing", "message"]


async def test_typing_is_shown_before_a_letter_that_nobody_asked_for(
    bench: Bench, awa: Person
) -> None:
    posted(bench, awa, "un", "deux")
    await bench.start()
    await awa.hears(2)
    assert awa.actions == ["typing", "message", "message"]


async def test_a_long_text_arrives_whole_in_parts(bench: Bench, awa: Person) -> None:
    posted(bench, awa, LONG)
    await bench.start()
    heard = await awa.hears(3)
    assert " ".join(heard).split() == LONG.split()


async def test_a_flood_that_lasts_goes_back_to_the_outbox(
    bench: Bench, telegram: TelegramServer, awa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.network.RETRIES", 0)
    telegram.fails("sendMessage", flood(1))
    posted(bench, awa, "un")
    await bench.start()
    await telegram.until(lambda: bool(telegram.refusals))
    assert bench.count(Letter) == 1
    assert await awa.hears() == ["un"]


@pytest.mark.parametrize("trouble", [BROKEN, DROP, Refusal(502, "Bad Gateway")])
async def test_a_failure_is_tried_again(
    bench: Bench, telegram: TelegramServer, awa: Person, trouble: Any
) -> None:
    telegram.fails("sendMessage", trouble, times=2)
    posted(bench, awa, "un", "deux")
    await bench.start()
    assert await awa.hears(2) == ["un", "deux"]


async def test_parts_that_arrived_are_not_sent_again(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    posted(bench, awa, LONG)
    await bench.start()
    await awa.receives()
    telegram.fails("sendMessage", BROKEN)
    assert " ".join([awa.texts[0], *await awa.hears(2)]).split() == LONG.split()


async def test_one_persons_trouble_is_not_anothers(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    posted(bench, awa, "un")
    telegram.fails("sendMessage", BROKEN)
    await bench.start()
    await telegram.until(lambda: bool(telegram.refusals))
    ben = telegram.person("Ben")
    ben.says("bonjour")
    assert await ben.hears() == ["« bonjour »"]
    assert await awa.hears() == ["un"]


@pytest.mark.parametrize("is_known", [True, False])
async def test_letters_to_a_closed_door_are_dropped(
    bench: Bench, telegram: TelegramServer, awa: Person, is_known: bool
) -> None:
    posted(bench, awa, "un", "deux")
    if is_known:
        awa.has_blocked = True
    else:
        del telegram.people[awa.id]
    await bench.start()
    await telegram.until(lambda: bool(telegram.called("sendMessage")))
    assert len(telegram.called("sendMessage")) == 1
    assert bench.count(Letter) == 0


async def test_what_telegram_does_not_take_does_not_hold_up_the_rest(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    telegram.fails("sendMessage", bad("something is wrong"))
    posted(bench, awa, "un", "deux")
    await bench.start()
    assert await awa.hears() == ["deux"]


async def test_a_text_is_sent_without_buttons_that_telegram_does_not_take(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    telegram.fails("sendMessage", bad("BUTTON_DATA_INVALID"))
    awa.met = True
    bench.post(awa, Message("un", (Button("Menu", "/menu"),)))
    await bench.start()
    assert await awa.hears() == ["un"]
    assert awa.buttons() == []


async def test_what_was_not_delivered_waits_for_the_next_start(
    bench: Bench, telegram: TelegramServer, awa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "LOOK_EVERY", 0.1)
    await bench.start()
    telegram.fails("sendMessage", BROKEN, times=1000)
    awa.says("bonjour")
    await telegram.until(lambda: bool(telegram.refusals))
    await bench.stop()
    telegram._trouble.clear()
    await bench.start()
    assert await awa.hears() == ["« bonjour »"]
    assert bench.handler.texts == ["bonjour"]


def test_pauses_grow_up_to_five_minutes() -> None:
    assert [sender.pause_after(attempts) for attempts in (0, 1, 4, 30)] == [1 / 16, 1 / 8, 1, 300]
