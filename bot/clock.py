"""What time it is, passed in where it matters so that it can be set."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")

Clock = Callable[[], datetime]


def brussels_now() -> datetime:
    """The present moment, aware, in Europe/Brussels."""
    return datetime.now(BRUSSELS)


def fixed(moment: datetime) -> Clock:
    """A clock that always tells `moment`; a naive moment is read as Brussels time."""
    at = moment.replace(tzinfo=BRUSSELS) if moment.tzinfo is None else moment.astimezone(BRUSSELS)
    return lambda: at


_clock: Clock = brussels_now


def set_clock(clock: Clock) -> None:
    """Set the clock of this process: for `--at` and for tests."""
    global _clock
    _clock = clock


def now() -> datetime:
    """What the clock of this process tells; for the edges only, the domain is passed the time."""
    return _clock()
