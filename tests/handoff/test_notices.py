from datetime import datetime

from bot.clock import BRUSSELS
from bot.handoff.notices import alert, announce, request_card, since, tell_taken
from bot.handoff.peers import invite, join, peer_of
from bot.handoff.requests import open_request, request_of, take
from tests.handoff.world import World, payloads


def opened(world: World, person: str, theme: str = "housing", language: str = "ar") -> int:
    with world.context.database.session() as session:
        return int(open_request(session, person, theme, language, world.now).id)


def announced(world: World) -> int:
    with world.context.database.session() as session:
        return announce(session, world.context.phrases, world.now)


def test_those_on_duty_get_the_request_without_who_it_is(world: World) -> None:
    sam, resting = world.peer("Sam"), world.peer("Alex", "Mo-Fr 09:00-17:00")
    person = world.somebody()
    request = opened(world, person)
    assert announced(world) == 1
    (letter,) = world.letters(sam)
    assert world.letters(resting) == []
    for word in (f"n° {request}", "logement", "arabe", "9:30"):
        assert word in letter.text
    assert person not in letter.text
    assert "account" not in letter.text
    assert payloads(letter) == [f'/take_request{{"request": "{request}"}}']


def test_a_request_is_announced_once_to_each(world: World) -> None:
    sam = world.peer("Sam")
    opened(world, world.somebody())
    assert announced(world) == 1
    assert announced(world) == 0
    assert len(world.letters(sam)) == 1
    alex = world.peer("Alex")
    assert announced(world) == 1
    assert len(world.letters(alex)) == 1


def test_a_request_of_the_night_is_shown_when_duty_begins(world: World) -> None:
    sam = world.peer("Sam", "Mo-Fr 09:00-17:00")
    opened(world, world.somebody())
    assert announced(world) == 0
    world.set_time(datetime(2026, 11, 23, 9, 0, tzinfo=BRUSSELS))
    assert announced(world) == 1
    assert "le 22 novembre à 9:30" in world.texts(sam)[0]


def test_nobody_gets_their_own_request(world: World) -> None:
    opened(world, world.peer())
    assert announced(world) == 0


def test_a_peer_worker_without_an_account_gets_none_yet(world: World) -> None:
    with world.context.database.session() as session:
        join(session, invite(session, "Sam", "", "", "", world.now), "terminal", world.now)
    opened(world, world.somebody())
    assert announced(world) == 0


def test_the_others_are_told_that_it_is_taken(world: World) -> None:
    sam, alex = world.peer("Sam"), world.peer("Alex")
    request = opened(world, world.somebody())
    announced(world)
    late = world.peer("Late")
    with world.context.database.session() as session:
        winner = peer_of(session, sam)
        take(session, request, winner, world.now)
        tell_taken(session, world.context.phrases, request, winner, world.now)
    assert len(world.letters(sam)) == 1
    assert f"n° {request} est déjà prise" in world.texts(alex)[1]
    assert world.letters(late) == []


def test_danger_on_a_waiting_request_is_told_once(world: World) -> None:
    sam, person, other = world.peer(), world.somebody(), world.somebody()
    opened(world, person)
    announced(world)
    world.letters(sam)
    with world.context.database.session() as session:
        alert(session, world.context.phrases, person, world.now)
        alert(session, world.context.phrases, person, world.now)
        alert(session, world.context.phrases, other, world.now)
    (letter,) = world.letters(sam)
    assert "⚠️" in letter.text
    assert payloads(letter)[0].startswith("/take_request")
    assert world.requests()[0].in_danger


def test_an_unknown_theme_and_language_do_no_harm(world: World) -> None:
    person = world.somebody()
    opened(world, person, "", "xx")
    with world.context.database.session() as session:
        card = request_card(request_of(session, person), world.context.phrases, world.now)
    assert "pas dit" in card.text
    assert "xx" in card.text


def test_since_is_told_in_brussels_time() -> None:
    now = datetime(2026, 11, 22, 0, 30, tzinfo=BRUSSELS)
    assert since(datetime(2026, 11, 22, 0, 5, tzinfo=BRUSSELS), now) == "0:05"
    assert since(datetime(2026, 11, 21, 23, 50, tzinfo=BRUSSELS), now) == "le 21 novembre à 23:50"
