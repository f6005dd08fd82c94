"""The line to Telegram: watched, bearable, silent about tokens."""

from __future__ import annotations

import json
import logging

import pytest
from telegram.error import InvalidToken, NetworkError

from bot.telegram.network import Link, WatchedRequest, bearable, make_bot, update_of
from tests.telegram_server import TelegramServer
from tests.telegram_server.errors import BROKEN


def test_a_link_logs_each_change_once(caplog: pytest.LogCaptureFixture) -> None:
    link = Link("sending")
    link.up()
    for cause in ("ConnectError", "ReadTimeout"):
        link.down(cause)
    link.up()
    link.up()
    link.refused()
    link.taken()
    assert [record.message for record in caplog.records] == [
        "Telegram (sending) cannot be reached (ConnectError); trying again with growing pauses.",
        "Telegram answers again (sending).",
        "Telegram (sending) refuses the token: check TELEGRAM_TOKEN.",
        "Telegram (sending) says that another program polls with this token: stop one of them.",
    ]


def test_a_sent_message_is_sent_whatever_its_shape() -> None:
    assert bearable({"ok": True, "result": {"message_id": "?", "date": 10**15}})["result"] is True


def test_a_bot_that_does_not_say_so_is_a_bot() -> None:
    assert bearable({"ok": True, "result": {"id": 1, "username": "b"}})["result"]["is_bot"] is True


def test_an_update_that_cannot_be_read_is_passed_by(caplog: pytest.LogCaptureFixture) -> None:
    broken = {"update_id": 7, "message": {"text": "un secret"}}
    whole = {"update_id": 8, "telepathy": {}}
    answer = bearable({"ok": True, "result": [broken, whole, "nonsense"]})
    assert answer["result"] == [{"update_id": 7}, whole]
    assert [record.message for record in caplog.records] == [
        "The update 7 cannot be read (KeyError); it is passed by."
    ]


def test_a_tap_is_read_without_what_an_emulation_leaves_out() -> None:
    somebody = {"id": 1, "is_bot": False, "first_name": "Awa"}
    shown = {"chat": {"id": 1, "type": "private"}, "from": somebody}
    query = {"id": "1", "from": somebody, "message": shown, "data": "/menu"}
    update = update_of({"update_id": 7, "callback_query": query})
    assert update is not None
    assert update.callback_query is not None
    assert update.callback_query.data == "/menu"


def test_other_answers_stay_as_they_are() -> None:
    answer = {"ok": False, "error_code": 400, "description": "Bad Request"}
    assert bearable(answer) == answer
    assert WatchedRequest.parse_json_payload(json.dumps(answer).encode()) == answer


@pytest.mark.parametrize("body", [None, 3, [], {}, {"update_id": "1"}, {"message": {}}])
def test_a_body_without_an_update_has_none(body: object) -> None:
    assert update_of(body) is None


async def test_a_strange_update_does_not_stop_the_next(telegram: TelegramServer) -> None:
    telegram.offer_raw({"update_id": 1, "message": {"text": "sans chat"}})
    telegram.person().says("bonjour")
    bot = make_bot(telegram.token, telegram.url)
    first, second = await bot.get_updates()
    assert first.message is None
    assert second.message is not None
    await bot.shutdown()


async def test_a_refused_poll_can_be_tried_again(telegram: TelegramServer) -> None:
    bot = make_bot("1:wrong", telegram.url)
    with pytest.raises(NetworkError):
        await bot.get_updates()
    with pytest.raises(InvalidToken):
        await bot.get_me()
    await bot.shutdown()


async def test_libraries_do_not_log_the_token(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    telegram.fails("getMe", BROKEN)
    bot = make_bot(telegram.token, telegram.url)
    with pytest.raises(NetworkError):
        await bot.get_me()
    await bot.get_me()
    await bot.shutdown()
    assert telegram.token not in caplog.text
