"""What the figures count, what the load sends, and what the report says of a budget: a wrong measure is worse than none."""

import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.bench.figures import Asked, Figures, Line, figures_of
from tests.bench.load import Load
from tests.bench.machine import Machine
from tests.bench.report import Results, budgets, page_of
from tests.bench.servers import post

MACHINE = Machine("a processor", 2, 8.0, "Linux", "3.11", (60.0, 90.0))


def line(who: str, rate: float, *, path: str = "http", move: str = "ordinary", done: int = 1000, p99: float = 40.0) -> Line:
    rounds = tuple(Figures(rate=rate * factor, p50=5.0, p99=p99, done=done, start=900.0, memory=130.0) for factor in (0.5, 1.0, 7.0))
    return Line(who=who, move=move, path=path, database="SQLite", clients=32, rounds=rounds)


def results(*lines: Line) -> Results:
    return Results(MACHINE, ("SQLite 3",), 3, 2.0, {"ordinary": 10}, 25.0, lines)


def test_only_answers_between_the_two_moments_count_and_the_rate_is_over_that_time() -> None:
    moments = [(0.5, 0.001), (1.0, 0.002), (2.0, 0.004), (3.5, 9.0)]
    figures = figures_of(moments, 1.0, 3.0, {"409": 1})
    assert (figures.rate, figures.done, figures.answered, figures.wrong) == (1.0, 2, 4, {"409": 1})
    assert (figures.p50, figures.p99) == (4.0, 4.0)


def test_a_budget_compares_medians_and_tells_met_from_not_met_from_not_measured() -> None:
    run = results(line("casework", 800), line("floor", 4000, move="bare"), line("Django-Ninja + django-fsm-log", 100, move="bare"))
    said = {(one.what, one.wanted): (one.shown, one.met, one.measured is None) for one in budgets(run)}
    many = "HTTP, 32 connections, ordinary move, SQLite"
    assert said[many, "at least 8 × Django-Ninja + django-fsm-log"] == ("8.0 ×", True, False)
    assert said[many, "at least 0.25 of the floor"] == ("0.20", False, False)
    assert said[f"{many}: p99", "at most 100 ms"] == ("40 ms", True, False)
    assert said["services, 32 callers, ordinary move, SQLite", "at least 8 × django-fsm-log"] == ("", False, True)
    assert "| at least 0.25 of the floor | 0.20 | **not met** |" in page_of(run)


def test_a_round_with_hardly_an_answer_meets_no_budget() -> None:
    run = results(line("casework", 800, done=3, p99=0.0))
    assert {one.measured for one in budgets(run) if "p99" in one.what} == {None}


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bodies: Counter[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.bodies[body] += 1
        self.send_response(409 if body == b"refused" else 200)
        self.send_header("content-length", "3")
        if body == b"last":
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(b"yes")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    Answering.bodies = Counter()
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


def test_the_load_sends_every_request_once_counts_what_is_not_200_and_opens_a_closed_connection_again(port: int) -> None:
    bodies = [b"refused", b"last", *(b"%d" % number for number in range(30))]
    figures = Load(port, [post("/", body) for body in bodies], Asked(4, 0.0, 20.0, once=True)).run()
    assert Answering.bodies == Counter(bodies)
    assert (figures.answered, figures.wrong) == (31, {"409": 1})
