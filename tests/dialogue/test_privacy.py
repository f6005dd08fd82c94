"""What is kept of a person is shown, and erased when asked."""

from datetime import datetime

from sqlalchemy import text

from bot.dialogue.turn import Memory
from bot.handoff.requests import open_request
from bot.people import is_forgotten
from tests.dialogue.talk import Talk, payloads, talk, texts

__all__ = ["talk"]


def requests(talk: Talk) -> int:
    with talk.context.database.session() as session:
        return int(session.execute(text("SELECT count(*) FROM handoff_request")).scalar())


def ask_for_a_human(talk: Talk, at: datetime) -> None:
    with talk.context.database.session() as session:
        open_request(session, talk.person, "housing", "fr", at)


def test_what_is_kept_is_said_in_plain_words(talk: Talk) -> None:
    assert "aucun" in texts(talk.hears("access_my_data"))
    talk.hears("take_place", "Ixelles", intent="give_location", commune="Ixelles")
    ask_for_a_human(talk, talk.now)
    said = texts(talk.hears("access_my_data"))
    assert "Ixelles" in said
    assert "vos demandes à un humain : 1" in said
    assert talk.person not in said


def test_nothing_goes_before_it_was_asked_once(talk: Talk) -> None:
    ask_for_a_human(talk, talk.now)
    reply = talk.hears("delete_my_data")
    assert "/confirm_delete" in payloads(reply)
    assert talk.memory.asking == "delete"
    assert requests(talk) == 1


def test_a_yes_or_the_button_erases_all(talk: Talk) -> None:
    for yes in ({"handler": "confirm_delete"}, {"handler": "yes_or_no", "intent": "affirm"}):
        ask_for_a_human(talk, talk.now)
        talk.hears("take_place", "Ixelles", intent="give_location", commune="Ixelles")
        talk.hears("delete_my_data")
        reply = talk.hears(text="oui" if "intent" in yes else "", **yes)
        assert "effacé" in texts(reply)
        assert talk.memory == Memory()
        assert requests(talk) == 0
        with talk.context.database.session() as session:
            assert is_forgotten(session, talk.person)


def test_a_no_keeps_all(talk: Talk) -> None:
    ask_for_a_human(talk, talk.now)
    talk.hears("delete_my_data")
    talk.hears("yes_or_no", "non", intent="deny")
    assert requests(talk) == 1
    with talk.context.database.session() as session:
        assert not is_forgotten(session, talk.person)


def test_a_yes_long_after_the_question_erases_nothing(talk: Talk) -> None:
    ask_for_a_human(talk, talk.now)
    talk.hears("delete_my_data")
    talk.hears("say", "merci", intent="thank")
    talk.hears("yes_or_no", "oui", intent="affirm")
    assert requests(talk) == 1
