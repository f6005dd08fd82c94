from datetime import datetime, timedelta

import pytest

from bot.clock import BRUSSELS
from bot.dialogue.handoff import choose_theme, consent, join_peers, set_duty, take_request
from bot.dialogue.turn import Memory
from bot.handoff.models import Status
from bot.handoff.peers import invite
from tests.handoff.fixtures import loaded_database, world
from tests.handoff.world import World, entities_of, payloads, said

__all__ = ["loaded_database", "world"]


def ask(world: World, person: str) -> str:
    world.do(choose_theme, person, theme="housing")
    memory = Memory(asking="consent", theme="housing")
    world.do(consent, person, memory=memory, answer="yes")
    return str(world.requests()[-1].id)


def link(world: World, hours: str = "") -> str:
    with world.context.database.session() as session:
        return invite(session, "Sam", "rue", "fr", hours, world.now)


def test_a_link_opens_the_door_and_says_how_it_works(world: World) -> None:
    person, sam = world.somebody(), world.somebody()
    ask(world, person)
    reply = world.do(join_peers, sam, token=link(world, "Mo-Su 09:00-17:00"))
    for word in ("Bienvenue, Sam", "tous les jours 9:00-17:00", "/dispo", "/pause"):
        assert word in said(reply)
    assert world.texts(sam)[0].startswith("🔔")


def test_why_a_link_does_not_work_is_told(world: World) -> None:
    used, old, fresh = link(world), link(world), link(world)
    sam = world.somebody()
    world.do(join_peers, sam, token=used)
    assert "a déjà servi" in said(world.do(join_peers, world.somebody(), token=used))
    assert "sous le nom de Sam" in said(world.do(join_peers, sam, token=fresh))
    assert "ne connais pas" in said(world.do(join_peers, world.somebody(), token="nothing"))
    assert "ne connais pas" in said(world.do(join_peers, world.somebody()))
    world.set_time(world.now + timedelta(days=8))
    assert "7 jours" in said(world.do(join_peers, world.somebody(), token=old))


def test_who_accepts_talks_and_the_person_and_the_others_are_told(world: World) -> None:
    sam, alex, person = world.peer("Sam"), world.peer("Alex"), world.somebody()
    ask(world, person)
    (card,) = world.letters(sam)
    reply = world.do(take_request, sam, **entities_of(payloads(card)[0]))
    for word in ("dormir, logement", "français", "Vous parlez maintenant avec la personne"):
        assert word in said(reply)
    assert payloads(*reply.messages) == ["/end_human_chat"]
    (accepted,) = world.letters(person)
    assert "Sam, pair-aidant·e, a accepté" in accepted.text
    assert payloads(accepted) == ["/end_human_chat"]
    assert "déjà prise" in world.texts(alex)[-1]
    assert "déjà prise" in said(world.do(take_request, alex, **entities_of(payloads(card)[0])))
    assert "déjà avec cette personne" in said(
        world.do(take_request, sam, **entities_of(payloads(card)[0]))
    )


@pytest.mark.parametrize("number", ["99", "", "x", "9" * 30])
def test_a_request_that_is_not_there_is_gone(world: World, number: str) -> None:
    assert "n'attend plus" in said(world.do(take_request, world.peer(), request=number))


def test_nobody_takes_their_own_nor_two(world: World) -> None:
    sam, alex = world.peer("Sam"), world.peer("Alex")
    own = ask(world, sam)
    assert "votre propre demande" in said(world.do(take_request, sam, request=own))
    other = ask(world, world.somebody())
    assert "Finissez d'abord" in said(world.do(take_request, sam, request=other))
    assert "Vous parlez maintenant" in said(world.do(take_request, alex, request=own))
    assert [one.status for one in world.requests()] == [Status.TALKING, Status.OPEN]


def test_only_peer_workers_take_requests_and_have_duty(world: World) -> None:
    person = world.somebody()
    number = ask(world, world.somebody())
    assert "réservé" in said(world.do(take_request, person, request=number))
    assert "réservé" in said(world.do(set_duty, person, duty="on"))
    assert world.requests()[0].status == Status.OPEN


def test_a_pause_stops_the_requests_and_duty_shows_what_waits(world: World) -> None:
    sam = world.peer()
    assert "Pause notée" in said(world.do(set_duty, sam, duty="off"))
    number = ask(world, world.somebody())
    assert world.letters(sam) == []
    reply = world.do(set_duty, sam, duty="on")
    assert "en attente : 1" in said(reply)
    assert f'/take_request{{"request": "{number}"}}' in payloads(*reply.messages)
    ask(world, world.somebody())
    assert len(world.letters(sam)) == 1  # only the new one


def test_duty_outside_of_ones_hours_is_told_truly(world: World) -> None:
    sam = world.peer("Sam", "Mo-Fr 09:00-17:00")
    reply = world.do(set_duty, sam, duty="on")
    assert "lundi-vendredi 9:00-17:00" in said(reply)
    assert "En dehors" in said(reply)
    world.set_time(datetime(2026, 11, 23, 10, 0, tzinfo=BRUSSELS))
    assert "vous êtes de permanence" in said(world.do(set_duty, sam, duty="on"))


def test_danger_is_told_to_who_accepts(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    world.do(consent, person, memory=Memory(asking="consent", theme="danger"), answer="yes")
    reply = world.do(take_request, sam, request=str(world.requests()[0].id))
    assert said(reply).startswith("⚠️")
