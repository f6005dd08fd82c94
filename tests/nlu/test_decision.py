"""The last word on the intent: danger wins, and a bare place or name is just that."""

from typing import Any

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.decision import Decision, bare_entity, by_urgency
from bot.safety.danger import HARMLESS


def decided(
    text: str,
    ranking: list[tuple[str, float]],
    crisis: dict[str, Any] | None = None,
    entities: list[tuple[str, str]] | None = None,
    wishes: list[str] | None = None,
) -> Message:
    """What the component makes of a message as the others left it."""
    message = Message({TEXT: text})
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    message.set("intent", dict(ranked[0]))
    message.set("intent_ranking", ranked)
    message.set("wishes", wishes if wishes is not None else [ranked[0]["name"]])
    message.set(
        "crisis", {"flag": False, "kind": None, "score": 0.0, "reason": ""} | (crisis or {})
    )
    spans = [
        {"entity": entity, "start": text.index(said), "end": text.index(said) + len(said)}
        for entity, said in entities or []
    ]
    message.set("entities", spans)
    Decision().process([message])
    return message


FOOD = [("need_food", 0.6), ("greet", 0.3), ("crisis_suicide", 0.1)]
PLAIN = {"flag": True, "kind": "suicide", "score": 0.99, "reason": "pattern"}


def test_an_ordinary_message_keeps_its_intent() -> None:
    message = decided("j'ai faim", FOOD)
    assert message.get("intent") == {"name": "need_food", "confidence": 0.6}


def test_plain_danger_wins_over_any_intent() -> None:
    message = decided("j'ai faim et je vais me tuer", FOOD, PLAIN)
    assert message.get("intent")["name"] == "crisis_suicide"
    assert message.get("intent_ranking")[0]["name"] == "crisis_suicide"
    assert message.get("crisis")["flag"]


def test_a_likeliest_meaning_of_danger_raises_the_alarm_by_itself() -> None:
    message = decided("je meurs", [("crisis_medical", 0.7), ("need_health", 0.3)])
    assert message.get("crisis")["flag"] is True
    assert message.get("crisis")["kind"] == "medical"


def test_what_only_sounds_like_danger_takes_its_next_meaning() -> None:
    message = decided(
        "je meurs de faim", [("crisis_suicide", 0.5), ("need_food", 0.4)], {"reason": HARMLESS}
    )
    assert message.get("intent")["name"] == "need_food"
    assert message.get("crisis")["flag"] is False


def test_the_likeliest_is_always_first_and_no_probability_is_more_than_one() -> None:
    for crisis in (None, PLAIN):
        for entities in ([], [("commune", "Ixelles")]):
            message = decided("Ixelles", FOOD, crisis, entities)
            ranking = message.get("intent_ranking")
            assert message.get("intent") == ranking[0]
            assert all(0 <= one["confidence"] <= 1 for one in ranking)
            assert sum(one["confidence"] for one in ranking) <= 1.01
            confidences = [one["confidence"] for one in ranking]
            assert confidences == sorted(confidences, reverse=True)
            assert len({one["name"] for one in ranking}) == len(ranking)


@pytest.mark.parametrize(
    "text", ["Ixelles", "je suis à Ixelles", "vers Ixelles svp", "bonjour, Ixelles"]
)
def test_a_place_with_nothing_else_is_an_answer(text: str) -> None:
    message = decided(text, FOOD, entities=[("commune", "Ixelles")])
    assert message.get("intent")["name"] == "give_location"


def test_a_name_with_nothing_else_is_asked_for() -> None:
    message = decided("le Smes", FOOD, entities=[("organisation", "Smes")])
    assert message.get("intent")["name"] == "find_organisation"


def test_a_place_beside_a_wish_is_no_answer() -> None:
    message = decided("manger à Ixelles", FOOD, entities=[("commune", "Ixelles")])
    assert message.get("intent")["name"] == "need_food"
    assert bare_entity("manger à Ixelles", message.get("entities")) is None


def test_a_greeting_gives_way_to_the_wish_beside_it() -> None:
    message = decided(
        "bonjour j'ai faim", [("greet", 0.5), ("need_food", 0.4)], wishes=["greet", "need_food"]
    )
    assert message.get("intent")["name"] == "need_food"


@pytest.mark.parametrize("text", ["", "   ", "???", "🙈🙉"])
def test_a_message_without_a_word_is_not_guessed_at(text: str) -> None:
    message = decided(text, FOOD)
    assert message.get("intent")["confidence"] == 0
    assert message.get("wishes") == []


def test_a_bed_a_cure_and_a_meal_come_before_what_can_wait() -> None:
    wishes = ["need_work", "need_food", "greet", "need_shelter", "crisis_child", "need_admin"]
    assert by_urgency(wishes) == ["need_shelter", "need_food", "need_work", "need_admin"]
