"""What words of time mean: hours, parts of the day, days, dates; patterns over folded text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, timezone

Resolver = Callable[[dict[str, str], datetime], datetime | None]

WEEKDAYS = {
    "lundi": 0,
    "mardi": 1,
    "mercredi": 2,
    "merkredi": 2,
    "jeudi": 3,
    "vendredi": 4,
    "vandredi": 4,
    "samedi": 5,
    "samdi": 5,
    "dimanche": 6,
    "dimanch": 6,
}
DAYS_AHEAD = {
    **dict.fromkeys(("aujourd hui", "aujourdhui", "auj", "ajd", "ojd"), 0),
    **dict.fromkeys(("demain", "demin", "2main", "dem1", "2m1", "dmn"), 1),
    **dict.fromkeys(("apres demain", "apres 2main", "apres dmn", "surlendemain"), 2),
}
# When a part of the day is meant to be, and when it is over; a night and an evening last.
PARTS = {
    "matin": (time(9), time(12)),
    "midi": (time(12), time(14)),
    "apres midi": (time(15), time(18)),
    "soir": (time(20), None),
    "nuit": (time(23), None),
}
SYNONYMS = {
    **dict.fromkeys(("matinee", "mat"), "matin"),
    **dict.fromkeys(("aprem", "aprm", "apresmidi", "aprei midi"), "apres midi"),
    **dict.fromkeys(("soiree", "soire"), "soir"),
    **dict.fromkeys(("nui", "nuite"), "nuit"),
}
_MONTHS = (
    "janvier janv/fevrier fev/mars/avril avr/mai/juin/juillet juil/aout/septembre sept/"
    "octobre oct/novembre nov/decembre dec"
)
MONTHS = {
    name: month
    for month, names in enumerate(re.split("/", _MONTHS), start=1)
    for name in names.split()
}
FEASTS = {"noel": (25, 12), "la toussaint": (1, 11), "le nouvel an": (1, 1)}
_WORDS = (
    "zero une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
    "seize dix_sept dix_huit dix_neuf vingt vingt_et_une vingt_deux vingt_trois vingt_quatre"
)
NUMBERS = {word.replace("_", " "): number for number, word in enumerate(_WORDS.split())}
NUMBERS["un"] = 1
UNITS = {
    **dict.fromkeys(("min", "mn", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "heure", "heures"), timedelta(hours=1)),
    **dict.fromkeys(("j", "jour", "jours"), timedelta(days=1)),
    **dict.fromkeys(("semaine", "semaines"), timedelta(weeks=1)),
}
DAY_OVER = time(20)  # a day without an hour is over when nearly everything has closed
NOON, MIDNIGHT = time(12), time(0)


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_PART = rf"(?P<part>{_any((*PARTS, *SYNONYMS))})"
_NUMBER = rf"\d{{1,2}}|{_any(NUMBERS)}"
_AT = r"(?:(?:a|vers|des|pour|avant|apres|jusqu a|jusque|entre) )?"


def _hour(name: str) -> str:
    """An hour; `name` sets its groups apart from those of another one in the same pattern."""
    return (
        rf"(?P<{name}>(?:{_NUMBER})(?= ?(?:h|heures?|u)(?![a-z]))|\d{{1,2}}(?=:[0-5]\d))"
        rf" ?(?:heures?|h|u|:) ?(?P<{name}_minute>[0-5]\d|et demie?|et quart)?(?!\d)"
        rf"(?: (?:du|de l) (?P<{name}_half>matin|mat|soir|apres midi|aprem))?"
    )


_HOUR = _hour("hour")
_THIS = r"(?:ce|cet|cette|se|set|sete|cte|ctte|c)"
_DAY = rf"(?P<day>{_any((*DAYS_AHEAD, *WEEKDAYS))})"


def _now(group: dict[str, str], now: datetime) -> datetime:
    return now


def _in_a_while(group: dict[str, str], now: datetime) -> datetime:
    if "fraction" in group:
        minutes = 30 if "demi" in group["fraction"] else 15
        return now.astimezone(timezone.utc) + timedelta(minutes=minutes)
    return now.astimezone(timezone.utc) + number(group["count"]) * UNITS[group["unit"]]


def _on_a_day(group: dict[str, str], now: datetime) -> datetime | None:
    """ "demain matin", "dimanche à 14h", "lundi prochain"; today's weekday while it lasts."""
    part = _part(group)
    at, days_more = _clock(group, part)
    name = group["day"]
    if name in DAYS_AHEAD:
        day = now.date() + timedelta(days=DAYS_AHEAD[name])
        default = NOON if DAYS_AHEAD[name] else now.time()
        return _on(day, at or default, now) + timedelta(days=days_more)
    day = now.date() + timedelta(days=(WEEKDAYS[name] - now.weekday()) % 7)
    if "next" in group and day == now.date():
        day += timedelta(days=7)
    if "after" in group:
        day += timedelta(days=7)
    wanted = _on(day, at or NOON, now) + timedelta(days=days_more)
    if wanted >= now:
        return wanted
    over = DAY_OVER if part is None else PARTS[part][1]
    lasts = "hour" not in group and "hour_before" not in group
    if lasts and (over is None or now.time() < over):
        return now
    return wanted + timedelta(days=7)


