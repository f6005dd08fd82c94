"""Small talk, the menu, and what happens when nothing was understood."""

import pytest

from bot.dialogue.conversation import OFFERED
from bot.dialogue.turn import Memory
from bot.messages import MENU, TALK_TO_PEER
from tests.dialogue.talk import Talk, parsed, payloads, talk, texts

__all__ = ["talk"]

SAID = ["greet", "goodbye", "thank", "bot_challenge", "rephrase", "insult", "out_of_scope"]
SAID += ["express_distress", "express_loneliness", "express_relapse", "express_hope", "ask_privacy"]


@pytest.mark.parametrize("intent", SAID)
def test_what_people_say_beside_a_wish_has_its_answer(talk: Talk, intent: str) -> None:
    assert texts(talk.hears("say", intent=intent)) == talk.context.phrases.text(f"utter_{intent}")


@pytest.mark.parametrize("intent", ["express_distress", "express_loneliness", "express_relapse"])
def test_who_suffers_is_offered_a_human(talk: Talk, intent: str) -> None:
    assert TALK_TO_PEER in payloads(talk.hears("say", intent=intent))


def test_the_menu_leads_to_every_need(talk: Talk) -> None:
    with talk.context.database.session() as session:
        from bot.directory.models import TaxonomyTerm

        needs = {term.intent for term in session.query(TaxonomyTerm) if term.intent}
    reached = set()
    for payload in payloads(talk.hears("menu")):
        intent, entities = parsed(payload)
        reached.add(intent)
        if intent == "menu" and entities:
            reached |= {parsed(one)[0] for one in payloads(talk.hears("menu", **entities))}
    assert needs <= reached
    assert {"talk_to_peer", "emergency", "card_topics"} <= reached


@pytest.mark.parametrize("part", ["unknown", "", "/x"])
def test_a_part_of_the_menu_that_is_not_there_is_the_menu(talk: Talk, part: str) -> None:
    assert texts(talk.hears("menu", part=part)) == talk.context.phrases.text("utter_menu")


def test_the_menu_puts_a_search_aside_but_keeps_the_place(talk: Talk) -> None:
    talk.needs("food", commune="Ixelles")
    talk.hears("menu")
    assert (talk.memory.need, talk.memory.results) == (None, ())
    assert talk.memory.commune == "Ixelles"


def test_starting_over_forgets_all(talk: Talk) -> None:
    talk.needs("food", "une femme", commune="Ixelles", audience="women")
    talk.hears("restart")
    assert talk.memory == Memory()


def test_what_is_unclear_is_offered_as_two_or_three_buttons_and_a_human(talk: Talk) -> None:
    ranking = (("need_food", 0.3), ("need_shelter", 0.2), ("greet", 0.2), ("faq/deegan", 0.1))
    reply = talk.hears("clarify", "gloubi boulga", intent="nlu_fallback", ranking=ranking)
    offered = payloads(reply)
    assert offered[:2] == ["/need_food", "/need_shelter"]
    assert TALK_TO_PEER in offered
    assert len(offered) <= OFFERED + 2


def test_what_cannot_be_guessed_at_all_offers_a_human_and_help(talk: Talk) -> None:
    reply = talk.hears("clarify", "????", intent="nlu_fallback")
    assert {TALK_TO_PEER, "/emergency"} <= set(payloads(reply))


def test_danger_among_the_guesses_is_one_tap_from_the_numbers(talk: Talk) -> None:
    ranking = (("crisis_suicide", 0.2), ("need_food", 0.2))
    reply = talk.hears("clarify", "bof", intent="nlu_fallback", ranking=ranking)
    assert payloads(reply)[0] == "/emergency"


def test_an_unclear_answer_to_the_question_for_a_place_is_read_as_one(talk: Talk) -> None:
    talk.needs("food")
    reply = talk.hears("clarify", "ixelle", intent="nlu_fallback", commune="Ixelles")
    assert talk.memory.commune == "Ixelles"
    assert talk.memory.results
    assert texts(reply)


def test_another_language_gets_the_numbers_that_are_the_same_in_all(talk: Talk) -> None:
    reply = talk.hears("other_language", "I need help please")
    assert {"112", "101"} <= set(texts(reply).splitlines())


def test_a_yes_to_nothing_asks_what_for(talk: Talk) -> None:
    assert "/need_food" in payloads(talk.hears("yes_or_no", "oui", intent="affirm"))


@pytest.mark.parametrize(
    ("text", "payload"), [("menu", "/need_food"), ("MENU !", "/need_food"), ("Humain", "/consent")]
)
def test_one_word_is_a_command_whatever_the_model_thinks(
    talk: Talk, text: str, payload: str
) -> None:
    reply = talk.hears("clarify", text, intent="nlu_fallback")
    found = {parsed(one)[0] for one in payloads(reply)}
    assert parsed(payload)[0] in found


def test_what_else_was_asked_for_is_one_tap_away(talk: Talk) -> None:
    reply = talk.needs("food", commune="Ixelles", wishes=("need_food", "need_hygiene"))
    assert payloads(reply)[-1] == "/need_hygiene"


def test_the_menu_is_always_one_tap_away(talk: Talk) -> None:
    from rasa_sdk.executor import CollectingDispatcher

    from actions.base import _say

    for handler in ("menu", "say", "card_topics", "delete_my_data"):
        dispatcher = CollectingDispatcher()
        _say(talk.hears(handler, intent="greet"), dispatcher, talk.context)
        last = dispatcher.messages[-1]["buttons"]
        assert any(button["payload"].startswith(MENU) for button in last)
