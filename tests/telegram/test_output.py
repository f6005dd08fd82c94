"""Where Rasa says things."""

from __future__ import annotations

from bot.context import Context
from bot.messages import Button, Message
from bot.outbox import Letter
from bot.people import pseudonym_of
from bot.telegram.models import CHANNEL
from bot.telegram.output import TelegramOutput


async def test_a_turn_is_gathered_in_order(around: Context) -> None:
    output = TelegramOutput(around, "somebody")
    button = {"title": "Menu", "payload": "/menu"}
    await output.send_response("somebody", {"text": "un\n\ndeux", "buttons": [button]})
    await output.send_text_with_buttons("somebody", "trois", [button])
    await output.send_text_message("somebody", "quatre")
    await output.send_response("somebody", {"text": ""})
    menu = (Button("Menu", "/menu"),)
    assert output.messages == [
        Message("un\n\ndeux", menu),
        Message("trois", menu),
        Message("quatre"),
    ]


async def test_what_comes_after_the_turn_is_posted(around: Context) -> None:
    with around.database.session() as session:
        person = pseudonym_of(session, CHANNEL, "1")
    output = TelegramOutput(around, person)
    output.close()
    await output.send_response(person, {"text": "plus tard"})
    with around.database.session() as session:
        assert [letter.message for letter in session.query(Letter)] == [Message("plus tard")]
    assert output.messages == []
