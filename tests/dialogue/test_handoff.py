from dataclasses import replace
from datetime import datetime

import pytest

from bot.clock import BRUSSELS
from bot.dialogue import conversation
from bot.dialogue.handoff import (
    THEMES,
    answer_yes_or_no,
    choose_theme,
    consent,
    end_human_chat,
    names_theme,
    rate_talk,
    stop_all,
    take_request,
    talk_to_peer,
    wait_time,
)
from bot.dialogue.turn import Memory, Reply, Turn
from bot.handoff.models import Side, Status
from bot.handoff.peers import peer_of, set_paused
from bot.people import is_forgotten
from bot.safety.danger import Kind
from tests.handoff.fixtures import loaded_database, world
from tests.handoff.world import World, buttons, entities_of, payloads, said

__all__ = ["loaded_database", "world"]

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=BRUSSELS)


def ask(world: World, person: str, theme: str = "housing") -> Reply:
    """The whole way to a stored request, through the buttons."""
    world.do(talk_to_peer, person)
    asked = world.do(choose_theme, person, theme=theme)
    memory = Memory(asking="consent", theme=asked.remember["theme"])
    return world.do(consent, person, memory=memory, answer="yes")


def talk(world: World, person: str, peer: str) -> str:
    """A running talk; the request's number."""
    ask(world, person)
    number = str(world.requests()[-1].id)
    world.do(take_request, peer, request=number)
    world.letters(peer)
    world.letters(person)
    return number


def promises_nothing(reply: Reply) -> bool:
    forbidden = ("tout de suite", "va vous répondre", "bientôt", "rapidement", "dans un instant")
    return not any(word in said(reply).lower() for word in forbidden)


