"""A service as it may be shown: what is not trusted enough is left out."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import BRUSSELS
from bot.database import Database
from bot.directory.hours import UNKNOWN
from bot.directory.listing import HIDDEN_ADDRESS, Listing, listing_of
from bot.directory.loader import load_directory
from bot.directory.models import Service
from bot.directory.search import by_ids
from tests.directory.files import row, write

AT = datetime(2026, 11, 24, 11, 0, tzinfo=BRUSSELS)


@pytest.fixture
def shown(database: Database, tmp_path: Path):  # type: ignore[no-untyped-def]
    """Loads one service with the given cells, and lists it."""

    def list_one(**cells: str) -> Listing:
        with database.session() as session:
            load_directory(session, write(tmp_path / "d", row(**cells)))
            return listing_of(session.get(Service, "abri"))

    return list_one


def test_a_trusted_service_is_shown_whole(shown) -> None:  # type: ignore[no-untyped-def]
    listing = shown(conditions="Appeler avant.", cost="gratuit", languages="fr;nl")
    assert listing.phone == "02 000 00 01"
    assert listing.address == "Rue de la Gare 1, 1000 Bruxelles"
    assert listing.conditions == "Appeler avant."
    assert listing.languages == ("fr", "nl")
    assert listing.hours == "Mo-Su 20:00-08:00"
    assert not listing.to_confirm


@pytest.mark.parametrize("level", ["C?", "R"])
def test_a_field_that_is_not_trusted_is_left_out(shown, level: str) -> None:  # type: ignore[no-untyped-def]
    listing = shown(
        field_levels=f"phone:{level};street:{level};opening_hours_osm:{level};website:{level}"
    )
    assert listing.phones == ()
    assert listing.address is None
    assert listing.hours is None
    assert listing.website is None


def test_a_postal_code_that_is_not_trusted_is_left_out(shown) -> None:  # type: ignore[no-untyped-def]
    assert shown(field_levels="postal_code:C?").address == "Rue de la Gare 1, Bruxelles"


@pytest.mark.parametrize(
    "cells",
    [
        {"level": "C"},
        {"field_levels": "phone:C"},
        {"verified_on": ""},
        {"verified_on": "2018-12-31"},
        {"verified_on": "2018"},
    ],
)
def test_what_is_second_hand_undated_or_old_is_to_be_confirmed(shown, cells) -> None:  # type: ignore[no-untyped-def]
    assert shown(**cells).to_confirm


@pytest.mark.parametrize("verified_on", ["2019", "2019-01", "2026-05-31"])
def test_what_was_verified_since_2019_is_not(shown, verified_on: str) -> None:  # type: ignore[no-untyped-def]
    assert not shown(verified_on=verified_on).to_confirm


def test_a_hidden_address_is_a_secret_and_shows_no_street(shown) -> None:  # type: ignore[no-untyped-def]
    listing = shown(address_hidden="yes", street="")
    assert listing.address == HIDDEN_ADDRESS
    assert listing.hidden


def test_who_it_is_for_stands_in_for_conditions(shown) -> None:  # type: ignore[no-untyped-def]
    assert shown(eligibility="femmes seules").conditions == "femmes seules"
    assert shown().conditions is None


def test_a_place_open_day_and_night_in_one_season_only_is_not_known_to_be_open(shown) -> None:  # type: ignore[no-untyped-def]
    assert shown(seasonal="yes", opening_hours="24/7").at(AT, None).opening == UNKNOWN
    assert shown(seasonal="yes", opening_hours="24/7").seasonal


def test_every_service_that_ships_can_be_shown(directory: Database) -> None:
    with directory.session() as session:
        for service in session.scalars(select(Service)).unique():
            listing = listing_of(service).at(AT, None)
            assert listing.name and listing.description and listing.needs
            assert listing.level in {"A", "A/B", "B", "C"} or service.status == "draft"
            if listing.hidden:
                assert listing.address == HIDDEN_ADDRESS


def test_services_are_found_by_their_ids_in_order_without_drafts(directory: Database) -> None:
    with directory.session() as session:
        drafts = list(session.scalars(select(Service.id).where(Service.status == "draft")))
        assert len(drafts) == 96
        wanted = ["101-police", *drafts, "unknown", "112-secours-ambulance-pompiers"]
        found = by_ids(session, wanted, AT)
    assert [one.id for one in found] == ["101-police", "112-secours-ambulance-pompiers"]
