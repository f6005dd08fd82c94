"""Logs without people's words, and no telemetry: imported before Rasa is."""

import logging
import os
from collections.abc import MutableMapping
from typing import Any

# What a log line of Rasa's may say besides its event; everything else could hold a message.
_KEPT = frozenset({"event", "level", "model_path", "component", "exc_info", "timestamp"})
_NOISY = (
    "apscheduler", "asyncio", "httpcore", "httpx", "matplotlib", "numexpr", "rasa_sdk",
    "sanic.access", "sanic.root", "telegram", "telegram.ext", "tensorflow", "urllib3",
)  # fmt: skip


def hush(level: str = "INFO") -> None:
    """Configure logging for this process; Rasa's own lines start at WARNING."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ["LOG_LEVEL"] = "WARNING"
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.captureWarnings(True)  # Rasa's warnings quote what people wrote
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    logging.getLogger("rasa").setLevel(logging.ERROR)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    _configure_structlog()


def _configure_structlog() -> None:
    """Rasa prints every message's text through structlog at debug: keep only the events."""
    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.processors.add_log_level,
            without_words,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        context_class=dict,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )


def without_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Drop every field of a log line that may hold what somebody wrote."""
    return {name: value for name, value in event.items() if name in _KEPT}
