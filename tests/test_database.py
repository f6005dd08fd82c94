"""The one door to the database: transactions, moments, and errors in one sentence."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError

from bot.clock import BRUSSELS
from bot.database import Base, Database
from bot.errors import DatabaseError
from bot.messages import Message
from bot.outbox import Letter, post
from bot.people import Person, pseudonym_of

NOW = datetime(2026, 11, 22, 21, 30, tzinfo=BRUSSELS)
SECRET = "ce que quelqu'un a écrit"


def people(database: Database) -> int:
    with database.session() as session:
        return len(session.query(Person).all())


def test_what_is_done_in_a_session_is_kept_at_its_end(database: Database) -> None:
    with database.session() as session:
        pseudonym_of(session, "rest", "a")
    assert people(database) == 1


def test_an_error_undoes_all_of_it(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.session() as session:
        pseudonym_of(session, "rest", "a")
        raise ZeroDivisionError
    assert people(database) == 0


def test_tables_are_made_once_and_stay(database: Database) -> None:
    with database.session() as session:
        pseudonym_of(session, "rest", "a")
    database.create()
    assert people(database) == 1
    assert {"person", "letter", "service", "handoff_request"} <= set(Base.metadata.tables)


def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path}/a/b/c.db").create()
    assert (tmp_path / "a" / "b" / "c.db").is_file()


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(0, 1))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_moment_comes_back_as_the_same_moment(
    database: Database, naive: datetime, fold: int
) -> None:
    moment = naive.replace(tzinfo=BRUSSELS, fold=fold)
    with database.session() as session:
        person = pseudonym_of(session, "rest", "a")
        post(session, person, Message("a"), moment)
    with database.session() as session:
        letter = session.query(Letter).order_by(Letter.id.desc()).first()
        assert letter.posted_at.timestamp() == moment.timestamp()
        assert letter.posted_at.utcoffset() == timedelta(0)
        assert letter.posted_at.tzinfo is timezone.utc


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="must know its time zone"), database.session() as one:
        post(one, pseudonym_of(one, "rest", "a"), Message("a"), datetime(2026, 1, 1))


def test_the_tables_laws_are_kept_and_left_for_the_caller_to_answer(database: Database) -> None:
    with pytest.raises(IntegrityError) as error, database.session() as session:
        post(session, "nobody", Message(SECRET), NOW)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "DATABASE_URL is not an address"),
        ("", "DATABASE_URL is not an address"),
        ("magic://host/name", "a kind of database that cannot be used here"),
        ("sqlite:////proc/nothing/here.db", "cannot be made"),
    ],
)
def test_an_address_that_cannot_be_used_is_one_sentence(url: str, said: str) -> None:
    with pytest.raises(DatabaseError, match=said) as error:
        Database(url).create()
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("not a database at all, but long enough to have a header " * 20)
    with pytest.raises(DatabaseError, match="cannot be used .*check DATABASE_URL") as error:
        Database(f"sqlite:///{path}").create()
    assert "\n" not in str(error.value)


def test_a_folder_in_place_of_the_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot be used"):
        Database(f"sqlite:///{tmp_path}").create()


def test_a_statement_that_fails_shows_neither_password_nor_values(database: Database) -> None:
    with pytest.raises(DatabaseError) as error, database.session() as session:
        session.execute(text("SELECT :secret FROM nowhere"), {"secret": SECRET})
    assert "no such table" in str(error.value)
    assert SECRET not in str(error.value)
    assert "SELECT" not in str(error.value)


def test_a_disk_that_is_full_is_one_sentence(database: Database) -> None:
    with database.session() as session:
        person = pseudonym_of(session, "rest", "a")
        pages = session.execute(text("PRAGMA page_count")).scalar()
    with pytest.raises(DatabaseError, match="full") as error, database.session() as session:
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        for _ in range(200):
            post(session, person, Message(SECRET * 100), NOW)
    assert SECRET not in str(error.value)
    assert "space left on the disk" in str(error.value)


def test_nobody_is_left_without_their_person(database: Database) -> None:
    """Foreign keys are on: who goes takes their letters along."""
    with database.session() as session:
        person = pseudonym_of(session, "rest", "a")
        post(session, person, Message("a"), NOW)
    with database.session() as session:
        session.delete(session.get(Person, person))
    with database.session() as session:
        assert session.query(Letter).all() == []
