"""Moments found in what people write, and what they mean in Brussels."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import BRUSSELS
from bot.nlu.calendar import DAYS_AHEAD, PARTS, SYNONYMS, WEEKDAYS
from bot.nlu.moments import MomentExtractor, find_moments

SUNDAY_EVENING = datetime(2026, 11, 22, 21, 30, tzinfo=BRUSSELS)
SUNDAY_MORNING = datetime(2026, 11, 22, 10, 0, tzinfo=BRUSSELS)
SUNDAY_NIGHT = datetime(2026, 11, 22, 2, 0, tzinfo=BRUSSELS)
WEDNESDAY = datetime(2026, 11, 25, 15, 0, tzinfo=BRUSSELS)


def moments(text: str, now: datetime = SUNDAY_EVENING) -> list[str]:
    return [f"{moment:%m-%d %H:%M}" for _, _, moment in find_moments(text, now)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("maintenant", "11-22 21:30"),
        ("c'est ouvert mtn ?", "11-22 21:30"),
        ("tout de suite", "11-22 21:30"),
        ("à cette heure-ci", "11-22 21:30"),
        ("ce soir", "11-22 21:30"),
        ("se soir", "11-22 21:30"),
        ("un lit pour la nuit", "11-22 23:00"),
        ("cette nuit", "11-22 23:00"),
        ("sete nui", "11-22 23:00"),
        ("cette nuit à 3h", "11-23 03:00"),
        ("ce soir à 22h", "11-22 22:00"),
        ("ce soir vers 8h", "11-22 20:00"),
        ("demain", "11-23 12:00"),
        ("dmn", "11-23 12:00"),
        ("demain matin", "11-23 09:00"),
        ("demain à 14h", "11-23 14:00"),
        ("demain soir à 7 heures", "11-23 19:00"),
        ("8h demain matin", "11-23 08:00"),
        ("après-demain", "11-24 12:00"),
        ("aujourd'hui", "11-22 21:30"),
        ("auj à 23h", "11-22 23:00"),
        ("lundi", "11-23 12:00"),
        ("lundi prochain", "11-23 12:00"),
        ("mardi matin", "11-24 09:00"),
        ("mercredi en huit", "12-02 12:00"),
        ("samdi aprem", "11-28 15:00"),
        ("vendredi à 10h30", "11-27 10:30"),
        ("jeudi 9h", "11-26 09:00"),
        ("dimanche matin", "11-29 09:00"),
        ("dimanche", "11-29 12:00"),
        ("dimanche à 14h", "11-29 14:00"),
        ("dimanche soir", "11-22 21:30"),
        ("dimanche prochain", "11-29 12:00"),
        ("ce week-end", "11-28 10:00"),
        ("le we", "11-28 10:00"),
        ("la semaine prochaine", "11-23 12:00"),
        ("22h", "11-22 22:00"),
        ("à 8h30", "11-23 08:30"),
        ("20h", "11-23 20:00"),
        ("22:15", "11-22 22:15"),
        ("vers 18 h", "11-23 18:00"),
        ("à sept heures du soir", "11-23 19:00"),
        ("vingt-trois heures", "11-22 23:00"),
        ("sept heures et demie", "11-23 07:30"),
        ("à midi", "11-23 12:00"),
        ("jusqu'à minuit", "11-23 00:00"),
        ("à 24h", "11-23 00:00"),
        ("dans 2 h", "11-22 23:30"),
        ("dans deux heures", "11-22 23:30"),
        ("dans 30 min", "11-22 22:00"),
        ("dans une demi-heure", "11-22 22:00"),
        ("d'ici 3 jours", "11-25 21:30"),
        ("dans une semaine", "11-29 21:30"),
        ("le 25 décembre", "12-25 12:00"),
        ("le 24/12", "12-24 12:00"),
        ("à Noël", "12-25 12:00"),
        ("le 1er mai au matin", "05-01 12:00"),
    ],
)
def test_said_on_a_sunday_evening(text: str, said: str) -> None:
    assert moments(text) == [said]


@pytest.mark.parametrize(
    ("text", "now", "said"),
    [
        ("cette nuit", SUNDAY_NIGHT, "11-22 02:00"),
        ("cette nuit à 4h", SUNDAY_NIGHT, "11-22 04:00"),
        ("ce soir", SUNDAY_NIGHT, "11-22 20:00"),
        ("dimanche matin", SUNDAY_NIGHT, "11-22 09:00"),
        ("ce soir", SUNDAY_MORNING, "11-22 20:00"),
        ("cette nuit", SUNDAY_MORNING, "11-22 23:00"),
        ("dimanche matin", SUNDAY_MORNING, "11-22 10:00"),
        ("dimanche", SUNDAY_MORNING, "11-22 12:00"),
        ("dimanche à 9h", SUNDAY_MORNING, "11-29 09:00"),
        ("ce week-end", SUNDAY_MORNING, "11-22 10:00"),
        ("mercredi", WEDNESDAY, "11-25 15:00"),
        ("mercredi matin", WEDNESDAY, "12-02 09:00"),
        ("mercredi après-midi", WEDNESDAY, "11-25 15:00"),
        ("cet après-midi", WEDNESDAY, "11-25 15:00"),
        ("ce matin", WEDNESDAY, "11-25 09:00"),
        ("ce midi", WEDNESDAY, "11-25 12:00"),
        ("lundi", WEDNESDAY, "11-30 12:00"),
        ("14h", WEDNESDAY, "11-26 14:00"),
        ("à 16h", WEDNESDAY, "11-25 16:00"),
        ("à 23h59", WEDNESDAY, "11-25 23:59"),
    ],
)
def test_what_is_said_depends_on_when(text: str, now: datetime, said: str) -> None:
    assert moments(text, now) == [said]


@pytest.mark.parametrize(
    "text",
    [
        "depuis vendredi",
        "hier soir",
        "vendredi dernier",
        "ils m'ont expulsé mardi",
        "je suis sorti de prison lundi",
        "mon fils est mort mardi",
        "ouvert 24h/24 et 7j/7",
        "24h sur 24",
        "j'attends depuis 2h",
        "2h d'attente",
        "il y a une heure",
        "38 heures par semaine",
        "j'ai 22 ans",
        "0484 12 22 33",
        "mon loyer de 650 euros",
        "l'après-midi je dors",
        "à 25h",
        "le 31 février",
        "le 45/13",
        "",
        "⏰",
    ],
)
def test_what_is_past_a_while_or_impossible_is_no_moment(text: str) -> None:
    assert moments(text) == []


@pytest.mark.parametrize("text", ["c'est fermé dimanche ?", "est-ce ouvert samedi ?"])
def test_a_question_about_a_day_is_not_taken_for_a_story(text: str) -> None:
    assert len(moments(text)) == 1


def test_the_span_is_what_was_written() -> None:
    text = "Bonsoir, un lit DEMAIN SOIR à 20h30, merci"
    ((start, end, moment),) = find_moments(text, SUNDAY_EVENING)
    assert text[start:end] == "DEMAIN SOIR à 20h30"
    assert moment == datetime(2026, 11, 23, 20, 30, tzinfo=BRUSSELS)


def test_several_moments_are_found_in_order() -> None:
    assert moments("lundi à 9h ou mardi soir") == ["11-23 09:00", "11-24 20:00"]


def test_hours_to_come_are_counted_in_time_not_on_the_clock() -> None:
    before = datetime(2026, 3, 28, 23, 30, tzinfo=BRUSSELS)  # the clocks go forward at two
    ((_, _, moment),) = find_moments("dans 4 heures", before)
    assert moment.timestamp() - before.timestamp() == 4 * 3600
    assert f"{moment:%H:%M}" == "04:30"


def test_an_hour_that_the_clocks_skip_becomes_the_one_after() -> None:
    before = datetime(2026, 3, 28, 23, 30, tzinfo=BRUSSELS)
    assert moments("cette nuit à 2h30", before) == ["03-29 03:30"]


def test_the_component_gives_an_iso_moment(now: datetime) -> None:
    (span,) = MomentExtractor().find("demain à 14h")
    assert span.value == "2026-11-23T14:00+01:00"


AWARE = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=BRUSSELS)
)
SPOKEN = st.lists(
    st.sampled_from(
        [
            *WEEKDAYS,
            *DAYS_AHEAD,
            *PARTS,
            *SYNONYMS,
            "ce",
            "cette",
            "à",
            "vers",
            "8h",
            "22h30",
            "2 h",
        ]
        + ["dans", "prochain", "le", "31", "février", "24/12", "midi", "minuit", "24h", "depuis"]
        + ["sept", "heures", "et demie", "du soir", "en huit", "99", "jours", ",", "?"]
    ),
    max_size=8,
).map(" ".join)


@given(SPOKEN | st.text(max_size=120), AWARE)
@settings(max_examples=400, deadline=None)
def test_any_text_at_any_time_gives_spans_within_it_and_real_moments(
    text: str, now: datetime
) -> None:
    last = 0
    for start, end, moment in find_moments(text, now):
        assert last <= start < end <= len(text)
        assert not text[start].isspace() and not text[end - 1].isspace()
        assert moment.tzinfo is BRUSSELS
        assert datetime.fromtimestamp(moment.timestamp(), BRUSSELS) == moment
        assert moment.timestamp() > now.timestamp() - timedelta(days=1).total_seconds()
        last = end


@given(st.sampled_from(sorted(WEEKDAYS)), AWARE)
def test_a_weekday_is_never_in_the_past_and_within_a_week(day: str, now: datetime) -> None:
    ((_, _, moment),) = find_moments(day, now)
    assert moment.weekday() == WEEKDAYS[day]
    assert (
        timedelta(0)
        <= moment.replace(tzinfo=None) - now.replace(tzinfo=None, second=0, microsecond=0)
        <= timedelta(days=7, hours=12)
        or moment >= now
    )
