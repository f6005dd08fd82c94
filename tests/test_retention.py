"""Little is kept, and "oublie-moi" leaves nothing of one person and all of the others."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import inspect, text

from bot.clock import BRUSSELS
from bot.database import Database
from bot.handoff.peers import invite, join, peer_of
from bot.handoff.requests import open_request, request_of, take
from bot.messages import Message
from bot.outbox import delivered, post, waiting
from bot.people import mark_forgotten, pseudonym_of
from bot.retention import KEPT, erase, erase_talk, purge

NOW = datetime(2026, 11, 22, 21, 30, tzinfo=BRUSSELS)
WORDS = "je dors sous le pont"


def remember_talk(database: Database, person: str, at: datetime = NOW) -> None:
    """What Rasa's tracker store writes of a turn."""
    with database.session() as session:
        session.execute(
            text(
                "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255)"
                " NOT NULL, type_name VARCHAR(255), timestamp FLOAT, intent_name VARCHAR(255),"
                " action_name VARCHAR(255), data TEXT)"
            )
        )
        session.execute(
            text("INSERT INTO events (sender_id, timestamp, data) VALUES (:who, :at, :data)"),
            {"who": person, "at": at.timestamp(), "data": json.dumps({"text": WORDS})},
        )


def rows_about(database: Database, *needles: str) -> dict[str, int]:
    """How many rows of each table hold one of the needles, whatever the column."""
    found = {}
    with database.session() as session:
        for table in inspect(session.connection()).get_table_names():
            rows = session.execute(text(f"SELECT * FROM {table}")).all()
            hits = [row for row in rows if any(n in str(v) for v in row for n in needles)]
            if hits:
                found[table] = len(hits)
    return found


@pytest.fixture
def talking(database: Database) -> tuple[str, str, str]:
    """A person in a talk with a peer worker, and somebody else whose request waits."""
    with database.session() as session:
        person = pseudonym_of(session, "telegram", "4815162342")
        peer_person = pseudonym_of(session, "telegram", "777")
        other = pseudonym_of(session, "rest", "browser")
        join(session, invite(session, "Sam", "rue", "fr", "", NOW), peer_person, NOW)
        open_request(session, person, "housing", "fr", NOW)
        open_request(session, other, "money", "fr", NOW)
        take(session, request_of(session, person).id, peer_of(session, peer_person), NOW)
        for one in (person, peer_person, other):
            post(session, one, Message(f"{WORDS}, {one}"), NOW)
    for one in (person, peer_person, other):
        remember_talk(database, one)
    return person, peer_person, other


def forget(database: Database, person: str) -> None:
    """What "oublie-moi" does: erase, say so, and go with the last letter."""
    with database.session() as session:
        erase(session, person)
        mark_forgotten(session, person)
        post(session, person, Message("C'est fait."), NOW)
    with database.session() as session:
        for letter in waiting(session, "telegram", NOW, recipient=person):
            delivered(session, letter.id)


def test_nothing_of_a_person_who_asked_is_left_in_any_table(
    database: Database, talking: tuple[str, str, str]
) -> None:
    person, _, _ = talking
    assert set(rows_about(database, person)) >= {"person", "letter", "handoff_request", "events"}
    forget(database, person)
    assert rows_about(database, person, "4815162342") == {}


def test_nothing_of_anybody_else_is_lost(database: Database, talking: tuple[str, str, str]) -> None:
    person, _, other = talking
    before = rows_about(database, other)
    forget(database, person)
    assert rows_about(database, other) == before


def test_whoever_was_talking_with_them_is_told(
    database: Database, talking: tuple[str, str, str]
) -> None:
    person, peer, _ = talking
    forget(database, person)
    with database.session() as session:
        texts = [one.message.text for one in waiting(session, "telegram", NOW, recipient=peer)]
    assert any("quitté" in one for one in texts)


def test_a_peer_worker_who_asked_is_forgotten_too_and_the_request_stays_the_persons(
    database: Database, talking: tuple[str, str, str]
) -> None:
    person, peer, _ = talking
    forget(database, peer)
    assert rows_about(database, peer, "777") == {}
    assert rows_about(database, person)["handoff_request"] == 1


def test_forgetting_somebody_unknown_does_nothing(
    database: Database, talking: tuple[str, str, str]
) -> None:
    before = rows_about(database, *talking)
    with database.session() as session:
        erase(session, "nobody")
        mark_forgotten(session, "nobody")
    assert rows_about(database, *talking) == before


def test_forgetting_works_before_rasa_has_made_its_table(database: Database) -> None:
    with database.session() as session:
        person = pseudonym_of(session, "telegram", "1")
        erase(session, person)
        purge(session, NOW)


def test_a_talk_alone_can_be_forgotten(database: Database, talking: tuple[str, str, str]) -> None:
    person, _, _ = talking
    with database.session() as session:
        erase_talk(session, person)
    assert "events" not in rows_about(database, person)
    assert "handoff_request" in rows_about(database, person)


def test_what_was_written_longer_ago_than_it_is_kept_goes(database: Database) -> None:
    old, fresh = NOW - KEPT - timedelta(hours=1), NOW - KEPT + timedelta(hours=1)
    with database.session() as session:
        person = pseudonym_of(session, "telegram", "1")
        post(session, person, Message("ancienne"), old)
        post(session, person, Message("récente"), fresh)
    remember_talk(database, person, old)
    remember_talk(database, person, fresh)
    with database.session() as session:
        purge(session, NOW)
    kept = rows_about(database, person)
    assert (kept["events"], kept["letter"], kept["person"]) == (1, 1, 1)
    assert rows_about(database, "ancienne") == {}


def test_who_asked_to_be_forgotten_does_not_wait_for_ever_for_a_letter(
    database: Database,
) -> None:
    """Their channel may be gone: the goodbye expires, and they with it."""
    with database.session() as session:
        person = pseudonym_of(session, "telegram", "1")
        mark_forgotten(session, person)
        post(session, person, Message("C'est fait."), NOW)
    with database.session() as session:
        purge(session, NOW)
    assert "person" in rows_about(database, person)
    with database.session() as session:
        purge(session, NOW + KEPT + timedelta(hours=1))
    assert rows_about(database, person) == {}


def test_a_browser_is_known_as_long_as_its_talk_is(database: Database) -> None:
    with database.session() as session:
        browser = pseudonym_of(session, "rest", "b")
        phone = pseudonym_of(session, "telegram", "1")
    remember_talk(database, browser, NOW - KEPT - timedelta(days=1))
    remember_talk(database, phone, NOW - KEPT - timedelta(days=1))
    with database.session() as session:
        purge(session, NOW)
    assert rows_about(database, browser) == {}
    assert rows_about(database, phone) == {"person": 1}
