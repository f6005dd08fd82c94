import re
from datetime import datetime, timedelta

import pytest

from bot.clock import BRUSSELS
from bot.directory.hours import HoursError
from bot.errors import InvitationError
from bot.handoff.models import Invitation
from bot.handoff.peers import (
    AlreadyPeer,
    ExpiredInvitation,
    UnknownInvitation,
    UsedInvitation,
    invite,
    join,
    next_duty,
    next_start,
    on_duty,
    peer_of,
    set_paused,
)
from bot.handoff.requests import open_request, take
from tests.handoff.world import World


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def link(world: World, alias: str = "Sam", hours: str = "") -> str:
    with world.context.database.session() as session:
        return invite(session, alias, "rue", "fr;ar", hours, world.now)


def test_a_token_fits_a_telegram_start_link(world: World) -> None:
    start = f"peer_{link(world)}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start)


def test_only_the_fingerprint_of_a_token_is_kept(world: World) -> None:
    token = link(world)
    with world.context.database.session() as session:
        kept = session.query(Invitation).one()
    assert token not in kept.token_hash
    assert re.fullmatch(r"[0-9a-f]{64}", kept.token_hash)


def test_a_link_makes_its_owner_a_peer_worker(world: World) -> None:
    person = world.somebody()
    with world.context.database.session() as session:
        join(session, link(world), person, world.now)
    peer = world.peer_row(person)
    assert (peer.alias, peer.experience, peer.languages) == ("Sam", "rue", "fr;ar")
    assert peer.joined_at == world.now


def test_the_start_parameter_works_whole(world: World) -> None:
    with world.context.database.session() as session:
        assert join(session, f"peer_{link(world)}", world.somebody(), world.now).alias == "Sam"


def test_an_unknown_link_is_refused(world: World) -> None:
    with (
        world.context.database.session() as session,
        pytest.raises(UnknownInvitation, match="not known"),
    ):
        join(session, "nothing-like-this", world.somebody(), world.now)


def test_a_link_works_for_one_account_only(world: World) -> None:
    token, first, second = link(world), world.somebody(), world.somebody()
    with world.context.database.session() as session:
        join(session, token, first, world.now)
        with pytest.raises(UsedInvitation, match="used"):
            join(session, token, second, world.now)
        assert peer_of(session, second) is None


def test_the_same_account_may_open_its_link_again(world: World) -> None:
    token, person = link(world), world.somebody()
    with world.context.database.session() as session:
        first = join(session, token, person, world.now)
        assert join(session, token, person, world.now + timedelta(days=30)) is first


@pytest.mark.parametrize(("days", "works"), [(6.99, True), (7, False)])
def test_a_link_is_good_for_seven_days(world: World, days: float, works: bool) -> None:
    token = link(world)
    world.pass_time(days=days)
    with world.context.database.session() as session:
        if works:
            assert join(session, token, world.somebody(), world.now)
        else:
            with pytest.raises(ExpiredInvitation, match="7 days"):
                join(session, token, world.somebody(), world.now)


def test_a_peer_worker_does_not_use_up_another_link(world: World) -> None:
    sam, token = world.peer("Sam"), link(world, "Alex")
    with world.context.database.session() as session:
        with pytest.raises(AlreadyPeer):
            join(session, token, sam, world.now)
        assert join(session, token, world.somebody(), world.now).alias == "Alex"


@pytest.mark.parametrize("alias", ["", "   ", "x" * 41])
def test_an_alias_is_needed(world: World, alias: str) -> None:
    with pytest.raises(InvitationError, match="alias"):
        link(world, alias)


@pytest.mark.parametrize("hours", ["Mo-Fr 9h-17h", "Mo-Fr", "off"])
def test_hours_that_tell_nothing_are_refused(world: World, hours: str) -> None:
    with pytest.raises(HoursError, match=hours):
        link(world, hours=hours)


@pytest.mark.parametrize(
    ("hours", "moment", "there"),
    [
        ("", "2026-11-22T03:00", True),
        ("Mo-Fr 09:00-17:00", "2026-11-23T09:00", True),
        ("Mo-Fr 09:00-17:00", "2026-11-23T17:00", False),
        ("Mo-Fr 09:00-17:00", "2026-11-22T12:00", False),
        ("Mo-Su 20:00-02:00", "2026-11-23T01:30", True),
        # A holiday that the hours do not speak of: nobody is said to be there.
        ("Mo-Fr 09:00-17:00", "2026-12-25T12:00", False),
        ("Mo-Fr,PH 09:00-17:00", "2026-12-25T12:00", True),
    ],
)
def test_duty_follows_the_hours(world: World, hours: str, moment: str, there: bool) -> None:
    world.peer("Sam", hours)
    with world.context.database.session() as session:
        assert bool(on_duty(session, at(moment))) is there


def test_nobody_is_on_duty_before_joining_nor_in_a_pause(world: World) -> None:
    link(world, "Alex")
    with world.context.database.session() as session:
        assert on_duty(session, world.now) == []
    sam = world.peer("Sam")
    with world.context.database.session() as session:
        assert [peer.alias for peer in on_duty(session, world.now)] == ["Sam"]
        set_paused(session, peer_of(session, sam), True)
        assert on_duty(session, world.now) == []


def test_somebody_in_a_talk_is_not_on_duty(world: World) -> None:
    sam, alex, person = world.peer("Sam"), world.peer("Alex"), world.somebody()
    with world.context.database.session() as session:
        request = open_request(session, person, "", "fr", world.now)
        take(session, request.id, peer_of(session, sam), world.now)
        assert [peer.person for peer in on_duty(session, world.now)] == [alex]


@pytest.mark.parametrize(
    ("hours", "moment", "start"),
    [
        ("Mo-Fr 09:00-17:00", "2026-11-22T03:00", "2026-11-23T09:00"),
        ("Mo-Fr 09:00-17:00", "2026-11-27T18:00", "2026-11-30T09:00"),
        ("Mo-Fr 09:00-17:00", "2026-12-24T18:00", "2026-12-28T09:00"),  # over Christmas
        ("Su 02:30-04:00", "2026-10-19T12:00", "2026-10-25T02:30"),  # the clocks go back
    ],
)
def test_the_next_duty_is_known(world: World, hours: str, moment: str, start: str) -> None:
    world.peer("Sam", hours)
    world.peer("Night owl", "Mo-Su 10:00-11:00")
    with world.context.database.session() as session:
        set_paused(session, session.merge(world.peer_row(world.peer("Off", "24/7"))), True)
        owl = next_start("Mo-Su 10:00-11:00", at(moment))
        assert next_duty(session, at(moment)) == min(at(start), owl)
        assert next_start(hours, at(moment)) == at(start)


def test_without_hours_the_next_duty_is_not_known(world: World) -> None:
    world.peer("Sam")
    with world.context.database.session() as session:
        assert next_duty(session, world.now) is None
