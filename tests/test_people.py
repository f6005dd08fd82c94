"""Who is who: one table knows it."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.database import Database
from bot.people import Person, address_of, is_forgotten, mark_forgotten, pseudonym_of

ADDRESSES = st.text(min_size=1, max_size=40)


def test_an_account_has_one_pseudonym_for_ever(database: Database) -> None:
    with database.session() as session:
        first = pseudonym_of(session, "telegram", "42")
    with database.session() as session:
        assert pseudonym_of(session, "telegram", "42") == first
        assert session.query(Person).count() == 1


def test_the_same_address_on_another_channel_is_somebody_else(database: Database) -> None:
    with database.session() as session:
        assert pseudonym_of(session, "telegram", "42") != pseudonym_of(session, "rest", "42")


def test_a_pseudonym_tells_nothing_of_the_account(database: Database) -> None:
    with database.session() as session:
        pseudonym = pseudonym_of(session, "telegram", "4815162342")
    assert "4815162342" not in pseudonym
    assert len(pseudonym) == 16
    int(pseudonym, 16)


@given(st.lists(ADDRESSES, unique=True, max_size=6))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_two_accounts_share_a_pseudonym(database: Database, addresses: list[str]) -> None:
    with database.session() as session:
        found = {address: pseudonym_of(session, "rest", address) for address in addresses}
        assert len(set(found.values())) == len(addresses)
        for address, pseudonym in found.items():
            assert address_of(session, pseudonym) == ("rest", address)


def test_an_unknown_pseudonym_has_no_address(database: Database) -> None:
    with database.session() as session:
        assert address_of(session, "nobody") is None


def test_the_wish_to_be_forgotten_is_remembered_until_it_is_done(database: Database) -> None:
    with database.session() as session:
        person = pseudonym_of(session, "rest", "a")
        assert not is_forgotten(session, person)
        mark_forgotten(session, person)
        mark_forgotten(session, "nobody")
    with database.session() as session:
        assert is_forgotten(session, person)
        assert not is_forgotten(session, "nobody")
