"""What Passerelle says, and how a long text is cut."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import MENU, Button, Message, payload, split_text

TEXTS = st.text(alphabet=st.sampled_from("abcé 🙂\n\t.,"), max_size=400)


def test_a_short_text_stays_whole() -> None:
    assert list(split_text("Bonjour.\n\nÇa va ?", 100)) == ["Bonjour.\n\nÇa va ?"]


def test_a_text_is_cut_at_a_blank_line_where_it_can() -> None:
    assert list(split_text("un deux\ntrois\n\nquatre cinq", 16)) == [
        "un deux\ntrois",
        "quatre cinq",
    ]


def test_else_at_a_line_end_else_at_a_space() -> None:
    assert list(split_text("un deux\ntrois quatre", 14)) == ["un deux", "trois quatre"]
    assert list(split_text("un deux trois", 8)) == ["un deux", "trois"]


def test_only_a_word_longer_than_the_limit_is_cut() -> None:
    assert list(split_text("abcdefghij", 4)) == ["abcd", "efgh", "ij"]


def test_nothing_gives_no_part() -> None:
    assert list(split_text("  \n ", 10)) == []


@given(TEXTS, st.integers(1, 60))
def test_no_part_is_too_long_or_empty_and_every_sign_stays_in_order(text: str, limit: int) -> None:
    parts = list(split_text(text, limit))
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.lists(st.text("abcdefgé", min_size=1, max_size=8), max_size=60), st.integers(8, 40))
def test_words_that_fit_are_never_cut(words: list[str], limit: int) -> None:
    parts = list(split_text(" ".join(words), limit))
    assert [word for part in parts for word in part.split()] == words


def test_buttons_are_added_once() -> None:
    message = Message("a", (Button("Menu", MENU),))
    assert message.with_buttons(Button("☰", MENU)) == message
    more = message.with_buttons(Button("Manger", "/need_food"))
    assert [button.payload for button in more.buttons] == [MENU, "/need_food"]


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (payload("menu"), "/menu"),
        (payload("show_card", card="deegan"), '/show_card{"card": "deegan"}'),
        (payload("give_location", commune="Liège"), '/give_location{"commune": "Liège"}'),
    ],
)
def test_a_payload_is_an_intent_and_its_entities(made: str, written: str) -> None:
    assert made == written


@given(st.dictionaries(st.text(), st.text(), min_size=1))
def test_the_entities_of_a_payload_come_back(entities: dict[str, str]) -> None:
    made = payload("intent", **entities)
    assert json.loads(made.removeprefix("/intent")) == entities
