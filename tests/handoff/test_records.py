from bot.handoff.models import Invitation, Notice, Peer, Side
from bot.handoff.notices import announce
from bot.handoff.peers import peer_of
from bot.handoff.records import count_records, erase_records
from bot.handoff.relay import talk_of
from bot.handoff.requests import end, open_request, take
from tests.handoff.world import World


def opened(world: World, person: str) -> int:
    with world.context.database.session() as session:
        request = open_request(session, person, "housing", "fr", world.now)
        announce(session, world.context.phrases, world.now)
        return int(request.id)


def taken(world: World, person: str, peer: str) -> int:
    request = opened(world, person)
    with world.context.database.session() as session:
        take(session, request, peer_of(session, peer), world.now)
    world.letters(peer)
    return request


def erase(world: World, person: str) -> None:
    with world.context.database.session() as session:
        erase_records(session, person)


def counted(world: World, person: str) -> tuple[int, int]:
    with world.context.database.session() as session:
        return count_records(session, person)


def test_nothing_is_kept_of_somebody_unknown(world: World) -> None:
    assert counted(world, "nobody") == (0, 0)
    erase(world, "nobody")


def test_requests_and_talks_are_counted_on_both_sides(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    request = taken(world, person, sam)
    with world.context.database.session() as session:
        end(session, request, Side.PEER, world.now)
    opened(world, person)
    assert counted(world, person) == (2, 1)
    assert counted(world, sam) == (0, 1)


def test_all_requests_of_a_person_go(world: World) -> None:
    sam, person, other = world.peer(), world.somebody(), world.somebody()
    request = taken(world, person, sam)
    with world.context.database.session() as session:
        end(session, request, Side.PEER, world.now)
    opened(world, person)
    opened(world, other)
    erase(world, person)
    assert counted(world, person) == (0, 0)
    assert [one.person for one in world.requests()] == [other]
    with world.context.database.session() as session:
        assert session.query(Notice).count() == 1


def test_the_peer_worker_of_a_running_talk_is_told_that_the_person_left(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    taken(world, person, sam)
    erase(world, person)
    (text,) = world.texts(sam)
    assert "La personne a quitté" in text
    assert person not in text
    with world.context.database.session() as session:
        assert talk_of(session, sam) is None


def test_a_peer_worker_may_be_forgotten_in_the_middle_of_a_talk(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    taken(world, person, sam)
    erase(world, sam)
    assert "a dû quitter" in world.texts(person)[-1]
    with world.context.database.session() as session:
        assert talk_of(session, person) is None
        assert session.query(Peer).count() == 0
        assert session.query(Invitation).count() == 0
        assert session.query(Notice).count() == 0
    (request,) = world.requests()
    assert request.taken_by is None
    assert counted(world, person) == (1, 1)
