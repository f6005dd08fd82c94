"""Pieces of a message that may each hold a wish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.clauses import clauses_of


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("j'ai faim", ["j'ai faim"]),
        ("j'ai faim et je cherche un lit", ["j'ai faim", "je cherche un lit"]),
        ("J'ai faim. Où dormir ce soir ?", ["J'ai faim", "Où dormir ce soir"]),
        ("un lit, une douche, merci", ["un lit", "une douche merci"]),
        ("je bois mais je veux arrêter", ["je bois", "je veux arrêter"]),
        ("pain et lait", ["pain lait"]),
        ("", []),
        ("...", []),
    ],
)
def test_a_message_is_cut_where_a_new_wish_may_begin(text: str, pieces: list[str]) -> None:
    assert clauses_of(text) == pieces


def test_a_greeting_stands_alone() -> None:
    assert clauses_of("bonjour je cherche un lit")[-1] == "je cherche un lit"


@given(st.text(max_size=200))
def test_no_piece_is_empty_and_no_word_is_new(text: str) -> None:
    pieces = clauses_of(text)
    assert all(piece.strip() for piece in pieces)
    for word in " ".join(pieces).split():
        assert word.strip(" ,-") in text
