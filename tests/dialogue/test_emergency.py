"""Danger: the card first, in every state, then the practical request."""

import pytest

from bot.dialogue import handlers
from bot.dialogue.turn import Memory
from bot.messages import TALK_TO_PEER
from bot.safety.cards import emergency_card
from bot.safety.danger import Kind
from tests.dialogue.talk import TUESDAY, Talk, payloads, talk, texts

__all__ = ["talk"]


def card(talk: Talk, kind: Kind | None) -> str:
    with talk.context.database.session() as session:
        return emergency_card(kind, session, TUESDAY).text


@pytest.mark.parametrize("kind", list(Kind))
def test_the_card_of_the_danger_is_shown_with_a_human_one_tap_away(talk: Talk, kind: Kind) -> None:
    reply = talk.hears("show_emergency_card", "x", intent=f"crisis_{kind.value}", danger=kind)
    assert reply.messages[0].text == card(talk, kind)
    assert TALK_TO_PEER in [button.payload for button in reply.messages[0].buttons]


def test_the_button_for_an_emergency_shows_all_numbers(talk: Talk) -> None:
    assert texts(talk.hears("show_emergency_card", intent="emergency")) == card(talk, None)


def test_the_card_comes_before_the_bed_that_was_asked_for(talk: Talk) -> None:
    reply = talk.hears(
        "show_emergency_card",
        "je vais me tuer si je dors encore dehors à Ixelles",
        intent="crisis_suicide",
        danger=Kind.SUICIDE,
        wishes=("need_shelter",),
        commune="Ixelles",
    )
    assert reply.messages[0].text == card(talk, Kind.SUICIDE)
    assert "Samusocial" in texts(reply)
    assert talk.memory.need == "shelter"


def test_danger_without_a_place_still_asks_for_the_place_of_the_bed(talk: Talk) -> None:
    reply = talk.hears(
        "show_emergency_card",
        "x",
        intent="crisis_violence",
        danger=Kind.VIOLENCE,
        wishes=("need_shelter",),
    )
    assert reply.messages[0].text == card(talk, Kind.VIOLENCE)
    assert "commune" in reply.messages[-1].text


@pytest.mark.parametrize(
    "memory",
    [
        Memory(),
        Memory(need="food", asking="place"),
        Memory(asking="consent", theme="housing"),
        Memory(asking="delete"),
        Memory(need="food", commune="Ixelles", results=("101-police",), shown=1),
        Memory(card="deegan"),
    ],
)
@pytest.mark.parametrize("handler", sorted(handlers.HANDLERS))
def test_in_every_state_of_the_talk_and_whatever_was_understood_the_card_comes_first(
    talk: Talk, memory: Memory, handler: str
) -> None:
    talk.memory = memory
    reply = talk.hears(handler, "je veux mourir", intent="greet", danger=Kind.SUICIDE)
    assert reply.messages[0].text == card(talk, Kind.SUICIDE)


def test_whatever_breaks_beside_it_the_card_is_shown(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault in the search")

    monkeypatch.setitem(handlers.HANDLERS, "find_services", broken)
    monkeypatch.setitem(handlers.PRACTICAL, "need", broken)
    for intent in ("crisis_suicide", "need_shelter"):
        reply = talk.hears(
            "find_services", "x", intent=intent, danger=Kind.SUICIDE, wishes=("need_shelter",)
        )
        assert texts(reply) == card(talk, Kind.SUICIDE)


def test_after_a_card_a_yes_and_a_no_are_answered_with_care(talk: Talk) -> None:
    for intent in ("affirm", "deny"):
        talk.hears("show_emergency_card", "x", intent="crisis_suicide", danger=Kind.SUICIDE)
        reply = talk.hears("yes_or_no", "x", intent=intent)
        assert TALK_TO_PEER in payloads(reply)


def test_who_only_wants_to_be_heard_gets_the_lines_that_listen(talk: Talk) -> None:
    reply = talk.hears("show_emergency_card", intent="emergency", part="listening")
    assert "107" in texts(reply).splitlines()
    assert "101" not in texts(reply).splitlines()
