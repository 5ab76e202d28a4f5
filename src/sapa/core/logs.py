"""One line of JSON for each log record: ids and names, never personal data."""

import logging
import re
from typing import Any

import structlog

# Addresses carry keys: the tokens of tickets, ratings and devices, the codes of complaints.
_KEY = re.compile(r"/(?:[A-Za-z0-9_-]{20,}|[A-Z]{3}(?:-[0-9A-Z]{4}){3})(?![A-Za-z0-9_-])")


def without_keys(_logger: Any, _name: str, record: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Every address in the record with its keys left out: whoever reads the log must not hold a visitor's ticket."""
    for name, value in record.items():
        is_simple = isinstance(value, str | bytes | int | float | bool | None)
        plain = value if is_simple else repr(value)
        record[name] = _KEY.sub("/…", plain) if isinstance(plain, str) else plain
    return record


_SHARED: list[structlog.typing.Processor] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.format_exc_info,
]


def formatter() -> logging.Formatter:
    """The formatter that settings.LOGGING names."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_keys,
            structlog.processors.JSONRenderer(),
        ],
    )
