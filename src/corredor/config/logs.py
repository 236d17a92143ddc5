"""Structured logs, one event a line, without personal data.

Only what is named here may be logged beside the event: numbers, codes, durations. Anything that looks like an
address of a person is cut out, wherever it comes from.
"""

from __future__ import annotations

import logging.config
import re
from typing import Any

import structlog

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def without_addresses(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace anything that reads like a mail address."""
    return {
        key: _MAIL.sub("<address>", value) if isinstance(value, str) else value
        for key, value in event.items()
    }


def configure(settings: dict[str, Any]) -> None:
    """Set up structlog and the standard library's logging to write the same lines to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        without_addresses,
    ]
    renderer = (
        structlog.processors.JSONRenderer()
        if settings["json"]
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": settings["level"]},
            "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
