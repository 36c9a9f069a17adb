"""Structured logs on stderr: one JSON object a line, or readable lines where a person watches."""

import logging
import sys
from datetime import UTC, datetime
from http import HTTPMethod, HTTPStatus

import msgspec
import structlog
from structlog.typing import Processor

ACCESS_LOGGER = "services.access"
"""Its records, one per request, carry ACCESS_FIELDS as attributes."""
ACCESS_FIELDS = ("request_id", "method", "route", "status", "duration_ms", "ledger")


def configure(*, readable: bool | None = None) -> None:
    """Render structlog's and the standard library's logs in one format; readable by default on a terminal.

    A readable log leaves out the reads that succeed, which would bury what a person watches for."""
    if readable is None:
        readable = sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(allow=ACCESS_FIELDS),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_rendering(readable=readable))
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # The supervisor logs starts and stops.
    logging.getLogger("httpx").setLevel(logging.WARNING)  # It would log every request of ours, with its whole URL.
    _configure_access_lines(readable=readable)


def _rendering(*, readable: bool) -> list[Processor]:
    drop_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if readable:
        # The renderer's own tracebacks show local variables, and with them passwords and what is known of people.
        return [drop_meta, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [drop_meta, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


def _configure_access_lines(*, readable: bool) -> None:
    logger = logging.getLogger(ACCESS_LOGGER)
    logger.handlers.clear()
    logger.filters.clear()
    logger.propagate = readable
    if readable:
        logger.addFilter(_is_worth_watching)
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_AccessLine())
        logger.addHandler(handler)


def _is_worth_watching(record: logging.LogRecord) -> bool:
    fields = vars(record)
    return not (fields["method"] == HTTPMethod.GET and (fields["status"] or 0) < HTTPStatus.BAD_REQUEST)


class _AccessLine(logging.Formatter):
    """The same JSON as every other line, rendered without the chain of processors: there is a line per request, and the
    chain would double its 12 microseconds on the only serving thread."""

    def format(self, record: logging.LogRecord) -> str:
        fields = vars(record)
        line = {
            "event": record.getMessage(),
            **{name: fields[name] for name in ACCESS_FIELDS if name in fields},
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC),
        }
        return msgspec.json.encode(line).decode()
