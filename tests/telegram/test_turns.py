"""One update, from its meaning to what is answered."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.channels.channel import UserMessage

from bot.context import Context
from bot.messages import Button, Message
from bot.safety.cards import emergency_card
from bot.safety.danger import Kind
from bot.telegram import turns
from tests.telegram.conftest import Bench, say
from tests.telegram_server import Person, TelegramServer
from tests.telegram_server.kinds import SAMPLES

VOICE = "Je ne peux pas encore écouter les messages vocaux. Pouvez-vous l'écrire en quelques mots ?"
SUICIDE = "je veux mourir"


async def fail(message: UserMessage) -> None:
    raise ValueError(f"a bug with {message.text}")


async def test_a_voice_message_gets_a_way_on(running: Bench, awa: Person) -> None:
    awa.sends("voice")
    assert await awa.hears() == [VOICE]
    assert awa.buttons() == ["☰ Menu", "💬 Parler à quelqu'un"]
    assert running.handler.heard == []


async def test_every_kind_gets_one_answer_and_none_an_exception(
    running: Bench, awa: Person, caplog: pytest.LogCaptureFixture
) -> None:
    kinds = [kind for kind in SAMPLES if kind not in ("pinned", "venue")]
    for kind in kinds:
        awa.sends(kind)
    heard = await awa.hears(len(kinds))
    assert len(set(heard)) == len(kinds) - 1  # a game is a dice
    assert running.handler.heard == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_caption_is_answered_then_the_picture_spoken_of(
    running: Bench, awa: Person
) -> None:
    awa.sends("photo", caption="avis d'expulsion")
    note = running.context.phrases.text("utter_caption_only")
    assert await awa.hears(2) == ["« avis d'expulsion »", note]


async def test_an_album_gets_one_reaction(running: Bench, awa: Person) -> None:
    for _ in range(3):
        awa.sends("photo", media_group_id="5")
    awa.says("voilà")
    assert await awa.hears(2) == [running.context.phrases.text("utter_photo"), "« voilà »"]


async def test_a_position_is_heard(running: Bench, awa: Person) -> None:
    awa.sends_location(50.84, 4.35)
    assert await awa.hears() == ['« /give_location{"position": "50.84,4.35"} »']


async def test_a_command_with_words_is_two_turns_of_one_update(running: Bench, awa: Person) -> None:
    awa.says("/urgence il me frappe")
    assert await awa.hears(2) == ["« il me frappe »", "« /emergency »"]


async def test_the_latest_text_corrected_is_a_new_message(running: Bench, awa: Person) -> None:
    first = awa.says("j'ai fin")
    await awa.hears()
    awa.edits(first, "j'ai faim")
    edited = running.context.phrases.text("utter_edited")
    assert await awa.hears(2) == [edited, "« j'ai faim »"]


async def test_an_edit_that_changes_nothing_or_is_old_is_ignored(
    running: Bench, awa: Person
) -> None:
    first = awa.says("un")
    second = awa.says("deux")
    awa.edits(second, "deux")
    awa.edits(first, "dix")
    awa.says("trois")
    assert await awa.hears(3) == ["« un »", "« deux »", "« trois »"]


async def test_a_correction_is_known_after_a_restart(bench: Bench, awa: Person) -> None:
    await bench.start()
    first = awa.says("j'ai fin")
    await awa.hears()
    await bench.settles()
    await bench.stop()
    await bench.start()
    awa.edits(first, "j'ai fin")
    awa.edits(first, "j'ai faim")
    assert (await awa.hears(2))[1] == "« j'ai faim »"


async def test_danger_is_seen_in_an_old_text_that_was_edited(running: Bench, awa: Person) -> None:
    first = awa.says("bonjour")
    awa.says("ça va")
    await awa.hears(2)
    awa.edits(first, SUICIDE)
    assert (await awa.hears(2))[1] == f"« {SUICIDE} »"


async def test_nothing_stands_before_an_emergency_card(
    bench: Bench, with_directory: Context, awa: Person
) -> None:
    with with_directory.database.session() as session:
        card = emergency_card(Kind.SUICIDE, session, with_directory.now())
    bench.handler.answers[SUICIDE] = [card]
    await bench.start()
    first = awa.says("bonjour")
    await awa.hears()
    awa.edits(first, SUICIDE)
    assert await awa.hears() == [card.text]


async def test_an_emergency_command_with_words_shows_one_card(
    bench: Bench, with_directory: Context, awa: Person
) -> None:
    with with_directory.database.session() as session:
        card = emergency_card(Kind.SUICIDE, session, with_directory.now())
    bench.handler.answers[SUICIDE] = [card]
    await bench.start()
    awa.says(f"/urgence {SUICIDE}")
    awa.says("merci")
    assert await awa.hears(2) == [card.text, "« merci »"]


async def test_a_long_payload_comes_back_whole(running: Bench, awa: Person) -> None:
    payload = '/report{"service": "' + "x" * 100 + '"}'
    running.handler.answers["bonjour"] = [Message("?", (Button("Signaler", payload),))]
    awa.says("bonjour")
    await awa.hears()
    awa.taps("Signaler")
    assert await awa.hears() == [f"« {payload} »"]


@pytest.mark.parametrize("data", ["~0123", "vieux", " "])
async def test_an_unknown_button_is_answered_and_leads_to_the_menu(
    running: Bench, telegram: TelegramServer, awa: Person, data: str
) -> None:
    awa.met = True
    query = awa.sends_callback(data)
    assert await awa.hears() == [running.context.phrases.text("utter_old_button")]
    await telegram.until(lambda: query in telegram.answered)
    assert running.handler.heard == []


async def test_a_query_is_answered_even_when_handling_fails(
    running: Bench, telegram: TelegramServer, awa: Person
) -> None:
    running.handler.answers["/menu"] = fail
    awa.met = True
    query = awa.sends_callback("/menu")
    await awa.receives()
    await telegram.until(lambda: query in telegram.answered)


async def test_the_texts_of_a_keyboard_are_its_payloads(running: Bench, awa: Person) -> None:
    question = (Button("📍 Ma position", "/share_position"), Button("Passer", "/skip_place"))
    running.handler.answers["j'ai faim"] = [Message("Où êtes-vous ?", question)]
    awa.says("j'ai faim")
    await awa.receives()
    assert awa.keyboard is not None
    awa.taps("Passer")
    assert await awa.hears() == ["« /skip_place »"]
    assert awa.keyboard is None
    awa.says("Passer")
    assert await awa.hears() == ["« Passer »"]


async def test_trouble_is_said_and_the_next_message_handled(
    running: Bench, awa: Person, caplog: pytest.LogCaptureFixture
) -> None:
    running.handler.answers["bug"] = fail
    awa.says("bug")
    awa.says("bonjour")
    assert await awa.hears(2) == [
        running.context.phrases.text("utter_trouble"),
        "« bonjour »",
    ]
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.message == "The update 100001 could not be handled (ValueError)."


async def test_what_was_said_before_the_trouble_is_kept(running: Bench, awa: Person) -> None:
    async def half(message: UserMessage) -> None:
        await say(message, Message("Voici un début"))
        raise ValueError

    running.handler.answers["bug"] = half
    awa.says("bug")
    assert (await awa.hears(2))[0] == "Voici un début"


@pytest.mark.parametrize(
    ("text", "kind"),
    [(SUICIDE, Kind.SUICIDE), ("mon mari m'a frappée", Kind.VIOLENCE), ("/urgence", None)],
)
async def test_a_call_for_help_is_answered_when_all_else_fails(
    bench: Bench, with_directory: Context, awa: Person, text: str, kind: Kind | None
) -> None:
    with with_directory.database.session() as session:
        card = emergency_card(kind, session, with_directory.now())
    for said in (text, "/emergency"):
        bench.handler.answers[said] = fail
    await bench.start()
    awa.says(text)
    assert (await awa.hears(2))[0] == card.text


async def test_a_turn_that_never_ends_does_not_hold_up_the_person(
    running: Bench, awa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forever(message: UserMessage) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(turns, "HANDLING_LIMIT", 0.05)
    running.handler.answers["bug"] = forever
    awa.says("bug")
    awa.says("bonjour")
    assert (await awa.hears(2))[1] == "« bonjour »"