def _this_part(group: dict[str, str], now: datetime) -> datetime | None:
    """ "ce soir", "cette nuit à 2h": the present part of the day, or the coming one."""
    part = _part(group) or "nuit"
    at, days_more = _clock(group, part)
    given = "hour" in group or "hour_before" in group
    if part == "nuit" and given and at is not None and at < time(9):
        coming = now.time() >= time(9)
        return _on(now.date() + timedelta(days=int(coming)), at, now)
    if part == "nuit" and now.time() < time(6):
        return now
    wanted = _on(now.date(), at or PARTS[part][0], now) + timedelta(days=days_more)
    over = PARTS[part][1]
    lasts = not given and (over is None or now.time() < over)
    return max(wanted, now) if lasts else wanted


def _weekend(group: dict[str, str], now: datetime) -> datetime:
    """Saturday at ten; now when the weekend is on."""
    if now.weekday() >= 5 and (now.weekday() == 5 or now.time() < DAY_OVER):
        return max(_on(now.date(), time(10), now), now)
    return _on(now.date() + timedelta(days=(5 - now.weekday()) % 7), time(10), now)


def _next_week(group: dict[str, str], now: datetime) -> datetime:
    return _on(now.date() + timedelta(days=7 - now.weekday()), NOON, now)


def _on_a_date(group: dict[str, str], now: datetime) -> datetime | None:
    """The next day of that date; noon without an hour."""
    if "feast" in group:
        number, month = FEASTS[group["feast"]]
    else:
        first = group.get("number") or group["slashed"].partition("/")[0]
        number = 1 if first in {"1er", "premier"} else int(first)
        said = group.get("month")
        month = MONTHS[said] if said else int(group["slashed"].partition("/")[2])
    at, days_more = _clock(group, _part(group))
    for year in (now.year, now.year + 1):
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if day >= now.date():
            return _on(day, at or NOON, now) + timedelta(days=days_more)
    return None


def _at_an_hour(group: dict[str, str], now: datetime) -> datetime | None:
    """The next time that the clock shows it."""
    named = {"midi": NOON, "minuit": MIDNIGHT}.get(group.get("named", ""))
    at = named if named is not None else _clock(group, None)[0]
    if at is None:
        return None
    wanted = _on(now.date(), at, now)
    return wanted if wanted >= now else wanted + timedelta(days=1)


def _part(group: dict[str, str]) -> str | None:
    said = group.get("part") or group.get("evening")
    return SYNONYMS.get(said, said) if said else None


def _clock(group: dict[str, str], part: str | None) -> tuple[time | None, int]:
    """The hour that is said, else that of the part of the day; and 1 for 24h, the day after."""
    name = next((name for name in ("hour", "hour_before") if name in group), None)
    if name is None:
        return (PARTS[part][0] if part else None), 0
    hour = number(group[name])
    if hour > 24:
        return (PARTS[part][0] if part else None), 0
    minute = group.get(f"{name}_minute", "0")
    minutes = {"et quart": 15}.get(minute, 30 if minute.startswith("et demi") else 0)
    half = group.get(f"{name}_half", "")
    late = half.startswith(("soir", "ap")) or (not half and part in {"soir", "apres midi"})
    if late and hour < 12:
        hour += 12
    return time(hour % 24, minutes or (int(minute) if minute.isdigit() else 0)), hour // 24


def number(said: str) -> int:
    return int(said) if said.isdigit() else NUMBERS[said]


def _on(day: date, at: time, now: datetime) -> datetime:
    return datetime.combine(day, at, tzinfo=now.tzinfo)


RULES: tuple[tuple[re.Pattern[str], Resolver], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})(?![a-z0-9])"), resolve)
    for pattern, resolve in (
        (
            r"(?:la )?maintenan[ts]?|mtn|mnt|mintnan|mtnt|tout de suite|tt de suite|toudsuite|"
            r"en ce moment|(?:a )?cette heure(?: ci)?",
            _now,
        ),
        (
            rf"(?:dans|ds|d ici) (?:(?P<count>\d{{1,3}}|{_any(NUMBERS)}) ?(?P<unit>{_any(UNITS)})"
            r"|(?P<fraction>(?:une )?demi heure|un quart d heure))",
            _in_a_while,
        ),
        (
            rf"(?:{_hour('hour_before')} )?(?:le |l )?{_DAY}"
            r"(?P<next> prochaine?| qui vient)?(?P<after> en huit| de la semaine prochaine)?"
            rf"(?: (?:au |a l |l |le |dans l |dans la |en )?{_PART})?(?: {_AT}{_HOUR})?",
            _on_a_day,
        ),
        (
            rf"(?:{_hour('hour_before')} )?{_THIS} {_PART}(?: {_AT}{_HOUR})?"
            r"|a (?P<evening>soir)|(?:pour|passer) la nuit?",
            _this_part,
        ),
        (r"(?:(?:ce|le) )?(?:week ?end|(?<=ce )we|(?<=le )we)", _weekend),
        (r"la semaine prochaine", _next_week),
        (
            rf"(?:le |un )?(?P<number>1er|premier|[0-3]?\d) (?P<month>{_any(MONTHS)})(?: {_PART})?"
            rf"(?: {_AT}{_HOUR})?|(?:le )(?P<slashed>[0-3]?\d/[01]?\d)|(?P<feast>{_any(FEASTS)})",
            _on_a_date,
        ),
        (
            r"(?!24 ?h(?:eures?)? (?:24|sur))(?P<bare>"
            rf"(?:(?P<at>a|vers|des|pour|avant|apres|jusqu a|jusque|il est|entre) )?{_HOUR})",
            _at_an_hour,
        ),
        (r"(?:a|vers|avant|jusqu a) (?P<named>midi|minuit)", _at_an_hour),
    )
)
