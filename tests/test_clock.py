"""What time it is."""

from datetime import datetime, timedelta, timezone

from bot import clock
from bot.clock import BRUSSELS


def test_the_present_is_in_brussels() -> None:
    at = clock.brussels_now()
    assert at.tzinfo is BRUSSELS
    assert abs(at - datetime.now(timezone.utc)) < timedelta(minutes=1)


def test_a_naive_moment_is_read_as_brussels_time() -> None:
    at = clock.fixed(datetime(2026, 7, 1, 12))()
    assert at.utcoffset() == timedelta(hours=2)
    assert at.hour == 12


def test_an_aware_moment_is_told_in_brussels() -> None:
    at = clock.fixed(datetime(2026, 7, 1, 12, tzinfo=timezone.utc))()
    assert (at.hour, at.tzinfo) == (14, BRUSSELS)


def test_the_clock_of_the_process_can_be_set(now: datetime) -> None:
    assert clock.now() == now
    clock.set_clock(clock.fixed(datetime(2030, 1, 1)))
    assert clock.now().year == 2030
