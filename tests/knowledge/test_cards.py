"""The knowledge cards: all of the contract, all of the facts, nothing invented."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.directory.places import fold
from bot.errors import DataError
from bot.knowledge.cards import (
    KNOWLEDGE,
    SHORT_LIMIT,
    TITLE_LIMIT,
    Card,
    cards,
    read_cards,
    read_topics,
)

FACTS = YAML(typ="safe").load(KNOWLEDGE / "facts.yml")
CARDS = list(cards().values())
PAGES = range(1, 40)


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["fact"][:60])
def test_every_fact_of_the_source_stands_in_its_card(fact: dict) -> None:
    card = cards()[fact["card"]]
    for needle in fact["needles"]:
        assert needle in card.short or needle in card.long


def test_every_key_of_the_contract_has_a_card_and_no_other(shared: Path) -> None:
    contract = YAML(typ="safe").load(shared / "intents.yml")["faq"]
    assert {f"faq/{key}" for key in cards()} == set(contract)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_a_card_is_short_first_and_longer_on_demand(card: Card) -> None:
    assert 0 < len(card.short) <= SHORT_LIMIT
    assert len(card.long) > len(card.short)
    assert 0 < len(card.title) <= TITLE_LIMIT
    assert card.chapter and card.pages and set(card.pages) <= set(PAGES)
    assert list(card.pages) == sorted(card.pages)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_a_card_leads_on_to_others_but_not_to_itself(card: Card) -> None:
    assert card.related and card.key not in card.related
    assert len(set(card.related)) == len(card.related)
    assert set(card.related) <= set(cards())
    assert card.keywords


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.key)
def test_every_year_of_a_card_is_one_of_the_source(card: Card, shared: Path) -> None:
    source = (shared / "source" / "pauverite-pair-aidance.txt").read_text(encoding="utf-8")
    millennium = {"2000"}  # the source says "au début du nouveau millénaire"
    for year in {*re.findall(r"\b(?:1[6-9]|20)\d\d\b", f"{card.short} {card.long}")} - millennium:
        assert year in source, year


def test_every_card_is_in_one_subject() -> None:
    keys = [key for topic in read_topics().values() for key in topic.cards]
    assert sorted(keys) == sorted(cards())


def test_a_subject_fits_on_a_phone() -> None:
    for topic in read_topics().values():
        assert 0 < len(topic.title) <= TITLE_LIMIT
        assert 1 < len(topic.cards) <= 10


def test_no_two_cards_have_the_same_title() -> None:
    titles = [fold(card.title) for card in CARDS]
    assert len(set(titles)) == len(titles)


GOOD = {
    "key": "a",
    "title": "Titre",
    "short": "Court.",
    "long": "Plus long.",
    "chapter": "1",
    "pages": [1],
    "related": ["b"],
    "keywords": ["a"],
}


def write(folder: Path, **changes: object) -> Path:
    for key, other in (("a", "b"), ("b", "a")):
        card = {**GOOD, "key": key, "related": [other], **(changes if key == "a" else {})}
        kept = {name: value for name, value in card.items() if value is not None}
        YAML().dump(kept, folder / f"{key}.yml")
    return folder


def test_a_folder_of_cards_is_read(tmp_path: Path) -> None:
    found = read_cards(write(tmp_path))
    assert found["a"].short == "Court."
    assert found["a"].pages == (1,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"short": "x" * 351}, r"a\.yml: `short` has 351 characters; at most 350 fit"),
        ({"title": "x" * 41}, r"a\.yml: `title` is longer than the 40"),
        ({"short": None}, r"a\.yml: a field is missing"),
        ({"long": 5}, r"a\.yml: a field is missing"),
        ({"pages": None}, r"a\.yml: a field is missing"),
        ({"related": ["c"]}, r"a\.yml: there is no related card c"),
        ({"key": "b"}, r"b\.yml: the key 'b' belongs to another card"),
    ],
)
def test_a_broken_card_is_named(tmp_path: Path, changes: dict, said: str) -> None:
    with pytest.raises(DataError, match=said) as error:
        read_cards(write(tmp_path, **changes))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", ["- a\n", "", "a: [\n", "just words\n"])
def test_a_file_that_is_no_card_is_named(tmp_path: Path, content: str) -> None:
    write(tmp_path)
    (tmp_path / "a.yml").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.yml"):
        read_cards(tmp_path)


@pytest.mark.parametrize("content", ["- a\n", "a: {title: x}\n", "", "a: [\n"])
def test_broken_subjects_are_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "topics.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"topics\.yml"):
        read_topics.__wrapped__(path)