class TestAsking:
    def test_a_theme_is_asked_for_and_may_be_passed(self, world: World) -> None:
        world.peer()
        reply = world.do(talk_to_peer, world.somebody())
        themes = [entities_of(payload)["theme"] for payload in payloads(*reply.messages)]
        assert themes == [*THEMES, "skip"]
        assert reply.remember["asking"] == "theme"

    def test_a_few_words_name_a_theme_and_a_sentence_asks_for_a_service(self) -> None:
        memory = Memory(asking="theme")
        turn = Turn("somebody", "need_debt", NIGHT, memory, text="mes dettes")
        assert names_theme(turn)
        assert not names_theme(replace(turn, memory=Memory()))
        assert not names_theme(replace(turn, danger=Kind.SUICIDE))
        assert not names_theme(replace(turn, text="je cherche un médiateur de dettes à Ixelles"))
        assert not names_theme(replace(turn, intent="need_food"))

    def test_a_theme_in_words_is_noted(self, world: World) -> None:
        world.peer()
        reply = world.do(choose_theme, world.somebody(), "need_debt")
        assert reply.remember == {"asking": "consent", "theme": "money"}

    @pytest.mark.parametrize(("said_theme", "kept"), [("violence", "violence"), ("skip", None)])
    def test_consent_is_asked_for_in_one_sentence(
        self, world: World, said_theme: str, kept: str | None
    ) -> None:
        world.peer()
        reply = world.do(choose_theme, world.somebody(), theme=said_theme)
        assert reply.remember == {"asking": "consent", "theme": kept}
        (message,) = reply.messages
        assert message.text.count("?") == 1
        assert "." not in message.text
        answers = [entities_of(payload)["answer"] for payload in payloads(message)]
        assert answers == ["yes", "no"]

    def test_nothing_is_stored_before_the_consent(self, world: World) -> None:
        person = world.somebody()
        world.do(talk_to_peer, person)
        world.do(choose_theme, person, theme="money")
        world.do(consent, person, answer="no")
        assert world.requests() == []

    def test_with_consent_those_on_duty_get_it(self, world: World) -> None:
        sam, person = world.peer(), world.somebody()
        reply = ask(world, person, "money")
        (request,) = world.requests()
        assert (request.person, request.theme, request.status) == (person, "money", Status.OPEN)
        assert "argent, papiers" in world.texts(sam)[0]
        assert "maintenant : 1" in said(reply)
        assert "Aucune autre demande" in said(reply)
        assert "/end_human_chat" in payloads(*reply.messages)
        assert promises_nothing(reply)

    def test_the_language_asked_for_is_passed_on(self, world: World) -> None:
        sam, person = world.peer(), world.somebody()
        reply = world.do(talk_to_peer, person, spoken_language="ar")
        theme = entities_of(payloads(*reply.messages)[0])
        reply = world.do(choose_theme, person, **theme)
        yes = entities_of(payloads(*reply.messages)[0])
        world.do(consent, person, **yes)
        assert "Langue : arabe" in world.texts(sam)[0]

    def test_without_an_account_all_but_the_letters_works(self, world: World) -> None:
        world.peer()
        reply = ask(world, "terminal")
        assert "maintenant : 1" in said(reply)
        assert "/end_human_chat" in payloads(*reply.messages)
        assert "annulée" in said(world.do(end_human_chat, "terminal"))

    def test_asking_again_tells_where_the_request_stands(self, world: World) -> None:
        world.peer()
        person = world.somebody()
        ask(world, world.somebody())
        ask(world, person)
        for handler in (talk_to_peer, wait_time):
            reply = world.do(handler, person)
            assert "avant la vôtre : 1" in said(reply)
            assert "depuis 9:30" in said(reply)
            assert "/end_human_chat" in payloads(*reply.messages)
            assert promises_nothing(reply)
        assert len(world.requests()) == 2

    def test_the_wait_of_nobody_is_a_wish_to_talk(self, world: World) -> None:
        world.peer()
        reply = world.do(wait_time, world.somebody(), "ask_wait_time")
        assert reply.remember["asking"] == "theme"

    def test_a_theme_may_be_added_to_a_waiting_request(self, world: World) -> None:
        world.peer()
        person = world.somebody()
        ask(world, person, "skip")
        assert "ajouté" in said(world.do(choose_theme, person, theme="loneliness"))
        assert world.requests()[0].theme == "loneliness"

    def test_an_old_no_does_not_deny_a_request_that_waits(self, world: World) -> None:
        world.peer()
        person = world.somebody()
        ask(world, person)
        assert "Votre demande attend" in said(world.do(consent, person, answer="no"))


