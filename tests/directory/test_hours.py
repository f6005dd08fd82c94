"""Opening hours: open, closed or not known, in Brussels, all year round."""

import csv
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import BRUSSELS
from bot.directory.hours import (
    UNKNOWN,
    HoursError,
    Opening,
    check_hours,
    is_public_holiday,
    opening_at,
)
from bot.directory.loader import DIRECTORY

OFFICE = "Mo-Fr 09:00-17:00"
NIGHT = "Mo-Su 20:00-08:00"


def brussels(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


def opening(hours: str | None, at: str) -> Opening:
    return opening_at(hours, brussels(at))


def shipped_hours() -> list[str]:
    with (DIRECTORY / "services.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return sorted({row["opening_hours"] for row in rows if row["opening_hours"]})


SHIPPED = shipped_hours()


def test_an_office_is_open_on_a_working_day_until_its_closing_hour() -> None:
    assert opening(OFFICE, "2026-11-23T10:00") == Opening(True, brussels("2026-11-23T17:00"))


def test_a_door_closes_on_the_minute() -> None:
    assert opening(OFFICE, "2026-11-23T08:59").is_open is False
    assert opening(OFFICE, "2026-11-23T09:00").is_open is True
    assert opening(OFFICE, "2026-11-23T16:59").is_open is True
    assert opening(OFFICE, "2026-11-23T17:00").is_open is False


def test_on_friday_evening_the_next_opening_is_on_monday() -> None:
    assert opening(OFFICE, "2026-11-27T18:00") == Opening(False, brussels("2026-11-30T09:00"))


def test_hours_are_brussels_hours_wherever_the_question_comes_from() -> None:
    at = datetime(2026, 11, 23, 8, 30, tzinfo=timezone.utc)  # 9:30 in Brussels
    assert opening_at(OFFICE, at).is_open is True
    at = datetime(2026, 7, 20, 6, 30, tzinfo=timezone.utc)  # 8:30 in Brussels, summer time
    assert opening_at(OFFICE, at).is_open is False


def test_a_night_shelter_is_open_after_midnight() -> None:
    assert opening(NIGHT, "2026-11-23T02:00") == Opening(True, brussels("2026-11-23T08:00"))
    assert opening(NIGHT, "2026-11-23T23:59").next_change == brussels("2026-11-24T08:00")
    assert opening(NIGHT, "2026-11-23T12:00") == Opening(False, brussels("2026-11-23T20:00"))


def test_midnight_as_a_closing_hour_is_the_end_of_the_day() -> None:
    hours = "Mo-Su 10:00-24:00"
    assert opening(hours, "2026-11-23T23:59") == Opening(True, brussels("2026-11-24T00:00"))
    assert opening(hours, "2026-11-24T00:00").is_open is False


def test_the_night_when_clocks_go_back_is_an_hour_longer() -> None:
    before = brussels("2026-10-24T21:00")
    change = opening_at(NIGHT, before).next_change
    assert change == brussels("2026-10-25T08:00")
    assert change.timestamp() - before.timestamp() == 12 * 3600


def test_the_night_when_clocks_go_forward_is_an_hour_shorter() -> None:
    before = brussels("2026-03-28T21:00")
    change = opening_at(NIGHT, before).next_change
    assert change == brussels("2026-03-29T08:00")
    assert change.timestamp() - before.timestamp() == 10 * 3600


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_happens_twice_is_part_of_the_night_both_times(fold: int) -> None:
    at = datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS, fold=fold)
    assert opening_at(NIGHT, at) == Opening(True, brussels("2026-10-25T08:00"))


def test_the_hour_that_the_clocks_skip_is_read_as_the_hour_after() -> None:
    assert opening(NIGHT, "2026-03-29T02:30").is_open is True
    assert opening("Mo-Su 03:00-06:00", "2026-03-29T02:30").is_open is True


def test_a_season_has_an_end_and_a_next_beginning() -> None:
    winter = "Nov 15-Mar 31: Mo-Su 20:00-21:00"
    assert opening(winter, "2026-12-01T20:30").is_open is True
    assert opening(winter, "2026-07-01T20:30") == Opening(False, brussels("2026-11-15T20:00"))


def test_the_first_monday_of_the_month_is_not_the_second() -> None:
    assert opening("Mo[1] 15:00-17:00", "2026-12-07T16:00").is_open is True
    assert opening("Mo[1] 15:00-17:00", "2026-12-14T16:00").is_open is False


@pytest.mark.parametrize(
    "day",
    ["01-01", "04-06", "05-01", "05-14", "05-25", "07-21", "08-15", "11-01", "11-11", "12-25"],
)
def test_the_ten_belgian_holidays_of_2026_are_known(day: str) -> None:
    assert is_public_holiday(brussels(f"2026-{day}T12:00"))


@pytest.mark.parametrize("day", ["2026-07-14", "2026-09-27", "2026-11-15", "2026-12-26"])
def test_the_holidays_of_others_are_working_days(day: str) -> None:
    assert not is_public_holiday(brussels(f"{day}T12:00"))


def test_closed_on_holidays_is_closed_on_one() -> None:
    assert opening(f"{OFFICE}; PH off", "2026-12-25T10:00") == Opening(
        False, brussels("2026-12-28T09:00")
    )


def test_hours_silent_on_holidays_are_not_known_on_one() -> None:
    assert opening(OFFICE, "2026-12-25T10:00") == UNKNOWN


def test_outside_silent_hours_a_holiday_is_closed_like_any_day() -> None:
    assert opening(OFFICE, "2026-12-25T20:00").is_open is False


def test_no_next_opening_is_promised_for_a_holiday_that_the_hours_are_silent_about() -> None:
    monday_after = brussels("2026-12-28T09:00")
    assert opening(OFFICE, "2026-12-24T18:00") == Opening(False, monday_after)
    assert opening(OFFICE, "2026-12-25T08:00") == Opening(False, monday_after)


def test_a_night_belongs_to_the_day_on_which_it_began() -> None:
    assert opening(NIGHT, "2026-12-25T02:00").is_open is True  # began on the 24th
    assert opening(NIGHT, "2026-12-25T21:00") == UNKNOWN
    assert opening(NIGHT, "2026-12-26T02:00") == UNKNOWN  # began on Christmas Day


def test_day_and_night_is_open_on_holidays_too() -> None:
    assert opening("24/7", "2026-12-25T03:00") == Opening(True)


def test_hours_for_holidays_only_are_open_on_one() -> None:
    assert opening("PH 10:00-12:00", "2026-12-25T11:00").is_open is True
    assert opening("PH 10:00-12:00", "2026-12-24T11:00").is_open is False


def test_days_without_times_are_never_open_and_promise_no_hour() -> None:
    assert opening("Mo-Fr", "2026-11-23T10:00") == UNKNOWN
    assert opening("Mo-Fr", "2026-11-22T10:00") == Opening(False)


def test_no_hours_are_not_known_rather_than_closed() -> None:
    assert opening(None, "2026-11-23T10:00") == UNKNOWN
    assert opening("", "2026-11-23T10:00") == UNKNOWN


def test_hours_that_say_unknown_are_not_known() -> None:
    assert opening(f"{OFFICE} unknown", "2026-11-23T10:00").is_open is None


def test_an_open_end_promises_no_closing_hour_and_no_closed_morning() -> None:
    hours = "Sa-Su 17:00+"
    assert opening(hours, "2026-11-22T18:00") == Opening(True)
    assert opening(hours, "2026-11-23T01:00") == UNKNOWN
    assert opening(hours, "2026-11-23T14:00") == Opening(False, brussels("2026-11-28T17:00"))


def test_what_lies_more_than_a_year_ahead_is_no_next_change() -> None:
    assert opening("2030 Mo-Fr 09:00-17:00", "2026-11-23T10:00") == Opening(False)


@pytest.mark.parametrize(
    "hours",
    ["9h-17h", "Mo-Fr 9h-17h", "lundi 9:00", "Mo 99:00", "Mo-Fr 09:00-", "25:00-27:00", "fermé"]
    + ["2020-2010", "Mo[9] 10:00", "week 60 10:00-12:00"],
)
def test_impossible_hours_are_refused_in_one_sentence(hours: str) -> None:
    with pytest.raises(HoursError) as error:
        check_hours(hours)
    said = str(error.value)
    assert repr(hours) in said
    assert "write them as OpenStreetMap does" in said
    assert "\n" not in said and said.endswith(".")


@given(st.text(max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_either_hours_or_refused(hours: str) -> None:
    try:
        check_hours(hours)
    except HoursError:
        return
    opening_at(hours, brussels("2026-11-23T10:00"))


def _moments(start: datetime, step: timedelta, count: int) -> list[datetime]:
    """Moments evenly apart in time, not on the clock."""
    first = start.astimezone(timezone.utc)
    return [(first + number * step).astimezone(BRUSSELS) for number in range(count)]


YEAR = _moments(brussels("2026-01-01T00:00"), timedelta(hours=11, minutes=7), 788)
CLOCK_CHANGES = [
    moment
    for night in ("2026-03-28T22:00", "2026-10-24T22:00")
    for moment in _moments(brussels(night), timedelta(minutes=10), 60)
]


@pytest.mark.parametrize("hours", SHIPPED)
def test_every_shipped_schedule_answers_at_any_time_and_changes_later(hours: str) -> None:
    for at in (*YEAR, *CLOCK_CHANGES):
        found = opening_at(hours, at)
        if found.next_change is not None:
            assert found.next_change.timestamp() > at.timestamp(), at
        if found.is_open is None:
            assert found == UNKNOWN


@given(
    hours=st.sampled_from(SHIPPED),
    at=st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1)),
    fold=st.integers(0, 1),
)
@settings(max_examples=400, deadline=None)
def test_what_is_said_of_the_next_change_comes_true(hours: str, at: datetime, fold: int) -> None:
    moment = at.replace(tzinfo=BRUSSELS, fold=fold)
    found = opening_at(hours, moment)
    if found.next_change is not None:
        assert found.next_change.timestamp() > moment.astimezone(timezone.utc).timestamp()
        assert opening_at(hours, found.next_change).is_open is not found.is_open
