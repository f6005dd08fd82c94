"""Answers from the knowledge cards, by question and by button."""

import pytest

from bot.dialogue.cards import pages_of
from bot.knowledge.cards import cards, read_topics
from tests.dialogue.talk import Talk, parsed, payloads, talk, texts

__all__ = ["talk"]


@pytest.mark.parametrize("key", sorted(cards()))
def test_every_card_is_shown_short_first_with_its_pages_and_more_on_demand(
    talk: Talk, key: str
) -> None:
    card = cards()[key]
    reply = talk.hears("answer_card", intent="show_card", card=key)
    assert texts(reply).startswith(card.short)
    assert pages_of(card) in texts(reply)
    assert talk.memory.card == key
    more = talk.hears("answer_card_more", intent="card_more")
    assert texts(more).startswith(card.long)
    assert card.chapter in texts(more)


def test_a_sure_question_gets_its_card(talk: Talk) -> None:
    reply = talk.hears("answer_card", intent="faq", ranking=(("faq/deegan", 0.95),))
    assert texts(reply).startswith(cards()["deegan"].short)


def test_in_doubt_two_or_three_cards_are_offered_and_none_is_told(talk: Talk) -> None:
    ranking = (("faq/deegan", 0.3), ("faq/stigma", 0.25), ("need_food", 0.2), ("faq/risks", 0.1))
    reply = talk.hears("answer_card", intent="faq", ranking=ranking)
    assert cards()["deegan"].short not in texts(reply)
    offered = [entities.get("card") for _, entities in map(parsed, payloads(reply))]
    assert offered[:3] == ["deegan", "stigma", "risks"]


def test_a_question_that_no_card_answers_is_told_so(talk: Talk) -> None:
    for ranking in ((), (("need_food", 0.5),)):
        reply = talk.hears("answer_card", intent="faq", ranking=ranking)
        assert "Je ne sais pas" in texts(reply)
        assert "/talk_to_peer" in payloads(reply)


@pytest.mark.parametrize("card", ["unknown", "", "../../etc"])
def test_a_card_that_is_not_there_is_no_error(talk: Talk, card: str) -> None:
    assert texts(talk.hears("answer_card", intent="show_card", card=card))
    assert texts(talk.hears("answer_card_more", intent="card_more", card=card))


def test_every_card_can_be_reached_by_buttons_alone(talk: Talk) -> None:
    reached = set()
    for payload in payloads(talk.hears("card_topics")):
        intent, entities = parsed(payload)
        if intent == "card_topics":
            inside = talk.hears("card_topics", topic=entities["topic"])
            reached |= {parsed(one)[1].get("card") for one in payloads(inside)}
    assert set(cards()) <= reached
    assert len(read_topics()) == len({*read_topics()})
