"""Is it open? Three answers: yes, no, not known. In Europe/Brussels, holidays included."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

from bot.clock import BRUSSELS
from bot.errors import PasserelleError

_A_TIME = re.compile(r"\d{1,2}:\d{2}|24/7|sunrise|sunset|dawn|dusk")
_OPEN_END = re.compile(r"\d\+")  # "17:00+": nobody knows until when
_PUBLIC_HOLIDAYS = OpeningHours("PH", timezone=BRUSSELS, country="BE")
_DAY = timedelta(days=1)
_HORIZON = timedelta(days=370)  # what lies further on is no news


class HoursError(PasserelleError):
    """Opening hours that OpenStreetMap's syntax does not allow."""


@dataclass(frozen=True)
class Opening:
    """Open, closed or not known (None) at a moment, and when that changes next."""

    is_open: bool | None
    next_change: datetime | None = None


UNKNOWN = Opening(None)


@lru_cache(maxsize=4096)
def _parse(hours: str) -> OpeningHours:
    try:
        return OpeningHours(hours, timezone=BRUSSELS, country="BE")
    except ParserError as error:
        fault, arrow, place = str(error).splitlines()[0].rpartition("-->")
        where = f"at {place.strip()}" if arrow else place.rpartition(": ")[2].strip()
        raise HoursError(
            f"the opening hours {hours!r} cannot be read ({where}); "
            "write them as OpenStreetMap does, for example Mo-Fr 09:00-17:00."
        ) from None


def check_hours(hours: str) -> None:
    """Refuse opening hours that cannot be evaluated.

    Raises:
        HoursError: with the hours and the place of the fault.
    """
    _parse(hours)


def is_public_holiday(at: datetime) -> bool:
    """Whether `at` falls on a Belgian public holiday."""
    return bool(_PUBLIC_HOLIDAYS.is_open(_in_brussels(at)))


def opening_at(hours: str | None, at: datetime) -> Opening:
    """What `hours` (OSM opening_hours) say of the moment `at` (aware).

    Days given without times tell when it is closed, never that it is open now, nor from which
    hour. On a public holiday that the hours do not speak of, an open door is not known; a night
    belongs to the day on which it began. Hours with an open end have no next change, and the
    morning after them is not known.

    Raises:
        HoursError: when the hours cannot be read.
    """
    if not hours:
        return UNKNOWN
    at = _in_brussels(at)
    schedule = _parse(hours)
    if schedule.is_unknown(at):
        return UNKNOWN
    is_open = bool(schedule.is_open(at))
    if not _A_TIME.search(hours):
        return UNKNOWN if is_open else Opening(False)
    silent = "24/7" not in hours and "PH" not in hours
    if not is_open and _OPEN_END.search(hours) and _was_open_at_midnight(schedule, at):
        return UNKNOWN
    if not is_open:
        return Opening(False, _next_opening(schedule, at, silent))
    if silent and is_public_holiday(_begun(schedule, at)):
        return UNKNOWN
    return Opening(True, None if _OPEN_END.search(hours) else _within_reach(schedule, at))


def _in_brussels(at: datetime) -> datetime:
    """The moment in Brussels; by way of UTC, for an hour that the clocks skip to be a real one."""
    return at.astimezone(timezone.utc).astimezone(BRUSSELS)


def _next_opening(schedule: OpeningHours, at: datetime, silent: bool) -> datetime | None:
    """When the door opens next; not on a holiday that the hours are silent about."""
    change: datetime | None = at
    while (change := schedule.next_change(change)) and change - at < _HORIZON:
        if not schedule.is_closed(change) and not (silent and is_public_holiday(change)):
            return change
    return None


def _within_reach(schedule: OpeningHours, at: datetime) -> datetime | None:
    change = schedule.next_change(at)
    return change if change and change - at < _HORIZON else None


def _begun(schedule: OpeningHours, at: datetime) -> datetime:
    """When the opening that `at` lies in began, if it is not longer than a day."""
    earliest = _in_brussels(at.astimezone(timezone.utc) - _DAY)
    *_, (start, *_) = schedule.intervals(earliest, at + timedelta(minutes=1))
    return start if start > earliest else at


def _was_open_at_midnight(schedule: OpeningHours, at: datetime) -> bool:
    """Whether the door was open at the end of yesterday, asked in the morning."""
    midnight = at.replace(hour=0, minute=0)
    return at.hour < 12 and bool(schedule.is_open(midnight - timedelta(minutes=1)))
