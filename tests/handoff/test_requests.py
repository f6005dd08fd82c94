from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.handoff.models import HandoffRequest, Side, Status
from bot.handoff.peers import peer_of
from bot.handoff.requests import (
    Take,
    cancel,
    end,
    mark_danger,
    open_request,
    open_requests,
    rate,
    request_of,
    take,
    waiting_before,
)
from tests.handoff.world import World


def opened(world: World, person: str, in_danger: bool = False) -> int:
    with world.context.database.session() as session:
        request = open_request(session, person, "housing", "fr", world.now, in_danger)
        assert request is not None
        return int(request.id)


def taken(world: World, request_id: int, peer: str) -> Take:
    with world.context.database.session() as session:
        return take(session, request_id, peer_of(session, peer), world.now)


def test_a_person_has_one_request_at_a_time(world: World) -> None:
    person = world.somebody()
    assert opened(world, person) == opened(world, person)
    assert len(world.requests()) == 1


def test_who_helps_somebody_cannot_open_a_request(world: World) -> None:
    sam = world.peer()
    taken(world, opened(world, world.somebody()), sam)
    with world.context.database.session() as session:
        assert open_request(session, sam, "", "fr", world.now) is None


def test_the_first_to_take_wins(world: World) -> None:
    sam, alex = world.peer("Sam"), world.peer("Alex")
    request = opened(world, world.somebody())
    assert taken(world, request, sam) is Take.WON
    assert taken(world, request, alex) is Take.TAKEN
    assert taken(world, request, sam) is Take.MINE
    (row,) = world.requests()
    assert (row.status, row.taken_by, row.taken_at) == (
        Status.TALKING,
        world.peer_row(sam).id,
        world.now,
    )


def test_of_several_at_the_same_moment_exactly_one_wins(world: World) -> None:
    peers = [world.peer(f"Peer {number}") for number in range(4)]
    for _ in range(5):
        request = opened(world, world.somebody())
        start = Barrier(len(peers))

        def race(peer: str, request: int = request, start: Barrier = start) -> Take:
            start.wait()
            return taken(world, request, peer)

        with ThreadPoolExecutor(len(peers)) as pool:
            outcomes = list(pool.map(race, peers))
        assert outcomes.count(Take.WON) == 1
        assert outcomes.count(Take.TAKEN) == len(peers) - 1
        winner = world.peer_row(peers[outcomes.index(Take.WON)])
        assert world.requests()[-1].taken_by == winner.id
        with world.context.database.session() as session:
            end(session, request, Side.PEER, world.now)


def test_one_peer_worker_cannot_take_two_at_the_same_moment(world: World) -> None:
    sam = world.peer()
    requests = [opened(world, world.somebody()) for _ in range(2)]
    start = Barrier(2)

    def race(request: int) -> Take:
        start.wait()
        return taken(world, request, sam)

    with ThreadPoolExecutor(2) as pool:
        outcomes = set(pool.map(race, requests))
    assert outcomes == {Take.WON, Take.BUSY}


def test_nobody_takes_their_own_request(world: World) -> None:
    sam = world.peer()
    assert taken(world, opened(world, sam), sam) is Take.OWN


def test_who_waits_for_somebody_takes_no_request(world: World) -> None:
    sam = world.peer()
    opened(world, sam)
    assert taken(world, opened(world, world.somebody()), sam) is Take.BUSY


@pytest.mark.parametrize("how", ["cancelled", "never there"])
def test_a_request_that_is_gone_cannot_be_taken(world: World, how: str) -> None:
    request = opened(world, world.somebody()) if how == "cancelled" else 99
    with world.context.database.session() as session:
        cancel(session, request, world.now)
    assert taken(world, request, world.peer()) is Take.GONE


def test_a_talk_ends_once(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    request = opened(world, person)
    taken(world, request, sam)
    with world.context.database.session() as session:
        assert not cancel(session, request, world.now)
        assert end(session, request, Side.PEER, world.now)
        assert not end(session, request, Side.PERSON, world.now)
        assert request_of(session, person) is None
    (row,) = world.requests()
    assert (row.status, row.ended_by, row.ended_at) == (Status.ENDED, Side.PEER, world.now)


def test_only_an_ended_talk_of_ones_own_is_rated_with_one_to_five(world: World) -> None:
    sam, person = world.peer(), world.somebody()
    request = opened(world, person)
    taken(world, request, sam)
    with world.context.database.session() as session:
        assert not rate(session, request, person, 4)
        end(session, request, Side.PERSON, world.now)
        assert not rate(session, request, sam, 1)
        assert not rate(session, request, person, 0)
        assert not rate(session, request, person, 6)
        assert rate(session, request, person, 4)
    assert world.requests()[0].rating == 4


def test_requests_wait_in_order_and_danger_is_shown_first(world: World) -> None:
    people = [world.somebody() for _ in range(3)]
    ids = [opened(world, person) for person in people]
    with world.context.database.session() as session:
        mark_danger(session, people[2])
        assert [one.id for one in open_requests(session)] == [ids[2], ids[0], ids[1]]
        last = request_of(session, people[2])
        assert waiting_before(session, last) == 2
        cancel(session, ids[0], world.now)
        assert waiting_before(session, last) == 1


def test_a_number_is_never_given_twice(world: World) -> None:
    first = opened(world, world.somebody())
    with world.context.database.session() as session:
        session.delete(session.get(HandoffRequest, first))
    assert opened(world, world.somebody()) > first
