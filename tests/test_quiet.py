"""Logs without people's words."""

import logging
import os
import warnings

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.quiet import hush, without_words

SECRET = "je dors sous le pont"


def test_only_the_event_and_its_level_are_kept() -> None:
    line = {"event": "processor.message", "level": "warning", "text": SECRET, "sender_id": "x"}
    assert without_words(None, "warning", line) == {
        "event": "processor.message",
        "level": "warning",
    }


@given(st.dictionaries(st.text(min_size=1), st.just(SECRET)))
def test_no_other_field_passes(line: dict[str, str]) -> None:
    kept = without_words(None, "info", dict(line))
    assert set(kept) <= {"event", "level", "model_path", "component", "exc_info", "timestamp"}


def test_a_line_of_rasas_shows_no_message(caplog: pytest.LogCaptureFixture) -> None:
    hush("DEBUG")
    log = structlog.get_logger("rasa.core.processor")
    with caplog.at_level(logging.DEBUG):
        log.error("processor.message.parse", text=SECRET, parse_data={"text": SECRET})
        log.debug("processor.message.parse", text=SECRET)
    assert SECRET not in caplog.text


def test_a_warning_that_quotes_a_message_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    hush("INFO")
    warnings.warn(f"could not read {SECRET}", stacklevel=1)
    assert SECRET not in caplog.text


def test_nothing_is_reported_to_the_makers_of_rasa() -> None:
    hush("INFO")
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"


def test_a_library_that_logs_requests_is_quiet() -> None:
    hush("DEBUG")
    for name in ("httpx", "telegram", "asyncio", "urllib3"):
        assert logging.getLogger(name).level >= logging.WARNING
