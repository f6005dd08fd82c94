"""The channel as a whole: started, cut off, refused, stopped."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.messages import Message
from bot.telegram.service import webhook_address
from tests.telegram.conftest import Bench
from tests.telegram_server import Person, TelegramServer
from tests.telegram_server.errors import BROKEN, UNAUTHORIZED, Refusal
from tests.telegram_server.server import DROP


def said(caplog: pytest.LogCaptureFixture, level: str) -> list[str]:
    return [record.message for record in caplog.records if record.levelname == level]


async def test_a_left_over_webhook_is_deleted(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    telegram.webhook = {"url": "https://ancien.exemple.be/hook"}
    await bench.start()
    await telegram.until(lambda: bool(telegram.called("getUpdates")))
    assert telegram.webhook == {}
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]


async def test_what_was_written_during_an_outage_is_answered(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    for number in range(5):
        awa.says(f"message {number}")
    for update in telegram.pending:
        update["message"]["date"] -= 86_000
    await bench.start()
    assert await awa.hears(5) == [f"« message {number} »" for number in range(5)]


async def test_it_starts_before_telegram_can_be_reached(
    bench: Bench, telegram: TelegramServer, awa: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await telegram.stop()
    await bench.start()
    awa.says("bonjour")
    while not said(caplog, "WARNING"):
        await asyncio.sleep(0.005)
    await telegram.start()
    assert await awa.hears() == ["« bonjour »"]
    assert len(said(caplog, "WARNING")) == 1


async def test_the_network_may_go_and_come_back(
    bench: Bench,
    telegram: TelegramServer,
    awa: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await bench.start()
    awa.says("un")
    await awa.hears()
    await telegram.until(lambda: not telegram.pending)
    caplog.clear()
    await telegram.stop()
    awa.says("deux")
    bench.post(awa, Message("une lettre"))
    bench.context.bell.ring()
    while len(said(caplog, "WARNING")) < 2:
        await asyncio.sleep(0.005)
    await telegram.start()
    assert sorted(await awa.hears(2)) == ["une lettre", "« deux »"]
    assert len(said(caplog, "WARNING")) == 2  # one for each direction
    assert all(record.exc_info is None for record in caplog.records)


@pytest.mark.parametrize("trouble", [Refusal(404, "Not Found"), UNAUTHORIZED])
async def test_polling_goes_on_after_any_refusal(
    bench: Bench, telegram: TelegramServer, awa: Person, trouble: Refusal | str
) -> None:
    telegram.fails("getUpdates", trouble)
    await bench.start()
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]


async def test_it_begins_again_where_it_could_not_begin(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    telegram.fails("getMe", DROP)
    telegram.fails("deleteWebhook", Refusal(404, "Not Found"))
    await bench.start()
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]
    assert len(telegram.called("setMyCommands")) == 1


async def test_a_wrong_token_is_said_once_and_nothing_else_falls(
    bench: Bench, telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    service = await bench.start(telegram_token="123:secret")
    assert service._beginning is not None
    await asyncio.wait_for(service._beginning, 5)
    await telegram.until(lambda: bool(telegram.refusals))
    await bench.stop()
    assert telegram.called("getUpdates") == []
    (error,) = said(caplog, "ERROR")
    assert "TELEGRAM_TOKEN" in error
    assert "secret" not in caplog.text


async def test_another_program_with_the_same_token_is_said(
    bench: Bench, telegram: TelegramServer, awa: Person, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fails("getUpdates", Refusal(409, "Conflict: terminated by other getUpdates request"))
    await bench.start()
    awa.says("bonjour")
    await awa.hears()
    assert any("another program" in line for line in said(caplog, "WARNING"))


async def test_stopping_finishes_the_turn_and_confirms_what_is_stored(
    bench: Bench, telegram: TelegramServer, awa: Person
) -> None:
    await bench.start()
    awa.says("bonjour")
    await awa.hears()
    await bench.stop()
    assert not telegram.pending
    assert len(awa.messages) == 1


async def test_stopping_while_telegram_is_away_does_not_take_long(
    bench: Bench, telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.start()
    await telegram.until(lambda: bool(telegram.called("getUpdates")))
    await telegram.stop()
    while not said(caplog, "WARNING"):
        await asyncio.sleep(0.005)
    await asyncio.wait_for(bench.stop(), 8)


async def test_logs_hold_no_text_no_account_and_no_token(
    bench: Bench,
    telegram: TelegramServer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    zoe = telegram.person("Zoé-Marguerite")

    async def fail(message: object) -> None:
        raise ValueError("secret-in-an-error")

    bench.handler.answers["secret-of-a-person"] = fail
    telegram.fails("sendMessage", BROKEN)
    telegram.fails("getUpdates", BROKEN)
    telegram.offer_raw({"update_id": 1, "message": {"text": "secret-malformed"}})
    await bench.start()
    zoe.says("secret-of-a-person")
    zoe.says("secret-answered")
    zoe.sends("voice")
    await zoe.receives(3)
    zoe.blocks()
    await telegram.until(lambda: not telegram.pending)
    await bench.stop()
    out, err = capfd.readouterr()
    logged = caplog.text + out + err
    assert "Telegram" in logged
    for secret in ("secret", str(zoe.id), zoe.user["first_name"], telegram.token, "AAF-double"):
        assert secret not in logged


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://exemple.be", "https://exemple.be/webhooks/telegram/webhook"),
        ("https://exemple.be:8443/", "https://exemple.be:8443/webhooks/telegram/webhook"),
        ("https://exemple.be/bot/hook", "https://exemple.be/bot/hook"),
    ],
)
def test_a_bare_host_is_completed_to_our_route(url: str, address: str) -> None:
    assert webhook_address(url) == address
