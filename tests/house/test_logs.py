"""The log holds a closed list of fields and never a word about a person."""

import io
import json
import logging
from typing import Any

import pytest
import structlog

from casework.logs import FIELDS, configure, logger

NAME = "Siti Rahmah"


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    configure(stream)
    return stream


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def fail_on(name: str) -> None:
    raise ValueError(f"cannot store {name}")


def test_one_event_is_one_line_of_json(log: io.StringIO) -> None:
    structlog.get_logger().info("request_answered", method="GET", path_template="/cases/{id}", status=200, duration_ms=1.5)
    (line,) = lines(log)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request_answered",
        "level": "info",
        "method": "GET",
        "path_template": "/cases/{id}",
        "status": 200,
        "duration_ms": 1.5,
    }


@pytest.mark.parametrize("field", ["body", "cookie", "name", "nik", "path", "query", "headers", "message", "exception", "stack"])
def test_a_field_that_is_not_on_the_list_is_dropped(log: io.StringIO, field: str) -> None:
    structlog.get_logger().info("request_answered", **{field: NAME})
    assert NAME not in log.getvalue()
    assert set(lines(log)[0]) == {"event", "level", "timestamp"}


def test_only_plain_values_are_written_and_none_is_long(log: io.StringIO) -> None:
    structlog.get_logger().info("request_answered", account={"name": NAME}, code=[NAME], reason="x" * 10_000)
    assert NAME not in log.getvalue()
    assert len(lines(log)[0]["reason"]) == 200


def test_an_event_that_is_a_sentence_is_not_written(log: io.StringIO) -> None:
    structlog.get_logger().info(f"{NAME} signed in")
    assert NAME not in log.getvalue()
    assert lines(log)[0]["event"] == "unnamed_event"


def test_of_an_exception_the_kind_and_the_place_are_written_never_its_message(log: io.StringIO) -> None:
    try:
        fail_on(NAME)
    except ValueError:
        structlog.get_logger().exception("move_failed", code="x")
    assert NAME not in log.getvalue()
    (line,) = lines(log)
    assert (line["error"], line["code"], line["level"]) == ("ValueError", "x", "error")
    assert line["at"].split(":")[0].endswith("test_logs")


def test_a_librarys_own_record_says_who_and_where_never_what(log: io.StringIO) -> None:
    logging.getLogger("some.package").warning("bad row %s", NAME)
    logging.getLogger("some.package").info("chatter")
    assert NAME not in log.getvalue()
    (line,) = lines(log)
    assert (line["event"], line["logger"], line["level"]) == ("library_record", "some.package", "warning")
    assert line["at"].startswith("test_logs:")


def test_a_line_break_in_a_value_cannot_forge_a_second_line(log: io.StringIO) -> None:
    structlog.get_logger().info("request_answered", code='x"}\n{"event":"forged"}')
    assert [line["event"] for line in lines(log)] == ["request_answered"]


def test_quiet_levels_are_not_written(log: io.StringIO) -> None:
    structlog.get_logger().debug("request_answered")
    assert log.getvalue() == ""


def test_no_field_on_the_list_is_a_persons() -> None:
    assert FIELDS.isdisjoint({"body", "cookie", "name", "nik", "kk", "address", "phone", "email", "path", "query"})


def test_a_line_is_not_lost_to_half_a_letter(log: io.StringIO) -> None:
    structlog.get_logger().info("request_answered", code="\ud800")
    assert lines(log)[0]["code"] == "\ud800"


def test_the_logger_that_is_kept_writes_where_it_was_last_told_to(log: io.StringIO) -> None:
    logger().info("request_answered", code="first")
    second = io.StringIO()
    configure(second)
    logger().info("request_answered", code="second")
    assert ([line["code"] for line in lines(log)], [line["code"] for line in lines(second)]) == (["first"], ["second"])
