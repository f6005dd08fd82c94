"""What an update means."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.commands import COMMANDS, said
from bot.phrases import phrases
from bot.telegram.updates import REACTIONS, Happening, Kind, read
from tests.telegram_server import TelegramServer
from tests.telegram_server.kinds import SAMPLES
from tests.telegram_server.people import entities_of
from tests.telegram_server.schema import bot_api

BOT = "PasserelleTestBot"
PRIVATE = {"id": 7, "type": "private", "first_name": "Awa"}
GROUP = {"id": -7, "type": "supergroup", "title": "Un groupe"}
AWA = {"id": 7, "is_bot": False, "first_name": "Awa"}


def message(content: dict[str, Any], chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": 0, "chat": chat, "from": AWA, **content, **more}


def happening(kind: str, content: dict[str, Any]) -> Happening:
    update = Update.de_json({"update_id": 1, kind: content}, None)
    assert update is not None
    return read(update, BOT)


def in_private(**content: Any) -> Happening:
    return happening("message", message(content))


def in_group(text: str, chat: dict[str, Any] = GROUP) -> Kind:
    return happening("message", message({"text": text, **entities_of(text)}, chat)).kind


def test_a_text_is_said_as_it_is() -> None:
    assert in_private(text="J'ai faim") == Happening(Kind.SAY, 7, ("J'ai faim",), message_id=3)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/start", ("/greet",)),
        ("/Start", ("/greet",)),
        ("/aide", ("/menu",)),
        ("/help", ("/menu",)),
        ("/menu", ("/menu",)),
        ("/urgence", ("/emergency",)),
        ("/humain", ("/talk_to_peer",)),
        ("/oublier", ("/delete_my_data",)),
        ("/stop", ("/stop_all",)),
        ("/aide@PasserelleTestBot", ("/menu",)),
        ("/start peer_Ab-9_z", ('/join_peers{"token": "Ab-9_z"}',)),
        ("/start affiche_gare", ("/greet",)),
        ("/start j'ai faim", ("j'ai faim",)),
        ("/aide où dormir ?", ("où dormir ?",)),
        ("/urgence mon mari me frappe", ("mon mari me frappe", "/emergency")),
        ("/humain svp", ("svp", "/talk_to_peer")),
        ("/aide /affirm", ("affirm",)),
    ],
)
def test_commands_become_payloads(typed: str, meant: tuple[str, ...]) -> None:
    assert said(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/affirm", "affirm"),
        ("/restart", "restart"),
        ('/join_peers{"token": "x"}', 'join_peers{"token": "x"}'),
        ("//greet", "greet"),
        ("  /greet", "greet"),
        ("/ /greet", "greet"),
        ("/\u00a0/greet", "greet"),
        ("/", "/menu"),
        ("1/2 pain", "1/2 pain"),
    ],
)
def test_nobody_can_type_a_payload(typed: str, meant: str) -> None:
    assert said(typed) == (meant,)


def test_what_a_database_refuses_is_taken_out() -> None:
    assert said("a\x00b\ud83d") == ("ab\ufffd",)


def test_every_command_ends_as_a_payload() -> None:
    assert all(said(f"/{name}") == (payload,) for name, payload in COMMANDS.items())


def test_a_position_becomes_a_payload() -> None:
    location = {"latitude": 50.84, "longitude": 4.35}
    assert in_private(location=location).texts == ('/give_location{"position": "50.84,4.35"}',)


def test_a_venue_is_a_position() -> None:
    assert in_private(**SAMPLES["venue"]).texts == ('/give_location{"position": "50.84,4.35"}',)


@pytest.mark.parametrize("kind", [kind for kind in REACTIONS if kind in SAMPLES])
def test_each_kind_has_its_own_reaction(kind: str) -> None:
    assert in_private(**SAMPLES[kind]) == Happening(
        Kind.SAY, 7, phrase=REACTIONS[kind], message_id=3
    )


@pytest.mark.parametrize("content", [SAMPLES["checklist"], {"holographic_pizza": {"size": 3}}, {}])
def test_a_kind_that_nobody_thought_of_gets_a_reaction(content: dict[str, Any]) -> None:
    assert in_private(**content).phrase == "utter_unknown_kind"


def test_all_reactions_are_in_the_domain() -> None:
    for name in {*REACTIONS.values(), "utter_unknown_kind", "utter_private_only", "utter_edited"}:
        assert name in phrases()


def test_a_caption_is_heard_and_the_picture_spoken_of() -> None:
    seen = in_private(**SAMPLES["photo"], caption="c'est mon avis d'expulsion")
    assert seen.texts == ("c'est mon avis d'expulsion",)
    assert seen.phrase == "utter_caption_only"


def test_the_number_of_a_contact_is_not_stored() -> None:
    assert "+32" not in in_private(**SAMPLES["contact"]).as_json()


def test_what_is_stored_names_nobody_and_comes_back_whole() -> None:
    seen = in_private(text="J'ai faim")
    assert '"address"' not in seen.as_json()
    assert Happening.from_json(seen.as_json()) == Happening(
        Kind.SAY, texts=("J'ai faim",), message_id=3
    )


def test_a_pinned_message_is_no_message_of_the_person() -> None:
    assert in_private(**SAMPLES["pinned"]).kind is Kind.IGNORED


def test_an_edited_text_is_known_as_such() -> None:
    seen = happening("edited_message", message({"text": "J'ai froid", "edit_date": 1}))
    assert (seen.kind, seen.texts, seen.message_id) == (Kind.EDIT, ("J'ai froid",), 3)


def test_a_position_that_moves_is_ignored() -> None:
    moved = message({"location": {"latitude": 1.0, "longitude": 2.0}, "edit_date": 1})
    assert happening("edited_message", moved).kind is Kind.IGNORED


@pytest.mark.parametrize(
    "text",
    ["/start", "/aide@passerelletestbot", "salut @PasserelleTestBot, tu es là ?"],
)
def test_a_group_that_calls_the_assistant_is_answered(text: str) -> None:
    assert in_group(text) is Kind.GROUP


@pytest.mark.parametrize(
    "text", ["bonjour", "/meteo", "/start@AutreBot", "@AutreBot bonjour", "a@PasserelleTestBot.be"]
)
def test_what_is_said_in_a_group_is_not_heard(text: str) -> None:
    assert in_group(text) is Kind.IGNORED


def test_a_channel_is_not_heard() -> None:
    post = message({"text": "/start"}, {"id": -8, "type": "channel", "title": "Une chaîne"})
    assert happening("channel_post", post).kind is Kind.IGNORED


def tap(**more: Any) -> Happening:
    return happening("callback_query", {"id": "9", "from": AWA, "chat_instance": "1", **more})


def test_a_tap_brings_what_the_button_carries() -> None:
    seen = tap(data="/menu", message=message({"text": "Menu"}))
    assert seen == Happening(Kind.TAP, 7, ("/menu",), query_id="9")


def test_a_tap_on_a_message_too_old_to_be_seen_is_still_a_tap() -> None:
    old = {"chat": PRIVATE, "message_id": 3, "date": 0}
    assert tap(data="/menu", message=old).kind is Kind.TAP


def test_a_tap_without_data_is_a_tap_on_nothing() -> None:
    assert tap(game_short_name="jeu").texts == ("",)


def test_a_tap_in_a_group_is_only_answered() -> None:
    assert tap(data="/menu", message=message({"text": "x"}, GROUP)).kind is Kind.ELSEWHERE


def membership(status: str, chat: dict[str, Any] = PRIVATE) -> Kind:
    user = {"id": 1, "is_bot": True, "first_name": "Passerelle"}
    until = {"until_date": 0} if status == "kicked" else {}
    change = {
        "chat": chat,
        "from": AWA,
        "date": 0,
        "old_chat_member": {"status": "member", "user": user},
        "new_chat_member": {"status": status, "user": user, **until},
    }
    return happening("my_chat_member", change).kind


def test_a_closed_door_is_noticed() -> None:
    assert membership("kicked") is Kind.BLOCKED
    assert membership("member") is Kind.IGNORED
    assert membership("kicked", GROUP) is Kind.IGNORED


def test_unknown_updates_are_ignored() -> None:
    assert happening("telepathy", {"from": AWA, "thought": "…"}).kind is Kind.IGNORED
    assert happening("inline_query", {"id": "1", "from": AWA, "query": "", "offset": ""}).kind is (
        Kind.IGNORED
    )


@pytest.mark.skipif(bot_api() is None, reason="../shared/telegram/bot-api.json is not here")
@pytest.mark.parametrize("kind", SAMPLES)
async def test_the_samples_are_messages_as_the_bot_api_has_them(kind: str) -> None:
    schema = bot_api()
    telegram = TelegramServer()
    telegram.person().sends(kind)
    assert schema is not None
    for update in telegram.pending:
        assert schema.fault(update, ["Update"], "update") == ""