class TestNobodyOnDuty:
    @pytest.fixture(autouse=True)
    def night(self, world: World) -> None:
        world.set_time(NIGHT)

    def test_the_truth_comes_first_with_the_lines_and_a_choice(self, world: World) -> None:
        world.peer("Sam", "Mo-Fr 09:00-17:00")
        reply = world.do(talk_to_peer, world.somebody())
        first = reply.messages[0].text
        assert "n'est de permanence" in first
        assert "demain à 9:00" in first
        assert "107" in first.splitlines()
        assert first.index("107") < first.index("0800 32 123")
        assert reply.remember["asking"] == "leave_request"
        assert '/consent{"answer": "no"}' in payloads(*reply.messages)
        assert promises_nothing(reply)
        assert len(first) <= 350

    def test_without_hours_it_is_not_known_when(self, world: World) -> None:
        sam = world.peer("Sam")
        with world.context.database.session() as session:
            set_paused(session, peer_of(session, sam), True)
        assert "Je ne sais pas quand" in said(world.do(talk_to_peer, world.somebody()))

    def test_the_request_may_be_left(self, world: World) -> None:
        sam, person = world.peer("Sam", "Mo-Fr 09:00-17:00"), world.somebody()
        assert "107" in said(world.do(talk_to_peer, person)).splitlines()
        reply = ask(world, person)
        assert "gardée" in said(reply)
        assert promises_nothing(reply)
        assert world.requests()[0].status == Status.OPEN
        assert world.letters(sam) == []

    def test_the_request_may_be_left_or_not_in_words(self, world: World) -> None:
        person, memory = world.somebody(), Memory(asking="leave_request")
        reply = world.do(answer_yes_or_no, person, "affirm", memory)
        assert reply.remember["asking"] == "consent"
        reply = world.do(answer_yes_or_no, person, "deny", memory)
        assert "je ne transmets rien" in said(reply)
        assert world.requests() == []

    def test_the_wait_is_told_truly(self, world: World) -> None:
        world.peer("Sam", "Mo-Fr 09:00-17:00")
        person = world.somebody()
        ask(world, person)
        reply = world.do(wait_time, person)
        assert "demain à 9:00" in said(reply)
        assert "Personne ne peut la prendre maintenant" in said(reply)
        assert promises_nothing(reply)

    def test_everybody_in_a_talk_is_not_nobody_on_duty(self, world: World) -> None:
        sam, person = world.peer("Sam"), world.somebody()
        talk(world, world.somebody(), sam)
        reply = world.do(talk_to_peer, person)
        assert "parlent déjà avec quelqu'un" in said(reply)
        assert "107" in said(reply).splitlines()
        ask(world, person)
        world.do(end_human_chat, sam)
        assert any(text.startswith("🔔") for text in world.texts(sam))

    def test_the_only_peer_worker_is_nobody_for_themself(self, world: World) -> None:
        assert "n'est de permanence" in said(world.do(talk_to_peer, world.peer()))

    def test_lines_for_children_are_for_children(self, world: World) -> None:
        world.pass_time(hours=12)
        person = world.somebody()
        assert "103" not in said(world.do(talk_to_peer, person)).splitlines()
        young = world.do(talk_to_peer, person, memory=Memory(audience=("minors",)))
        assert "103" in said(young).splitlines()


class TestDanger:
    def test_somebody_in_danger_is_not_asked_for_a_theme(self, world: World) -> None:
        sam, person = world.peer(), world.somebody()
        reply = world.do(talk_to_peer, person, danger=Kind.SUICIDE)
        assert reply.remember["asking"] == "consent"
        memory = Memory(asking="consent", theme=reply.remember["theme"])
        world.do(answer_yes_or_no, person, "affirm", memory)
        assert world.requests()[0].in_danger
        assert world.requests()[0].theme == ""
        assert "⚠️" in world.texts(sam)[0]

    def test_danger_while_waiting_reaches_those_on_duty(self, world: World) -> None:
        sam, person = world.peer(), world.somebody()
        ask(world, person)
        world.letters(sam)
        world.do(wait_time, person, danger=Kind.VIOLENCE)
        assert "⚠️" in world.texts(sam)[0]

    def test_at_night_the_lines_come_before_the_consent(self, world: World) -> None:
        reply = world.do(talk_to_peer, world.somebody(), danger=Kind.SUICIDE)
        assert "107" in reply.messages[0].text.splitlines()
        assert reply.remember["asking"] == "consent"


class TestAnswers:
    def test_consent_in_words(self, world: World) -> None:
        world.peer()
        person, memory = world.somebody(), Memory(asking="consent", theme="other")
        assert "je ne transmets rien" in said(world.do(answer_yes_or_no, person, "deny", memory))
        world.do(answer_yes_or_no, person, "affirm", memory)
        assert world.requests()[0].theme == "other"

    def test_a_no_to_the_theme_is_no_theme(self, world: World) -> None:
        reply = world.do(answer_yes_or_no, world.somebody(), "deny", Memory(asking="theme"))
        assert reply.remember == {"asking": "consent", "theme": None}

    def test_everything_is_erased_with_a_yes(self, world: World) -> None:
        person = world.somebody()
        ask(world, person)
        reply = world.do(answer_yes_or_no, person, "affirm", Memory(asking="delete"))
        assert "tout est effacé" in said(reply)
        assert world.requests() == []
        with world.context.database.session() as session:
            assert is_forgotten(session, person)

    def test_a_yes_to_a_human_is_a_wish_to_talk(self, world: World) -> None:
        world.peer()
        reply = world.do(answer_yes_or_no, world.somebody(), "affirm", Memory(asking="human"))
        assert reply.remember["asking"] == "theme"

    def test_anything_else_is_small_talk(self, world: World) -> None:
        for intent in ("affirm", "deny"):
            reply = world.do(answer_yes_or_no, "somebody", intent)
            assert reply == world.do(conversation.answer_yes_or_no, "somebody", intent)


