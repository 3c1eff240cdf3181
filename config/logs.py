"""Structured logs: JSON in production, readable on a terminal; never personal data."""

from __future__ import annotations

import logging.config
from typing import Any

import structlog

SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class WithoutAddresses(logging.Filter):
    """Names the route in place of the address asked for, which may hold a token or a name."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through; take the address out of Django's words about a request."""
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path is not None and isinstance(record.args, tuple):
            found = getattr(request, "resolver_match", None)
            route = found.route if found else "an unknown address"
            record.args = tuple(route if given == path else given for given in record.args)
        return True


class RefusedRequests(logging.Filter):
    """What a stranger can send as often as they like is no error of ours: a request refused for
    its size, its number of fields or its host is one line of warning, without a traceback, and
    without what was sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through; make those of refused requests short."""
        if record.name.startswith("django.security.") and record.levelno == logging.ERROR:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = record.stack_info = None
            record.msg, record.args = "refused: %s", (record.name.rpartition(".")[2],)
        return True


def configure(logging_settings: dict[str, Any]) -> None:
    """Send Django's, Celery's and our own logs through one formatter to standard error.

    `logging_settings["format"]` is "json" or "console".
    """
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if logging_settings["format"] == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    # A task that went well is no news: two of them run every few seconds.
    quiet = {"handlers": ["stderr"], "level": "WARNING", "propagate": False}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        structlog.processors.format_exc_info,
                        renderer,
                    ],
                    "foreign_pre_chain": SHARED,
                }
            },
            "filters": {
                "without_addresses": {"()": WithoutAddresses},
                "refused_requests": {"()": RefusedRequests},
            },
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "formatter": "structured",
                    "filters": ["without_addresses", "refused_requests"],
                }
            },
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                "django.server": {"handlers": ["stderr"], "propagate": False},
                # Put there by Django's own defaults; the root's handler is enough.
                "django": {"handlers": [], "level": "INFO", "propagate": True},
                "celery.app.trace": quiet,
                "celery.worker.strategy": quiet,
                "celery.beat": quiet,
            },
        }
    )
