"""One test for each fault of Rasa's own Telegram channel that DESIGN.md lists."""

from __future__ import annotations

import pytest

from bot.messages import Button, Message
from bot.telegram.connector import TelegramInput
from tests.telegram.conftest import Bench, Echo
from tests.telegram_server import Person, TelegramServer
from tests.telegram_server.errors import flood


async def test_no_open_port_is_needed(
    running: Bench, telegram: TelegramServer, awa: Person
) -> None:
    awa.says("bonjour")
    assert await awa.hears() == ["« bonjour »"]
    assert telegram.called("setWebhook") == []


async def test_asking_for_the_output_channel_calls_nobody(
    bench: Bench, telegram: TelegramServer
) -> None:
    TelegramInput(bench.options, Echo(), bench.context).get_output_channel()
    assert telegram.calls == []


async def test_the_bot_introduces_itself_once(
    running: Bench, telegram: TelegramServer, awa: Person
) -> None:
    for text in ("un", "deux", "trois"):
        awa.says(text)
    await awa.hears(3)
    assert len(telegram.called("getMe")) == 1


@pytest.mark.parametrize("kind", ["photo", "voice"])
async def test_photos_and_voices_are_not_dropped_in_silence(
    running: Bench, awa: Person, kind: str
) -> None:
    awa.sends(kind)
    (answer,) = await awa.hears()
    assert answer.startswith("Je ne peux pas")


async def test_a_change_of_membership_breaks_nothing(
    running: Bench, awa: Person, caplog: pytest.LogCaptureFixture
) -> None:
    awa.blocks()
    awa.unblocks()
    awa.says("me revoilà")
    assert await awa.hears() == ["« me revoilà »"]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_long_text_is_split(running: Bench, awa: Person) -> None:
    running.handler.answers["tout"] = [Message("\n\n".join(["mot " * 1000] * 3))]
    awa.says("tout")
    assert [len(text) for text in await awa.hears(3)] == [3999, 3999, 3999]


async def test_a_text_of_several_paragraphs_is_one_message(running: Bench, awa: Person) -> None:
    running.handler.answers["carte"] = [Message("Ambulance\n112\n\nPolice\n101")]
    awa.says("carte")
    assert await awa.hears() == ["Ambulance\n112\n\nPolice\n101"]


async def test_a_flood_is_respected(running: Bench, telegram: TelegramServer, awa: Person) -> None:
    telegram.fails("sendMessage", flood(1))
    running.handler.answers["bonjour"] = [Message("un"), Message("deux")]
    awa.says("bonjour")
    assert await awa.hears(2) == ["un", "deux"]
    assert len(telegram.called("sendMessage")) == 2


async def test_an_update_is_handled_once(
    running: Bench, telegram: TelegramServer, awa: Person
) -> None:
    awa.says("bonjour")
    telegram.offer_raw(telegram.pending[0])
    awa.says("encore")
    assert await awa.hears(2) == ["« bonjour »", "« encore »"]


async def test_the_spinner_stops(running: Bench, telegram: TelegramServer, awa: Person) -> None:
    running.handler.answers["bonjour"] = [Message("?", (Button("Menu", "/menu"),))]
    awa.says("bonjour")
    await awa.receives()
    query = awa.taps("Menu")
    await telegram.until(lambda: query in telegram.answered)


async def test_a_group_is_not_one_talk(
    running: Bench, telegram: TelegramServer, awa: Person
) -> None:
    group = telegram.group()
    ben = telegram.person("Ben")
    group.says(awa, "/urgence")
    group.says(ben, "je suis là")
    await telegram.until(lambda: bool(group.messages))
    awa.says("bonjour")
    ben.says("bonjour")
    await awa.hears()
    await ben.hears()
    assert len({message.sender_id for message in running.handler.heard}) == 2
    assert len(group.messages) == 1


async def test_an_edited_message_is_not_a_second_turn(running: Bench, awa: Person) -> None:
    first = awa.says("bonjour")
    awa.says("j'ai faim")
    awa.edits(first, "bonjour !")
    awa.says("merci")
    assert await awa.hears(3) == ["« bonjour »", "« j'ai faim »", "« merci »"]


async def test_a_typed_restart_is_a_word(running: Bench, awa: Person) -> None:
    awa.says("/restart")
    awa.says("merci")
    assert await awa.hears(2) == ["« restart »", "« merci »"]