class TestEnding:
    def test_a_request_is_taken_back(self, world: World) -> None:
        world.peer()
        person = world.somebody()
        ask(world, person)
        assert "annulée" in said(world.do(end_human_chat, person))
        assert world.requests()[0].status == Status.CANCELLED
        assert "pas de demande" in said(world.do(end_human_chat, person))

    def test_the_person_ends_and_may_rate(self, world: World) -> None:
        sam, person = world.peer(), world.somebody()
        number = talk(world, person, sam)
        reply = world.do(end_human_chat, person)
        assert "La personne a mis fin" in world.texts(sam)[0]
        stars = [entities_of(payload) for payload in payloads(reply.messages[-1])]
        assert stars == [{"request": number, "stars": str(n)} for n in range(1, 6)] + [
            {"request": number, "stars": "skip"}
        ]
        assert "Merci" in said(world.do(rate_talk, person, **stars[3]))
        (request,) = world.requests()
        assert (request.rating, request.ended_by) == (4, Side.PERSON)

    def test_the_peer_worker_ends_and_the_person_may_rate(self, world: World) -> None:
        sam, person = world.peer(), world.somebody()
        talk(world, person, sam)
        assert "Merci d'avoir été là" in said(world.do(end_human_chat, sam))
        ended, rating = world.letters(person)
        assert "Sam a mis fin" in ended.text
        assert len(buttons(rating)) == 6
        assert world.requests()[0].ended_by is Side.PEER

    @pytest.mark.parametrize("stars", ["6", "0", "-1", "x", "3333333333333333333333"])
    def test_an_impossible_rating_is_not_kept(self, world: World, stars: str) -> None:
        sam, person = world.peer(), world.somebody()
        number = talk(world, person, sam)
        world.do(end_human_chat, person)
        assert "pardon" in said(world.do(rate_talk, person, request=number, stars=stars))
        assert world.requests()[0].rating is None

    def test_the_rating_may_be_skipped(self, world: World) -> None:
        assert "Pas de souci" in said(world.do(rate_talk, "somebody", request="1", stars="skip"))

    def test_stop_ends_a_talk_a_request_or_says_goodbye(self, world: World) -> None:
        sam, person = world.peer(), world.somebody()
        assert "Prenez soin de vous" in said(world.do(stop_all, person))
        ask(world, person)
        assert "annulée" in said(world.do(stop_all, person))
        talk(world, person, sam)
        assert "est finie" in said(world.do(stop_all, person))
        assert world.requests()[-1].status == Status.ENDED


def test_in_a_talk_asking_for_a_human_says_who_is_there(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    talk(world, person, sam)
    for handler in (talk_to_peer, wait_time, choose_theme):
        assert "avec Sam" in said(world.do(handler, person))
        assert "en conversation avec quelqu'un" in said(world.do(handler, sam))


def test_every_text_of_the_hand_off_is_short(world: World) -> None:
    from ruamel.yaml import YAML

    from bot.phrases import DOMAIN

    responses = YAML(typ="safe").load(DOMAIN)["responses"]
    names = list(responses)
    ours = names[names.index("utter_ask_theme") : names.index("utter_theme_none")]
    for name in ours:
        text = responses[name][0]["text"]
        assert len(text) <= 350, name
        assert text.count("pair-aidant·e") + text.count("pair-aidants") <= 1, name
