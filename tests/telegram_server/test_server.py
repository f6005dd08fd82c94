"""The double refuses what the Bot API would refuse, in its words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.telegram_server import Person, TelegramServer
from tests.telegram_server.errors import BROKEN, flood
from tests.telegram_server.kinds import SAMPLES
from tests.telegram_server.methods import SUPPORTED
from tests.telegram_server.schema import bot_api
from tests.telegram_server.server import DROP, LOST

needs_schema = pytest.mark.skipif(
    bot_api() is None, reason="../shared/telegram/bot-api.json is not here"
)


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
def awa(telegram: TelegramServer) -> Person:
    person = telegram.person("Awa")
    person.met = True
    return person


async def call(
    telegram: TelegramServer, method: str, token: str = "", **given: Any
) -> dict[str, Any]:
    url = f"{telegram.url}/bot{token or telegram.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=given) as answer:
        body: dict[str, Any] = await answer.json()
        assert body["ok"] is (answer.status == 200)
        return body


async def refusal(telegram: TelegramServer, method: str, **given: Any) -> str:
    return str((await call(telegram, method, **given))["description"])


@needs_schema
def test_the_double_has_no_method_of_its_own() -> None:
    schema = bot_api()
    assert schema is not None
    assert all(method in schema for method in SUPPORTED)


async def test_a_message_is_shaped_as_telegram_does(telegram: TelegramServer, awa: Person) -> None:
    sent = (await call(telegram, "sendMessage", chat_id=awa.id, text=" Bonjour "))["result"]
    assert sent["text"] == "Bonjour"
    assert sent["chat"] == awa.chat
    assert sent["from"]["is_bot"] is True
    assert set(sent) == {"message_id", "date", "chat", "from", "text"}
    assert awa.texts == ["Bonjour"]
    schema = bot_api()
    assert schema is None or schema.fault(sent, ["Message"], "message") == ""


async def test_a_form_is_read_as_well_as_json(telegram: TelegramServer, awa: Person) -> None:
    url = f"{telegram.url}/bot{telegram.token}/SENDMESSAGE"
    form = {"chat_id": str(awa.id), "text": "12", "disable_notification": "true"}
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        assert answer.status == 200
    assert awa.texts == ["12"]


async def test_a_wrong_token_is_unauthorized(telegram: TelegramServer) -> None:
    answer = await call(telegram, "getMe", token="1:wrong")
    assert answer == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_a_method_that_does_not_exist_is_not_found(telegram: TelegramServer) -> None:
    assert await refusal(telegram, "sendTelepathy") == "Not Found"


BUTTON = {"text": "a", "callback_data": "/a"}


@pytest.mark.parametrize(
    ("given", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "chat_id": 1}, "chat not found"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{**BUTTON, "text": " "}]]}},
            "text buttons must have a text",
        ),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{**BUTTON, "callback_data": "é" * 33}]]},
            },
            "BUTTON_DATA_INVALID",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "inline keyboard button must have exactly one purpose",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[BUTTON]] * 101}},
            "reply markup is too long",
        ),
    ],
)
async def test_limits_hold(
    telegram: TelegramServer, awa: Person, given: dict[str, Any], description: str
) -> None:
    given = {"chat_id": awa.id, **given}
    assert await refusal(telegram, "sendMessage", **given) == f"Bad Request: {description}"
    assert awa.messages == []


@needs_schema
@pytest.mark.parametrize(
    ("method", "given", "description"),
    [
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("setMyCommands", {}, 'parameter "commands" is required'),
        ("sendMessage", {"chat_id": 1, "text": ["x"]}, "text must be of type String"),
        ("sendMessage", {"chat_id": True, "text": "x"}, "chat_id must be of type Integer"),
        ("sendMessage", {"chat_id": 1, "text": "x", "colour": 1}, 'unknown parameter "colour"'),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [BUTTON]}},
            "reply_markup.inline_keyboard[0] must be an array",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"data": "/a"}]]}},
            'reply_markup.inline_keyboard[0][0] has an unknown field "data"',
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "aide"}]},
            'commands[0] lacks the field "description"',
        ),
    ],
)
async def test_types_are_checked_to_the_bottom(
    telegram: TelegramServer, method: str, given: dict[str, Any], description: str
) -> None:
    assert await refusal(telegram, method, **given) == f"Bad Request: {description}"


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("setMyCommands", {"commands": [{"command": "Aidé", "description": "x"}]}),
        ("setMyCommands", {"commands": [{"command": "aide", "description": ""}]}),
        ("setMyShortDescription", {"short_description": "x" * 121}),
        ("setWebhook", {"url": "http://exemple.be"}),
        ("setWebhook", {"url": "https://exemple.be", "secret_token": "é"}),
        ("answerCallbackQuery", {"callback_query_id": "1"}),
        ("getUpdates", {"limit": 101}),
    ],
)
async def test_other_methods_have_limits_too(
    telegram: TelegramServer, method: str, given: dict[str, Any]
) -> None:
    assert (await call(telegram, method, **given))["error_code"] == 400


async def test_an_action_must_be_one_of_telegrams(telegram: TelegramServer, awa: Person) -> None:
    assert (await call(telegram, "sendChatAction", chat_id=awa.id, action="typing"))["ok"]
    assert not (await call(telegram, "sendChatAction", chat_id=awa.id, action="dancing"))["ok"]


async def test_the_bot_may_not_write_first_nor_to_who_blocked_it(telegram: TelegramServer) -> None:
    person = telegram.person()
    first = await call(telegram, "sendMessage", chat_id=person.id, text="x")
    assert first["error_code"] == 403
    person.says("bonjour")
    assert (await call(telegram, "sendMessage", chat_id=person.id, text="x"))["ok"]
    person.blocks()
    blocked = await refusal(telegram, "sendMessage", chat_id=person.id, text="x")
    assert blocked == "Forbidden: bot was blocked by the user"


async def test_updates_stay_until_they_are_confirmed(telegram: TelegramServer, awa: Person) -> None:
    awa.says("un")
    awa.says("deux")
    first = (await call(telegram, "getUpdates"))["result"]
    assert [update["message"]["text"] for update in first] == ["un", "deux"]
    again = (await call(telegram, "getUpdates", offset=first[1]["update_id"]))["result"]
    assert [update["message"]["text"] for update in again] == ["deux"]
    assert (await call(telegram, "getUpdates", offset=first[1]["update_id"] + 1))["result"] == []


async def test_a_long_poll_waits_for_news(telegram: TelegramServer, awa: Person) -> None:
    poll = asyncio.create_task(call(telegram, "getUpdates", timeout=20))
    await telegram.until(lambda: bool(telegram.called("getUpdates")))
    awa.says("bonjour")
    assert len((await poll)["result"]) == 1


async def test_two_polls_are_a_conflict(telegram: TelegramServer, awa: Person) -> None:
    first = asyncio.create_task(call(telegram, "getUpdates", timeout=20))
    await telegram.until(lambda: bool(telegram.called("getUpdates")))
    second = asyncio.create_task(call(telegram, "getUpdates", timeout=20))
    assert (await first)["error_code"] == 409
    awa.says("bonjour")
    assert (await second)["ok"]


async def test_only_what_was_asked_for_arrives(telegram: TelegramServer, awa: Person) -> None:
    await call(telegram, "getUpdates", allowed_updates=["message"])
    awa.sends_callback("/a")
    awa.blocks()
    awa.sends("voice")
    kinds = [set(update) for update in (await call(telegram, "getUpdates"))["result"]]
    assert kinds == [{"update_id", "message"}]


async def test_a_webhook_excludes_polling(telegram: TelegramServer) -> None:
    await call(telegram, "setWebhook", url="https://exemple.be/x")
    assert (await call(telegram, "getUpdates"))["error_code"] == 409
    await call(telegram, "deleteWebhook")
    assert (await call(telegram, "getUpdates"))["ok"]


async def test_trouble_comes_when_it_is_asked_for(telegram: TelegramServer, awa: Person) -> None:
    telegram.fails("sendMessage", flood(7))
    telegram.fails("sendMessage", BROKEN)
    flooded = await call(telegram, "sendMessage", chat_id=awa.id, text="x")
    assert flooded["error_code"] == 429
    assert flooded["parameters"] == {"retry_after": 7}
    assert (await call(telegram, "sendMessage", chat_id=awa.id, text="x"))["error_code"] == 500
    assert (await call(telegram, "sendMessage", chat_id=awa.id, text="x"))["ok"]


@pytest.mark.parametrize(("trouble", "arrived"), [(DROP, []), (LOST, ["x"])])
async def test_connections_can_be_cut(
    telegram: TelegramServer, awa: Person, trouble: str, arrived: list[str]
) -> None:
    telegram.fails("sendMessage", trouble)
    with pytest.raises(aiohttp.ClientError):
        await call(telegram, "sendMessage", chat_id=awa.id, text="x")
    assert awa.texts == arrived


async def test_a_tap_finds_its_button(telegram: TelegramServer, awa: Person) -> None:
    markup = {"inline_keyboard": [[BUTTON]]}
    await call(telegram, "sendMessage", chat_id=awa.id, text="?", reply_markup=markup)
    query = awa.taps("a")
    assert telegram.pending[-1]["callback_query"]["data"] == "/a"
    assert (await call(telegram, "answerCallbackQuery", callback_query_id=query))["ok"]
    assert not (await call(telegram, "answerCallbackQuery", callback_query_id=query))["ok"]


@needs_schema
async def test_what_people_do_arrives_as_the_bot_api_says(
    telegram: TelegramServer, awa: Person
) -> None:
    first = awa.says("/start")
    awa.edits(first, "/aide")
    awa.sends_location(50.84, 4.35)
    awa.moves(first, 50.85, 4.35)
    awa.sends("photo", caption="voilà")
    awa.sends_callback("/a")
    awa.blocks()
    awa.unblocks()
    telegram.group().says(awa, "bonjour @PasserelleTestBot")
    for kind in SAMPLES:
        awa.sends(kind)
    schema = bot_api()
    assert schema is not None
    for update in telegram.pending:
        assert schema.fault(update, ["Update"], "update") == ""
