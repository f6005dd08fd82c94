"""A search written as a JSON object, as `passerelle directory search` reads it."""

import json
from datetime import datetime

import pytest

from bot.clock import BRUSSELS
from bot.database import Database
from bot.directory.queries import LIMIT, QueryError, answer_query

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=BRUSSELS)
KEYS = {"name", "phone", "address", "commune", "open", "next_change", "distance_m", "level"}
KEYS |= {"verified_on", "conditions"}


def ask(directory: Database, **query: object) -> dict:
    with directory.session() as session:
        return answer_query(session, query, 7, NOW)


def test_an_answer_has_the_names_that_the_interface_fixes(directory: Database) -> None:
    answer = ask(directory, need="shelter", commune="Ixelles")
    assert answer.keys() == {"results", "loosened"}
    assert 0 < len(answer["results"]) <= LIMIT
    assert all(one.keys() == KEYS for one in answer["results"])
    json.dumps(answer)


def test_a_need_may_be_named_as_its_intent_is(directory: Database) -> None:
    assert ask(directory, need="need_food") == ask(directory, need="food")


def test_null_is_as_good_as_nothing(directory: Database) -> None:
    given = ask(
        directory, need="food", commune=None, position=None, at=None, audience=None, query=None
    )
    assert given == ask(directory, need="food")


def test_a_misspelt_commune_and_a_postal_code_are_understood(directory: Database) -> None:
    assert ask(directory, need="food", commune="ixel") == ask(directory, need="food", commune=1050)


def test_the_moment_decides_what_is_open(directory: Database) -> None:
    day = ask(directory, need="shelter", commune="Bruxelles", at="2026-11-24T11:00")
    night = ask(directory, need="shelter", commune="Bruxelles", at="2026-11-24T21:00")
    closed = {one["name"] for one in day["results"] if one["open"] is False}
    opened = {one["name"] for one in night["results"] if one["open"] is True}
    assert "Pierre d'Angle – asile de nuit" in closed & opened


def test_a_moment_without_a_zone_is_in_brussels(directory: Database) -> None:
    naive = ask(directory, need="food", at="2026-11-24T09:00")
    aware = ask(directory, need="food", at="2026-11-24T08:00+00:00")
    assert naive == aware


def test_a_name_alone_is_looked_up(directory: Database) -> None:
    names = [one["name"] for one in ask(directory, query="doucheflux")["results"]]
    assert names == ["DoucheFLUX"]


def test_a_name_beside_a_need_puts_those_first(directory: Database) -> None:
    answer = ask(directory, need="shelter", commune="Bruxelles", query="pierre d'angle")
    assert answer["results"][0]["name"] == "Pierre d'Angle – asile de nuit"
    assert len(answer["results"]) > 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({}, "give a `need` or a `query`"),
        ({"need": "sleep"}, "there is no need 'sleep'"),
        ({"need": "food", "ville": "Ixelles"}, "ville is none of the fields"),
        ({"need": "food", "commune": "Paris"}, "'Paris' is no commune"),
        ({"need": "food", "position": [50]}, "`position` is not"),
        ({"need": "food", "position": ["a", "b"]}, "`position` is not"),
        ({"need": "food", "position": [91, 4]}, "outside the earth"),
        ({"need": "food", "position": [float("nan"), 4]}, "outside the earth"),
        ({"need": "food", "at": "ce soir"}, "`at` is not a moment"),
        ({"need": "food", "at": "2026-13-01"}, "`at` is not a moment"),
        ({"need": "food", "audience": "women"}, "`audience` is a list"),
        ({"need": "food", "audience": ["dames"]}, "`audience` is a list"),
        ({"need": "food", "audience": [["women"]]}, "`audience` is a list"),
        ({"query": 5}, "`query` is not a text"),
        ({"need": ["food"]}, "there is no need"),
    ],
)
def test_what_cannot_be_searched_is_one_sentence_with_the_line(
    directory: Database, query: dict, said: str
) -> None:
    with pytest.raises(QueryError) as error:
        ask(directory, **query)
    assert str(error.value).startswith("line 7: ")
    assert said in str(error.value)
    assert "\n" not in str(error.value)
