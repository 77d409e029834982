"""Requests that Schemathesis makes of the interface's own description, sent by everybody, about what is there and what is not.

Whatever is sent, the answer is one that the description names, of the shape that it says, and never a failure of the program.
"""

from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from itertools import count
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.http.conftest import HOME
from tests.http.policy_world import PEOPLE, World
from tests.http.test_foreign_ids import TABLES

CHECKS: list[Any] = [
    *(not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance)
]
DOOR = "/api/sessions"
"""What begins with it comes last: it signs people out, and wrong passwords close the door for a while (for less than an hour)."""

QUERIES = {"/api/children": {"name": "siapa"}, "/api/exceptions/{kind}": {"since": "2026-01-01", "until": "2026-12-31"}}
"""What a search must at least be told."""


class Fuzzing:
    """One world, everybody in it, and what their requests were answered."""

    def __init__(self, world: World, description: dict[str, Any]) -> None:
        self.world = world
        self.answers: Counter[tuple[str, str, int]] = Counter()
        self.faults: dict[str, str] = {}
        self._keys = count(1)
        found = [each.ok() for each in schemathesis.openapi.from_dict(description).get_all_operations() if isinstance(each, Ok)]
        self.operations: list[APIOperation[Any, Any, Any, Any]] = sorted(
            found, key=lambda each: (each.path.startswith(DOOR), each.method != "post")
        )
        self.ids: dict[str, list[str]] = {
            name: [str(row[0]) for row in world.story.rows(query, world.case)][::-1] for name, query in self._tables().items()
        } | {"kind": ["refused"]}

    def _tables(self) -> dict[str, str]:
        nobody = "? <> ''"
        return {
            **TABLES,
            "host_id": f"SELECT id FROM host WHERE {nobody}",  # noqa: S608 - our own
            "staff_id": f"SELECT id FROM staff WHERE {nobody}",  # noqa: S608 - our own
            "machine": f"SELECT DISTINCT machine FROM process WHERE {nobody}",  # noqa: S608 - our own
        }

    @property
    def requests(self) -> int:
        """How many were answered."""
        return self.answers.total()

    def succeeded(self) -> set[str]:
        """Return the operations that did what they are for at least once."""
        return {label for label, _, status in self.answers if status < 300}

    def people_who_succeeded(self) -> set[str]:
        """Return who was answered at least once with what they asked for."""
        return {by for _, by, status in self.answers if status < 300}

    def send_examples(self, changing: Collection[str] = PEOPLE) -> None:
        """Send what the description shows as an example, about the newest thing of each kind that is there: questions by everybody,
        changes by those named."""
        for operation in self.operations:
            ids = {parameter.name: (self.ids.get(parameter.name) or ["F05"])[0] for parameter in operation.path_parameters}
            told = operation.definition.raw.get("requestBody", {}).get("content", {}).get("application/json", {})
            shown = [example["value"] for example in told.get("examples", {}).values()]
            body: dict[str, Any] = {"body": shown[0], "media_type": "application/json"} if shown else {}
            for by in PEOPLE if operation.method == "get" else changing:
                self._send(by, operation.Case(path_parameters={**ids}, query=QUERIES.get(operation.path, {}), **body), true=True)

    def send_strange(self, most: int) -> None:
        """Send at most so many requests of each operation that fit the description, and as many that do not."""
        for operation in self.operations:
            for mode in GenerationMode:
                with suppress(Unsatisfiable):  # nothing that is sent to some of them can be wrong
                    self._strange(operation, mode, most)
            if operation.path.startswith(DOOR):
                self.world.story.later(hours=1)
                self.world.doors.clear()

    def _strange(self, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, most: int) -> None:
        @how(max_examples=most, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
        @given(case=operation.as_strategy(mode), by=st.sampled_from([*PEOPLE]), data=st.data())
        def send(case: Case[Any], by: str, data: st.DataObject) -> None:
            for name in case.path_parameters:
                if self.ids.get(name) and data.draw(st.integers(0, 3)):
                    case.path_parameters[name] = data.draw(st.sampled_from(self.ids[name]))
            self._send(by, case, true=data.draw(st.booleans()))

        send()

    def _send(self, by: str, case: Case[Any], *, true: bool) -> None:
        sent = case.as_transport_kwargs(base_url=HOME)
        headers = {**sent.pop("headers")}
        if true:
            headers |= {"Idempotency-Key": f"fuzz-{next(self._keys):08}", "If-Match": f'"{self._version(case)}"'}
        told = {"json": sent["json"]} if "json" in sent else {"content": sent["data"]} if sent.get("data") else {}
        answer = self.world.enter(by).ask(sent["method"], sent["url"], headers=headers, params=sent.get("params"), **told)
        self._judge(by, case, answer)

    def _version(self, case: Case[Any]) -> int:
        story, ids = self.world.story, case.path_parameters
        column, table, name = ("seq", "care_case", "case_id") if "case_id" in ids else ("revision", "host", "host_id")
        found = story.rows(f"SELECT {column} FROM {table} WHERE id = ?", ids.get(name, ""))  # noqa: S608 - our own
        return int(found[0][0]) if found else 1

    def _judge(self, by: str, case: Case[Any], answer: httpx.Response) -> None:
        label = case.operation.label
        self.answers[label, by, answer.status_code] += 1
        if case.method == "DELETE" or (answer.status_code == 401 and case.operation.path != DOOR):
            self.world.doors.pop(by, None)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as found:
            told = "; ".join(str(failure) for failure in found.exceptions)
            self.faults.setdefault(f"{label}: {told[:300]}", f"{by}: {case.as_curl_command()[:600]} -> {answer.text[:600]}")
