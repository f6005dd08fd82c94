"""A service in plain French, for a small screen."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import BRUSSELS
from bot.database import Database
from bot.directory.hours import UNKNOWN, Opening, opening_at
from bot.directory.listing import HIDDEN_ADDRESS, Listing
from bot.directory.search import by_ids
from bot.directory.wording import (
    address_line,
    date_in_french,
    describe,
    details,
    hours_in_french,
    moment_in_french,
    opening_line,
    trust_line,
)
from bot.phrases import phrases
from tests.directory.files import shipped_rows

AT = datetime(2026, 11, 24, 11, 0, tzinfo=BRUSSELS)  # a Tuesday
SAYS = phrases()


@pytest.fixture
def listing(directory: Database) -> Listing:
    with directory.session() as session:
        (one,) = by_ids(session, ["infirmiers-de-rue"], AT)
    return replace(
        one,
        name="Abri de la Gare",
        description="Un lit pour la nuit.",
        phones=("02 000 00 01", "02 000 00 02"),
        address="Rue de la Gare 1, 1000 Bruxelles",
        website="https://abri.example",
        conditions="Appeler avant.",
        cost=None,
        hours="Mo-Su 20:00-08:00",
        opening=opening_at("Mo-Su 20:00-08:00", AT),
        verified_on="2026-05-31",
        to_confirm=False,
        distance_m=None,
    )


def test_a_service_is_told_line_by_line(listing: Listing) -> None:
    assert describe(listing, 2, AT, SAYS).splitlines() == [
        "2. Abri de la Gare",
        "Un lit pour la nuit.",
        "🔴 Fermé. Ouvre 20:00",
        "Rue de la Gare 1, 1000 Bruxelles",
        "À savoir : Appeler avant.",
        "02 000 00 01",
        "Vérifié : 31 mai 2026.",
    ]


def test_the_number_to_call_stands_alone_on_its_line(directory: Database) -> None:
    ids = [line["id"] for line in shipped_rows() if line["status"] == "active"]
    with directory.session() as session:
        for one in by_ids(session, ids, AT):
            text = describe(one, 1, AT, SAYS)
            if one.phone:
                assert one.phone in text.splitlines()
            assert len(text) <= 700, one.name
            assert len(details(one, AT, SAYS)) <= 1000, one.name


def test_without_a_phone_the_website_is_given(listing: Listing) -> None:
    lines = describe(replace(listing, phones=()), None, AT, SAYS).splitlines()
    assert "https://abri.example" in lines
    assert lines[0] == "Abri de la Gare"


def test_the_details_hold_the_other_numbers_the_hours_and_the_website(listing: Listing) -> None:
    lines = details(listing, AT, SAYS).splitlines()
    assert lines[-5:] == [
        "Autres numéros :",
        "02 000 00 02",
        "Heures :",
        "tous les jours 20:00-8:00",
        "https://abri.example",
    ]


def test_a_distance_is_told_from_a_kilometre_on(listing: Listing) -> None:
    assert address_line(replace(listing, distance_m=2400)).endswith("(à 2 km)")
    assert "km" not in address_line(replace(listing, distance_m=600))
    assert address_line(replace(listing, address=None)) == listing.commune
    hidden = replace(listing, address=HIDDEN_ADDRESS)
    assert address_line(hidden) == "adresse tenue secrète"


@pytest.mark.parametrize(
    ("opening", "said"),
    [
        (UNKNOWN, "⚪ Heures pas connues"),
        (Opening(True), "🟢 Ouvert jour et nuit"),
        (Opening(True, AT.replace(hour=17)), "🟢 Ouvert, jusqu'à 17:00"),
        (Opening(False, AT.replace(day=25, hour=9)), "🔴 Fermé. Ouvre demain à 9:00"),
        (Opening(False), "🔴 Fermé en ce moment"),
    ],
)
def test_open_closed_and_not_known_are_told_apart(
    listing: Listing, opening: Opening, said: str
) -> None:
    assert opening_line(replace(listing, opening=opening), AT, SAYS) == said


def test_an_open_end_is_not_day_and_night(listing: Listing) -> None:
    one = replace(listing, hours="Sa-Su 17:00+", opening=Opening(True))
    assert opening_line(one, AT, SAYS) == "🟢 Ouvert"


def test_what_is_not_sure_is_to_be_confirmed(listing: Listing) -> None:
    assert trust_line(replace(listing, to_confirm=True), SAYS) == "À confirmer : appelez avant."
    silent = replace(listing, to_confirm=True, phones=())
    assert trust_line(silent, SAYS) == "À confirmer avant d'y aller."


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-24T17:00", "17:00"),
        ("2026-11-25T00:00", "minuit"),
        ("2026-11-25T05:30", "5:30"),
        ("2026-11-25T09:00", "demain à 9:00"),
        ("2026-11-28T09:05", "samedi à 9:05"),
        ("2026-12-01T09:00", "le 1 décembre à 9:00"),
        ("2027-05-03T09:00", "le 3 mai à 9:00"),
    ],
)
def test_a_moment_is_told_as_people_do(moment: str, said: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=BRUSSELS)
    assert moment_in_french(at, AT) == said


@pytest.mark.parametrize(
    ("iso", "said"),
    [("2024", "2024"), ("2024-05", "mai 2024"), ("2024-05-03", "3 mai 2024")],
)
def test_a_date_is_as_precise_as_it_is_known(iso: str, said: str) -> None:
    assert date_in_french(iso) == said


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("24/7", "jour et nuit, tous les jours"),
        ("Mo-Fr 09:00-17:00", "lundi-vendredi 9:00-17:00"),
        ("Mo,Th 09:30-12:30; PH off", "lundi, jeudi 9:30-12:30\nfermé les jours fériés"),
        ("Mo[1] 15:00-17:00", "1er lundi du mois 15:00-17:00"),
        ("Sa-Su 17:00+", "samedi-dimanche dès 17:00"),
        (
            "Nov 01-Apr 30: Mo-Su 20:00-21:00",
            "1 novembre-30 avril: tous les jours 20:00-21:00",
        ),
        ("Mo-Fr 08:30-13:00,14:00-17:00", "lundi-vendredi 8:30-13:00, 14:00-17:00"),
    ],
)
def test_hours_are_written_in_french(hours: str, said: str) -> None:
    assert hours_in_french(hours) == said


def test_no_shipped_hours_keep_a_code_of_openstreetmap() -> None:
    codes = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH", "off"}
    for line in shipped_rows():
        words = set(hours_in_french(line["opening_hours"]).replace("-", " ").split())
        assert codes.isdisjoint(words), line["opening_hours"]


@given(st.datetimes(datetime(2026, 11, 24, 11), datetime(2028, 1, 1)))
def test_any_later_moment_can_be_told(moment: datetime) -> None:
    said = moment_in_french(moment.replace(tzinfo=BRUSSELS), AT)
    assert f"{moment.hour}:{moment.minute:02d}" in said or said == "minuit"
