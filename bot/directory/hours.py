"""Is it open? Three answers: yes, no, not known. In Europe/Brussels, holidays included."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, ParserError

from bot.clock import BRUSSELS
from bot.errors import PasserelleError

_A_TIME = re.compile(r"\d{1,2}:\d{2}|24/7|sunrise|sunset|dawn|dusk")
_PUBLIC_HOLIDAYS = OpeningHours("PH", timezone=BRUSSELS, country="BE")


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
        where = str(error).splitlines()[0].split("-->")[-1].strip()
        raise HoursError(
            f"the opening hours {hours!r} cannot be read (at {where}); "
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
    return bool(_PUBLIC_HOLIDAYS.is_open(at.astimezone(BRUSSELS)))


def opening_at(hours: str | None, at: datetime) -> Opening:
    """What `hours` (OSM opening_hours) say of the moment `at` (aware).

    Days given without times tell when it is closed, never that it is open now. On a public
    holiday that the hours do not speak of, an open door is not known.

    Raises:
        HoursError: when the hours cannot be read.
    """
    if not hours:
        return UNKNOWN
    at = at.astimezone(BRUSSELS)
    schedule = _parse(hours)
    change = schedule.next_change(at)
    next_change = change if change and change - at < timedelta(days=370) else None
    if schedule.is_unknown(at):
        return Opening(None, next_change)
    if not schedule.is_open(at):
        return Opening(False, next_change)
    if not _A_TIME.search(hours):
        return UNKNOWN
    if "24/7" not in hours and "PH" not in hours and is_public_holiday(at):
        return UNKNOWN
    return Opening(True, next_change)
