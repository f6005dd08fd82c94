"""Words of a message with where they stand in it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.directory.places import fold
from bot.nlu.words import words_of


def test_words_are_folded_and_know_their_place_and_capital() -> None:
    text = "L'été, à Ixelles"
    words = words_of(text)
    assert [word.folded for word in words] == ["l", "ete", "a", "ixelles"]
    assert [word.capital for word in words] == [True, False, False, True]
    assert [text[word.start : word.end] for word in words] == ["L", "été", "à", "Ixelles"]


@given(st.text(max_size=120))
def test_words_stand_in_order_and_within_the_text(text: str) -> None:
    last = 0
    for word in words_of(text):
        assert last <= word.start < word.end <= len(text)
        assert word.folded == fold(text[word.start : word.end]) != ""
        last = word.end
