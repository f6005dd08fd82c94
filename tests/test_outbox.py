"""Letters on their way: in order, none twice, nothing kept once they have arrived."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.clock import BRUSSELS
from bot.database import Database
from bot.messages import Button, Message
from bot.outbox import Bell, Letter, delivered, discard_letters, post, postponed, waiting
from bot.people import Person, mark_forgotten, pseudonym_of

NOW = datetime(2026, 11, 22, 21, 30, tzinfo=BRUSSELS)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def sam(database: Database) -> str:
    with database.session() as session:
        return pseudonym_of(session, "telegram", "sam")


def send(database: Database, person: str, *texts: str, now: datetime = NOW) -> None:
    with database.session() as session:
        for one in texts:
            post(session, person, Message(one), now)


def due(database: Database, now: datetime = NOW, **which: object) -> list[str]:
    with database.session() as session:
        letters = waiting(session, "telegram", now, **which)  # type: ignore[arg-type]
        return [letter.message.text for letter in letters]


def first(database: Database) -> int:
    with database.session() as session:
        return int(waiting(session, "telegram", NOW)[0].id)


def test_letters_wait_in_the_order_in_which_they_were_posted(database: Database, sam: str) -> None:
    send(database, sam, "un", "deux", "trois")
    assert due(database) == ["un", "deux", "trois"]


def test_a_letter_keeps_its_buttons_and_its_accents(database: Database, sam: str) -> None:
    message = Message("À bientôt 🙂", (Button("☰ Menu", '/menu{"part": "été"}'),))
    with database.session() as session:
        post(session, sam, message, NOW)
    with database.session() as session:
        assert waiting(session, "telegram", NOW)[0].message == message


def test_only_the_letters_of_a_channel_and_of_a_person_are_asked_for(
    database: Database, sam: str
) -> None:
    with database.session() as session:
        alex = pseudonym_of(session, "telegram", "alex")
        browser = pseudonym_of(session, "rest", "browser")
    send(database, sam, "à Sam")
    send(database, alex, "à Alex")
    send(database, browser, "à la page")
    assert due(database) == ["à Sam", "à Alex"]
    assert due(database, recipient=alex) == ["à Alex"]


def test_a_letter_that_was_delivered_is_gone_from_the_database(
    database: Database, sam: str
) -> None:
    send(database, sam, "un", "deux")
    with database.session() as session:
        delivered(session, first(database))
    assert due(database) == ["deux"]
    with database.session() as session:
        bodies = session.execute(text("SELECT body FROM letter")).scalars().all()
    assert not any("un" in body for body in bodies if "deux" not in body)


def test_delivering_what_is_gone_does_nothing(database: Database, sam: str) -> None:
    with database.session() as session:
        delivered(session, 77)
        postponed(session, 77, LATER)


def test_a_postponed_letter_holds_back_those_behind_it_and_nobody_elses(
    database: Database, sam: str
) -> None:
    with database.session() as session:
        alex = pseudonym_of(session, "telegram", "alex")
    send(database, sam, "un", "deux")
    send(database, alex, "à Alex")
    with database.session() as session:
        postponed(session, first(database), LATER)
    assert due(database) == ["à Alex"]
    assert due(database, LATER) == ["un", "deux", "à Alex"]


def test_attempts_are_counted(database: Database, sam: str) -> None:
    send(database, sam, "un")
    letter = first(database)
    for _ in range(3):
        with database.session() as session:
            postponed(session, letter, LATER)
    with database.session() as session:
        assert session.get(Letter, letter).attempts == 3


def test_a_limit_takes_the_oldest(database: Database, sam: str) -> None:
    send(database, sam, *map(str, range(9)))
    assert due(database, limit=3) == ["0", "1", "2"]


def test_many_letters_of_one_who_cannot_be_reached_hold_back_nobody_else(
    database: Database, sam: str
) -> None:
    with database.session() as session:
        alex = pseudonym_of(session, "telegram", "alex")
    send(database, sam, *map(str, range(50)))
    send(database, alex, "à Alex")
    with database.session() as session:
        postponed(session, first(database), LATER)
    assert due(database, limit=5) == ["à Alex"]


def test_who_asked_to_be_forgotten_is_with_the_last_letter(database: Database, sam: str) -> None:
    send(database, sam, "un", "adieu")
    with database.session() as session:
        mark_forgotten(session, sam)
    with database.session() as session:
        delivered(session, first(database))
    with database.session() as session:
        assert session.get(Person, sam) is not None
    with database.session() as session:
        delivered(session, first(database))
    with database.session() as session:
        assert session.get(Person, sam) is None


def test_who_did_not_ask_stays(database: Database, sam: str) -> None:
    send(database, sam, "un")
    with database.session() as session:
        delivered(session, first(database))
    with database.session() as session:
        assert session.get(Person, sam) is not None


def test_what_waits_for_somebody_can_be_thrown_away(database: Database, sam: str) -> None:
    with database.session() as session:
        alex = pseudonym_of(session, "telegram", "alex")
    send(database, sam, "un")
    send(database, alex, "à Alex")
    with database.session() as session:
        discard_letters(session, sam)
    assert due(database) == ["à Alex"]


def test_a_letter_to_nobody_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        send(database, "nobody", "un")


async def test_the_bell_wakes_who_waits() -> None:
    bell = Bell()
    waiter = asyncio.create_task(bell.wait(60))
    await asyncio.sleep(0)
    bell.ring()
    await asyncio.wait_for(waiter, 1)


async def test_a_bell_that_rang_before_wakes_at_once_and_only_once() -> None:
    bell = Bell()
    bell.ring()
    await asyncio.wait_for(bell.wait(60), 1)
    waiter = asyncio.create_task(bell.wait(60))
    await asyncio.sleep(0)
    assert not waiter.done()
    waiter.cancel()


async def test_without_a_bell_one_looks_by_oneself() -> None:
    await asyncio.wait_for(Bell().wait(0.001), 1)
