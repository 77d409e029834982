"""What may be written into the log: a closed list of fields, one JSON object a line. Anything else is dropped, never the other way round.

The journal says what happened to a child; the log only says how the program fared. So it holds no names, bodies, cookies or texts: an event
is a word (`request_answered`), a value is a number or a short code, and of an exception only its kind and place are kept, because its
message may quote the row it failed on.
"""

import json
import logging
import re
import sys
import traceback
from functools import cache, lru_cache
from types import TracebackType
from typing import Any, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

FIELDS = frozenset(
    {
        "account",
        "at",
        "attempts",
        "code",
        "count",
        "duration_ms",
        "error",
        "event",
        "level",
        "logger",
        "method",
        "office",
        "path_template",
        "port",
        "reason",
        "request_id",
        "status",
        "timestamp",
        "trigger",
        "version",
        "worker",
    }
)
"""Every field that may be written. `at` is `module:line`; `account` and `office` are identifiers, never names."""

EVENT = re.compile(r"[a-z][a-z0-9_.]{0,79}")
VALUE_CHARACTERS = 200
_PLAIN = (str, int, float)


def configure(stream: TextIO | None = None) -> None:
    """Send everything from level `info` to `stream` (standard error if None), the libraries' own records from `warning`. Safe to repeat."""
    out = sys.stderr if stream is None else stream
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _place_of_exception,
            _only_what_may_be_written,
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )
    logger.cache_clear()
    logging.basicConfig(handlers=[_LibraryRecords()], level=logging.WARNING, force=True)


@cache
def logger() -> FilteringBoundLogger:
    """Return the logger as it was configured, put together once: for whoever writes a line a request."""
    bound: FilteringBoundLogger = structlog.get_logger().bind()
    return bound


class _LibraryRecords(logging.Handler):
    """Passes on who logged, how gravely and where, never the text: a library may quote the row or the request it stumbled over."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno,
            "library_record",
            logger=record.name,
            at=f"{record.module}:{record.lineno}",
            exc_info=record.exc_info,
        )


def _place_of_exception(_logger: WrappedLogger, _method: str, fields: EventDict) -> EventDict:
    """Replace the exception by its kind and the place that raised it."""
    given = fields.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given is True else given[1] if given else None
    if error is not None:
        fields["error"] = type(error).__name__
        fields["at"] = _place(error.__traceback__) or fields.get("at")
    return fields


def _place(trace: TracebackType | None) -> str | None:
    frames = list(traceback.walk_tb(trace))
    return f"{frames[-1][0].f_globals.get('__name__', '?')}:{frames[-1][1]}" if frames else None


def _only_what_may_be_written(_logger: WrappedLogger, _method: str, fields: EventDict) -> EventDict:
    kept = {name: _short(value) for name, value in fields.items() if name in FIELDS and isinstance(value, _PLAIN)}
    if not _is_word(str(kept.get("event", ""))):
        kept["event"] = "unnamed_event"
    return kept


@lru_cache(maxsize=64)
def _is_word(event: str) -> bool:
    return EVENT.fullmatch(event) is not None


def _line(fields: EventDict, **_: Any) -> str:
    try:
        return msgspec.json.encode(fields, order="sorted").decode()
    except UnicodeEncodeError:  # half of a surrogate pair: it is written as an escape, and the line is not lost
        return json.dumps(fields, sort_keys=True)


def _short(value: str | float) -> str | float:
    return value[:VALUE_CHARACTERS] if isinstance(value, str) else value
