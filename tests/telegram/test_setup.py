"""Introducing the bot."""

from __future__ import annotations

import pytest

from bot.errors import TelegramError
from bot.settings import Settings
from bot.telegram.setup import check_token
from tests.telegram.conftest import Bench
from tests.telegram_server import Person, TelegramServer
from tests.telegram_server.errors import BROKEN


def options(telegram: TelegramServer, token: str) -> Settings:
    return Settings(telegram_token=token, telegram_api_url=telegram.url)


async def refusal(settings: Settings) -> str:
    with pytest.raises(TelegramError) as caught:
        await check_token(settings)
    assert caught.value.__suppress_context__
    return str(caught.value)


async def test_a_good_token_has_a_name(telegram: TelegramServer) -> None:
    assert await check_token(options(telegram, telegram.token)) == "PasserelleTestBot"


async def test_a_wrong_token_is_said_without_quoting_it(telegram: TelegramServer) -> None:
    sentence = await refusal(options(telegram, "123:secret"))
    assert "TELEGRAM_TOKEN" in sentence
    assert "secret" not in sentence


async def test_no_token_is_said(telegram: TelegramServer) -> None:
    assert "TELEGRAM_TOKEN" in await refusal(options(telegram, ""))


async def test_an_unreachable_telegram_is_said(telegram: TelegramServer) -> None:
    await telegram.stop()
    sentence = await refusal(options(telegram, telegram.token))
    assert sentence == (
        f"Telegram cannot be reached at {telegram.url} (ConnectError): "
        "check the network and TELEGRAM_API_URL."
    )


async def test_a_broken_telegram_is_said(telegram: TelegramServer) -> None:
    telegram.fails("getMe", BROKEN)
    assert "cannot be reached" in await refusal(options(telegram, telegram.token))


async def test_the_commands_are_given_in_french(running: Bench, telegram: TelegramServer) -> None:
    await telegram.until(lambda: bool(telegram.called("setMyShortDescription")))
    names = [command["command"] for command in telegram.commands]
    assert names == ["aide", "urgence", "humain", "menu", "stop", "oublier"]
    assert telegram.commands[1]["description"] == "Qui appeler tout de suite"


async def test_a_server_without_these_methods_will_do(
    bench: Bench, telegram: TelegramServer, awa: Person, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.missing = {"setMyCommands", "setMyShortDescription", "sendChatAction"}
    await bench.start()
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]
    warnings = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warnings == [
        "The list of commands could not be given to Telegram (InvalidToken).",
        "The short description could not be given to Telegram (InvalidToken).",
    ]
