"""Finds moments in a message and resolves them in Europe/Brussels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot import clock
from bot.directory.places import fold
from bot.nlu.entities import Span, SpanExtractor

WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
PARTS = {
    "matin": time(9),
    "matinee": time(9),
    "midi": time(12),
    "apres midi": time(15),
    "aprem": time(15),
    "soir": time(20),
    "soiree": time(20),
    "nuit": time(23),
}
_PART = r"(?P<part>matin(?:ee)?|midi|apres midi|aprem|soir(?:ee)?|nuit)"
_HOUR = r"(?P<hour>[01]?\d|2[0-4]) ?(?:h|heures?|u)(?: ?(?P<minute>[0-5]\d))?"
_DAY = (
    r"(?P<day>aujourd hui|auj|apres demain|apres 2main|demain|2main|dem1|"
    + "|".join(WEEKDAYS)
    + r")"
)
_MOMENT = re.compile(
    rf"\b(?:(?P<now>maintenant|mtn|mnt|tout de suite|la maintenant|en ce moment)"
    rf"|{_DAY}(?: (?:au |a |vers |le )?(?:{_PART}|{_HOUR}))?"
    rf"|(?:ce|cette|cet|c) {_PART.replace('part', 'this')}(?: (?:a |vers )?{_HOUR.replace('hour', 'this_hour').replace('minute', 'this_minute')})?"
    rf"|(?P<weekend>(?:ce |le )?week ?end)"
    rf"|(?:a |vers |pour |avant |apres )?{_HOUR.replace('hour', 'only_hour').replace('minute', 'only_minute')}"
    rf")\b"
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MomentExtractor(SpanExtractor):
    """Entity `moment`, its value an ISO date and time in Europe/Brussels."""

    def find(self, text: str) -> Iterator[Span]:
        now = clock.now()
        for start, end, moment in find_moments(text, now):
            yield Span("moment", moment.isoformat(timespec="minutes"), start, end)


def find_moments(text: str, now: datetime) -> Iterator[tuple[int, int, datetime]]:
    """Each moment in a text: start, end (exclusive), and what it means said at `now` (aware)."""
    folded, places = _folded_with_places(text)
    for match in _MOMENT.finditer(folded):
        moment = _resolve(match, now)
        if moment is not None:
            yield places[match.start()], places[match.end() - 1] + 1, moment


def _folded_with_places(text: str) -> tuple[str, list[int]]:
    """The text folded, one sign for one sign or a space, and each sign's place in the text."""
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        for bare in fold(sign) or " ":
            if bare == " " and (not signs or signs[-1] == " "):
                continue
            signs.append(bare)
            places.append(at)
    return "".join(signs), places


def _resolve(match: re.Match[str], now: datetime) -> datetime | None:
    group = match.groupdict()
    if group["now"]:
        return now
    if group["weekend"]:
        return _on(_next_weekday(now.date(), 5), time(10), now)
    if group["day"]:
        return _on(
            _day(group["day"], now),
            _time(group["part"], group["hour"], group["minute"], now, group["day"]),
            now,
        )
    if group["this"]:
        return _this(group, now)
    hour = _clock_time(group["only_hour"], group["only_minute"])
    if hour is None:
        return None
    moment = _on(now.date(), hour, now)
    return moment if moment >= now else moment + timedelta(days=1)


def _this(group: dict[str, str | None], now: datetime) -> datetime:
    """ "ce soir", "cette nuit à 2h": the present part of the day, or the coming one."""
    part = str(group["this"])
    hour = _clock_time(group["this_hour"], group["this_minute"])
    if part == "nuit" and hour is not None and hour < time(9):
        day = now.date() if now.time() < time(9) else now.date() + timedelta(days=1)
        return _on(day, hour, now)
    if part == "nuit" and now.time() < time(6):
        return now
    moment = _on(now.date(), hour or PARTS[part], now)
    return max(moment, now) if hour is None and part != "matin" else moment


def _day(name: str, now: datetime) -> date:
    if name.startswith("auj"):
        return now.date()
    if name.startswith("apres"):
        return now.date() + timedelta(days=2)
    if name in WEEKDAYS:
        return _next_weekday(now.date(), WEEKDAYS.index(name))
    return now.date() + timedelta(days=1)


def _next_weekday(today: date, weekday: int) -> date:
    """The coming day of that name; today when it is today."""
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _time(part: str | None, hour: str | None, minute: str | None, now: datetime, day: str) -> time:
    if hour:
        return _clock_time(hour, minute) or time(12)
    if part:
        return PARTS[part]
    return now.time().replace(second=0, microsecond=0) if day.startswith("auj") else time(12)


def _clock_time(hour: str | None, minute: str | None) -> time | None:
    if hour is None:
        return None
    return time(int(hour) % 24, int(minute or 0))


def _on(day: date, at: time, now: datetime) -> datetime:
    return datetime.combine(day, at, tzinfo=now.tzinfo)
