"""What the channel keeps, and lets go."""

from __future__ import annotations

from datetime import timedelta

from bot import clock
from bot.database import Database
from bot.messages import Message
from bot.outbox import Letter, post
from bot.people import address_of, mark_forgotten, pseudonym_of
from bot.telegram.models import (
    CHANNEL,
    CallbackPayload,
    SeenUpdate,
    StoredUpdate,
    chat_of,
    digest,
    is_new,
    payload_of,
    people_waiting,
    remember_payloads,
    renewed,
    tidy,
)

NOW = clock.brussels_now()


def test_an_update_is_new_once(database: Database) -> None:
    with database.session() as session:
        assert is_new(session, 5, NOW)
        assert not is_new(session, 5, NOW)


def test_numbers_and_payloads_go_after_their_time(database: Database) -> None:
    with database.session() as session:
        is_new(session, 5, NOW)
        remember_payloads(session, {"~k": "/x"}, NOW)
        tidy(session, NOW + timedelta(days=1))
        assert session.query(SeenUpdate).count() == 1
        tidy(session, NOW + timedelta(days=3))
        assert session.query(SeenUpdate).count() == 0
        assert payload_of(session, "~k") == "/x"
        tidy(session, NOW + timedelta(days=91))
        assert payload_of(session, "~k") is None


def test_a_payload_used_again_is_kept_once_and_longer(database: Database) -> None:
    with database.session() as session:
        remember_payloads(session, {"~k": "/x"}, NOW)
        remember_payloads(session, {"~k": "/x"}, NOW + timedelta(days=60))
        assert session.query(CallbackPayload).count() == 1
        tidy(session, NOW + timedelta(days=120))
        assert payload_of(session, "~k") == "/x"


def test_people_wait_in_the_order_in_which_they_wrote(database: Database) -> None:
    with database.session() as session:
        for number, person in ((3, "b"), (1, "a"), (2, "b")):
            session.add(StoredUpdate(update_id=number, person=person, body="{}", received_at=NOW))
        session.flush()
        assert people_waiting(session) == ["a", "b"]


def test_a_digest_tells_of_change_and_differs_from_person_to_person() -> None:
    assert digest("p", "bonjour") == digest("p", "bonjour") != digest("p", "bonsoir")
    assert digest("p", "bonjour") != digest("q", "bonjour")


def test_somebody_forgotten_who_writes_again_is_somebody_new(database: Database) -> None:
    with database.session() as session:
        old = pseudonym_of(session, CHANNEL, "42")
        chat_of(session, old).last_message = 7
        post(session, old, Message("C'est fait."), NOW)
        session.add(StoredUpdate(update_id=1, person=old, body="{}", received_at=NOW))
        mark_forgotten(session, old)
    with database.session() as session:
        new = renewed(session, old)
    with database.session() as session:
        assert new != old and address_of(session, old) is None
        assert pseudonym_of(session, CHANNEL, "42") == new
        assert [letter.recipient for letter in session.query(Letter)] == [new]
        assert [update.person for update in session.query(StoredUpdate)] == [new]
        assert chat_of(session, new).last_message == 0
