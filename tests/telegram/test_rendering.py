"""From a message to calls of sendMessage."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.messages import Button, Message
from bot.telegram.rendering import Part, callback_data, render
from tests.telegram_server import limits
from tests.telegram_server.schema import bot_api

PROMPT = "Touchez un bouton :"
SHARE = Button("📍 Ma position", "/share_position")
SKIP = Button("Passer", "/skip_place")
MENU = Button("☰ Menu", "/menu")


def parts(message: Message, keyboard_open: bool = False) -> tuple[Part, ...]:
    return render(message, prompt=PROMPT, keyboard_open=keyboard_open).parts


def titles(part: Part) -> list[list[str]]:
    assert isinstance(part.markup, InlineKeyboardMarkup)
    return [[button.text for button in row] for row in part.markup.inline_keyboard]


def as_sent(part: Part) -> dict[str, Any]:
    """The arguments as they travel."""
    sent = {"chat_id": 1, **part.arguments()}
    return {key: one.to_dict() if hasattr(one, "to_dict") else one for key, one in sent.items()}


def test_a_text_is_plain_and_shows_no_preview() -> None:
    (part,) = parts(Message("02 123 45 67\n*pas gras* https://exemple.be"))
    assert as_sent(part) == {
        "chat_id": 1,
        "text": "02 123 45 67\n*pas gras* https://exemple.be",
        "link_preview_options": {"is_disabled": True},
    }


def test_a_long_text_is_split_at_paragraphs_with_the_buttons_last() -> None:
    paragraph = "mot " * 200
    sent = parts(Message("\n\n".join([paragraph.strip()] * 12), (MENU,)))
    assert len(sent) == 3
    assert all(len(part.text) <= 4096 for part in sent)
    assert all(part.text.startswith("mot") and part.text.endswith("mot") for part in sent)
    assert [part.markup is not None for part in sent] == [False, False, True]


def test_emoji_count_twice_for_telegram() -> None:
    sent = parts(Message("😀" * 4000))
    assert all(limits.length(part.text) <= 4096 for part in sent)
    assert "".join(part.text for part in sent) == "😀" * 4000


def test_short_buttons_share_a_row_and_long_ones_do_not() -> None:
    long = Button("Une organisation par son nom", "/find_organisation")
    (part,) = parts(Message("?", (MENU, SKIP, long, MENU, long)))
    assert titles(part) == [
        ["☰ Menu", "Passer"],
        ["Une organisation par son nom"],
        ["☰ Menu"],
        ["Une organisation par son nom"],
    ]


def test_a_payload_of_64_bytes_stays_and_a_longer_one_gets_a_key() -> None:
    fits = "/" + "x" * 63
    long = '/show{"name": "' + "é" * 30 + '"}'
    rendering = render(Message("?", (Button("a", fits), Button("b", long))), prompt=PROMPT)
    (part,) = rendering.parts
    assert isinstance(part.markup, InlineKeyboardMarkup)
    carried = [row[0].callback_data for row in part.markup.inline_keyboard[:1]]
    assert carried == [fits]
    assert list(rendering.payloads.values()) == [long]
    assert all(len(key.encode()) <= 64 for key in rendering.payloads)


def test_the_same_payload_always_gets_the_same_key() -> None:
    long = "/x" + "y" * 80
    assert callback_data(long) == callback_data(long) != callback_data(long + "y")


def test_a_key_cannot_be_mistaken_for_a_payload() -> None:
    assert callback_data("~abc") != "~abc"


def test_sharing_a_position_opens_a_keyboard() -> None:
    rendering = render(Message("Où êtes-vous ?", (SHARE, SKIP, MENU)), prompt=PROMPT)
    (part,) = rendering.parts
    assert isinstance(part.markup, ReplyKeyboardMarkup)
    first, others = part.markup.keyboard
    assert [button.request_location for button in first] == [True]
    assert [button.text for button in others] == ["Passer", "☰ Menu"]
    assert part.markup.one_time_keyboard and part.markup.resize_keyboard
    assert rendering.titles == {"Passer": "/skip_place", "☰ Menu": "/menu"}


def test_the_next_message_takes_the_keyboard_away() -> None:
    (part,) = parts(Message("Merci."), keyboard_open=True)
    assert isinstance(part.markup, ReplyKeyboardRemove)


def test_the_keyboard_goes_before_buttons_come() -> None:
    first, second = parts(Message("Trois lieux", (MENU,)), keyboard_open=True)
    assert first.text == "Trois lieux" and isinstance(first.markup, ReplyKeyboardRemove)
    assert second.text == PROMPT and titles(second) == [["☰ Menu"]]


def test_a_keyboard_may_follow_a_keyboard() -> None:
    (part,) = parts(Message("Encore", (SHARE,)), keyboard_open=True)
    assert isinstance(part.markup, ReplyKeyboardMarkup)


def test_buttons_without_a_text_get_one() -> None:
    (part,) = parts(Message("  ", (MENU,)))
    assert part.text == PROMPT


def test_nothing_is_sent_for_nothing() -> None:
    assert parts(Message("")) == ()


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
payloads = st.one_of(
    st.sampled_from(["/menu", "/share_position", "/skip_place"]), words.map("/x{}".format), words
)
buttons = st.lists(st.builds(Button, words, payloads), max_size=9)
texts = st.one_of(words, st.lists(words, max_size=40).map(lambda all: "\n".join(all) * 9))
messages = st.builds(Message, texts, buttons.map(tuple))


@pytest.mark.skipif(bot_api() is None, reason="../shared/telegram/bot-api.json is not here")
@given(messages, st.booleans())
def test_whatever_is_said_is_a_call_that_telegram_takes(message: Message, is_open: bool) -> None:
    schema = bot_api()
    assert schema is not None
    for part in parts(message, is_open):
        sent = as_sent(part)
        limits.check("sendMessage", schema.read("sendMessage", sent))
        json.dumps(sent)


@given(messages, st.booleans())
def test_no_word_and_no_button_is_lost(message: Message, is_open: bool) -> None:
    rendering = render(message, prompt=PROMPT, keyboard_open=is_open)
    said = " ".join(part.text for part in rendering.parts if part.text != PROMPT)
    assert "".join(said.split()) == "".join(message.text.split()) or PROMPT in message.text
    shown = [one for one in message.buttons if one.title.strip() and one.payload.strip()]
    markups = [part.markup for part in rendering.parts if part.markup is not None]
    keys = [
        key
        for markup in markups
        for row in getattr(markup, "inline_keyboard", getattr(markup, "keyboard", ()))
        for key in row
    ]
    if all(one.payload != "/share_position" for one in shown):
        assert [key.text for key in keys] == [one.title for one in shown]
