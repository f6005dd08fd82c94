"""The Rasa connector in a Sanic application, as `rasa run` builds it."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from rasa.core.channels import channel as rasa_channel
from sanic import Sanic

from bot.context import Context
from bot.errors import DatabaseError
from bot.outbox import Letter
from bot.settings import Settings
from bot.telegram.connector import SECRET_HEADER, TelegramInput
from tests.telegram.conftest import Bench, Echo
from tests.telegram_server import Person, TelegramServer

SECRET = "Un-secret_2026"
_names = map("telegram_test_{}".format, itertools.count())


class Site:
    """A Sanic application on a port of the loopback, with one channel."""

    def __init__(self, channel: TelegramInput) -> None:
        self.channel = channel
        Sanic.test_mode = True  # else Sanic 21.12 cannot start a second server in one process
        self.app = Sanic(next(_names), configure_logging=False)
        self.app.config.MOTD = False
        rasa_channel.register([channel], self.app, route="/webhooks/")
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self._server: Any = None

    async def start(self) -> None:
        self._server = await self.app.create_server(
            sock=self.socket, return_asyncio_server=True, access_log=False
        )
        await self._server.startup()
        await self._server.before_start()
        await self._server.after_start()

    async def stop(self) -> None:
        await self._server.before_stop()
        await self._server.close()
        await self._server.after_stop()


@pytest_asyncio.fixture
async def site(telegram: TelegramServer, around: Context, handler: Echo) -> AsyncIterator[Site]:
    """The connector behind a webhook."""
    options = Settings(
        telegram_token=telegram.token,
        telegram_api_url=telegram.url,
        telegram_webhook_url="https://passerelle.exemple.be",
        telegram_webhook_secret=SECRET,
    )
    made = Site(TelegramInput(options, handler, around))
    telegram.door = made.url
    await made.start()
    await telegram.until(lambda: bool(telegram.webhook))
    yield made
    await made.stop()


@pytest.fixture
def handler() -> Echo:
    return Echo()


async def post(site: Site, secret: str | None = SECRET, **request: Any) -> int:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    async with httpx.AsyncClient() as client:
        url = f"{site.url}/webhooks/telegram/webhook"
        return (await client.post(url, headers=headers, **request)).status_code


async def test_the_webhook_is_set_with_a_secret(site: Site, telegram: TelegramServer) -> None:
    assert telegram.webhook == {
        "url": "https://passerelle.exemple.be/webhooks/telegram/webhook",
        "secret_token": SECRET,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }
    assert telegram.called("getUpdates") == []


async def test_a_message_goes_in_and_an_answer_out(
    site: Site, telegram: TelegramServer, awa: Person
) -> None:
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]
    assert telegram.webhook_answers == [200]


async def test_every_kind_of_update_is_answered_with_200(
    site: Site, telegram: TelegramServer, awa: Person
) -> None:
    awa.sends("voice")
    awa.sends_callback("/menu")
    telegram.offer_raw({"update_id": 1, "telepathy": {}})
    telegram.offer_raw({"update_id": 2, "message": {"text": "sans chat"}})
    awa.blocks()
    awa.unblocks()
    telegram.group().says(awa, "bonjour")
    await telegram.until(lambda: len(telegram.webhook_answers) == 7)
    assert set(telegram.webhook_answers) == {200}


@pytest.mark.parametrize("secret", [None, "", "autre", SECRET + "x", "clé"])
async def test_who_does_not_know_the_secret_is_turned_away(
    site: Site, handler: Echo, secret: str | None
) -> None:
    headers = {} if secret is None else {SECRET_HEADER: secret.encode()}
    async with httpx.AsyncClient() as client:
        url = f"{site.url}/webhooks/telegram/webhook"
        answer = await client.post(url, headers=headers, json={"update_id": 1})
    assert answer.status_code == 403
    assert handler.heard == []


@pytest.mark.parametrize("content", [b"", b"{", b"null", b'"texte"', b"[]", b'{"a": 1}'])
async def test_a_body_that_is_no_update_is_a_bad_request(site: Site, content: bytes) -> None:
    assert await post(site, content=content) == 400


async def test_what_could_not_be_stored_is_offered_again(
    site: Site, telegram: TelegramServer, awa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.channel.service is not None
    store = site.channel.service.inbox.store
    full = [True]

    def fail_once(update: Any) -> None:
        if full:
            full.pop()
            raise DatabaseError("The disk is full.")
        store(update)

    monkeypatch.setattr(site.channel.service.inbox, "store", fail_once)
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]
    assert telegram.webhook_answers == [500, 200]


async def test_without_a_secret_one_is_made(telegram: TelegramServer, around: Context) -> None:
    options = Settings(
        telegram_token=telegram.token,
        telegram_api_url=telegram.url,
        telegram_webhook_url="https://passerelle.exemple.be",
    )
    site = Site(TelegramInput(options, Echo(), around))
    await site.start()
    await telegram.until(lambda: bool(telegram.webhook))
    assert len(telegram.webhook["secret_token"]) > 30
    assert await post(site, secret="", json={"update_id": 1}) == 403
    await site.stop()


async def test_polling_leaves_the_route_closed(
    telegram: TelegramServer, around: Context, awa: Person
) -> None:
    options = Settings(
        telegram_token=telegram.token,
        telegram_api_url=telegram.url,
        telegram_webhook_secret=SECRET,
    )
    site = Site(TelegramInput(options, Echo(), around))
    await site.start()
    assert await post(site, json={"update_id": 1}) == 403
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]
    await site.stop()


@pytest.mark.parametrize("token", ["", "123:wrong"])
async def test_the_pages_are_served_without_telegram(
    telegram: TelegramServer, around: Context, token: str
) -> None:
    options = Settings(telegram_token=token, telegram_api_url=telegram.url)
    site = Site(TelegramInput(options, Echo(), around))
    await site.start()
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{site.url}/webhooks/telegram/")
    assert answer.json() == {"status": "ok"}
    assert await post(site, json={"update_id": 1}) == 403
    await site.stop()


async def test_the_handler_is_the_desk_before_rasa(
    telegram: TelegramServer, around: Context, awa: Person
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    class Agent:
        async def handle_message(self, message: Any) -> None:
            heard.put_nowait(message.text)
            await message.output_channel.send_text_message(message.sender_id, "Bonjour")

        async def parse_message(self, text: str) -> dict[str, Any]:
            return {}

    options = Settings(telegram_token=telegram.token, telegram_api_url=telegram.url)
    site = Site(TelegramInput(options, around=around))
    site.app.ctx.agent = Agent()
    await site.start()
    awa.says("/start")
    assert await asyncio.wait_for(heard.get(), 5) == "/greet"
    assert await awa.hears() == ["Bonjour"]
    await site.stop()


async def test_nobody_is_left_in_silence_when_rasa_says_nothing(
    telegram: TelegramServer, with_directory: Context, awa: Person
) -> None:
    class Agent:
        async def handle_message(self, message: Any) -> None:
            """As Rasa does when an action breaks, or when there is no model."""

    options = Settings(telegram_token=telegram.token, telegram_api_url=telegram.url)
    site = Site(TelegramInput(options, around=with_directory))
    site.app.ctx.agent = Agent()
    await site.start()
    awa.says("j'ai faim")
    assert await awa.hears() == [with_directory.phrases.text("utter_trouble")]
    awa.says("je veux mourir")
    assert "Centre de Prévention du Suicide" in (await awa.hears(2))[0]
    await site.stop()


def test_credentials_come_before_the_settings() -> None:
    given = {"token": "1:a", "api_url": "http://localhost:8081/", "unknown": 1}
    options = TelegramInput.from_credentials(given)._options
    assert options.telegram_token == "1:a"
    assert options.telegram_api_url == "http://localhost:8081"
    assert TelegramInput.from_credentials({})._options.telegram_token == ""
    assert TelegramInput.from_credentials(None)._options.telegram_token == ""


async def test_what_rasa_says_unasked_goes_to_the_outbox(bench: Bench, awa: Person) -> None:
    channel = TelegramInput(bench.options, Echo(), bench.context)
    awa.met = True
    output = channel.get_output_channel()
    assert output.name() == "telegram"
    await output.send_text_message(bench.pseudonym(awa), "Un rappel")
    assert bench.count(Letter) == 1
    await bench.start()
    assert await awa.hears() == ["Un rappel"]
