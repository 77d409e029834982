"""The world in which every cell of the policy is asked over HTTP: who asks, what they ask for, and how an answer is read."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import uuid4

import httpx
import msgspec
import pytest
from litestar.testing import TestClient

from casework.http.session import COOKIE
from casework.machines.forms import KINDS
from casework.machines.policy import Action
from casework.services import attachments, complaints, corrections, records
from casework.services.attachments import AddAttachment
from casework.services.complaints import Complaint, WriteDown
from casework.services.corrections import RequestIdentityChange
from casework.services.pictures import redrawn
from casework.services.records import AttachDocument
from casework.settings import Settings
from tests.application import lent
from tests.databases import Databases
from tests.http.conftest import HOME, Somebody, body_of
from tests.pictures import photo
from tests.services.story import PASSWORD, SEARCH_KEY, Story, beginnings_on
from tests.services.ways import ADMISSION

NOWHERE = "0" * 26
PEOPLE: Mapping[str, frozenset[str]] = {
    "sari": frozenset({"social_worker", "social_worker_on_duty"}),
    "maya": frozenset({"social_worker_on_duty"}),
    "iwan": frozenset({"tksk"}),
    "putu": frozenset({"psm"}),
    "bambang": frozenset({"supervisor"}),
    "yusuf": frozenset({"dinas_head"}),
    "halimah": frozenset({"lksa_head"}),
    "anton": frozenset({"lksa_staff"}),
    "wahyu": frozenset({"province_officer"}),
    "nadia": frozenset({"auditor"}),
    "dian": frozenset({"data_protection_officer"}),
    "atun": frozenset({"admin"}),
}
"""Who asks, and in which capacities they stand to the case, or to the office, of this world."""
STRANGERS = ("lain", "lain_supervisor", "lain_kepala", "fauzan", "usang")
"""Social worker, supervisor and head of another office, head of another house, a colleague whose certificate has ended: no relation."""
DENIALS = frozenset({"role_not_allowed", "backdating_needs_supervisor"})
Told: TypeAlias = tuple[str, str, Any]
"""Method, path and body of a request."""


class World:
    """A case ready for admission with one of everything, and everybody signed in once. `own_paper` is one that Maya attached."""

    def __init__(self, story: Story, client: TestClient[Any], own_paper: str = "") -> None:
        self.story = story
        self.client = client
        self.own_paper = own_paper
        self.case = story.case
        self.host = story.play.cast.hosts["harapan"]
        self.doors: dict[str, Somebody] = {}

    def enter(self, by: str) -> Somebody:
        if by not in self.doors:
            answer = Somebody(self.client).post("/api/sessions", {"username": by, "password": PASSWORD})
            assert answer.status_code == 201, answer.text
            self.doors[by] = Somebody(self.client, answer.cookies[COOKIE], answer.json()["csrf"])
        return self.doors[by]

    def ask(self, by: str, told: Told, *, version: int | None = None) -> httpx.Response:
        method, path, body = told
        if method == "GET":
            return self.enter(by).get(path)
        seen = self.story.row["seq"] if version is None else version
        if method == "PATCH":
            headers = {"idempotency-key": uuid4().hex, "if-match": f'"{seen}"'}
            return self.enter(by).ask("PATCH", path, json=body, headers=headers)
        return self.enter(by).post(path, body, version=seen)

    def one(self, query: str) -> str:
        return str(self.story.rows(query)[0][0])


def denied(answer: httpx.Response) -> bool:
    """Whether an answer says that it is not this person's: not found, or refused for the role."""
    told = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    codes = {reason["code"] for reason in told.get("reasons", ())} if isinstance(told, dict) else set()
    return answer.status_code in {401, 403, 404} or bool(codes & DENIALS)


def same(answer: httpx.Response) -> tuple[Any, ...]:
    """Return everything of an answer but the number and the times of this one request."""
    told = answer.json()
    told = {name: value for name, value in told.items() if name != "request_id"} if isinstance(told, dict) else told
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "date", "server-timing"}}
    return answer.status_code, told, headers


def about_case(world: World) -> dict[Action, Told]:
    """Return one well-formed request for every action about the case that has an address. None of them changes it."""
    case, story = f"/api/cases/{world.case}", world.story
    verified = world.one("SELECT id FROM record WHERE form = 'F05' AND verified_by IS NOT NULL")
    paper = world.one("SELECT id FROM document")
    request = world.one("SELECT id FROM approval_request WHERE kind = 'decision' ORDER BY id DESC")
    change = world.one("SELECT id FROM identity_change")
    blank = {"kind": "no_such_kind", "number": "1", "issuer": "x", "issued_on": "2026-03-01"}
    mother = {"name": "Ibu", "relation": "mother", "degree": 3}
    elderly = story.play.cast.hosts["lansia"]
    picture = world.one("SELECT id FROM attachment")
    return {
        "open_attachment": ("GET", f"{case}/attachments/{picture}", None),
        "open_case": ("GET", case, None),
        "read_identity": ("GET", f"{case}/identity-changes", None),
        "open_paper": ("GET", f"{case}/documents/{paper}", None),
        "open_decision": ("GET", f"/api/approvals/{request}", None),
        "assign": ("POST", f"{case}/assignment", {"person": "nobody"}),
        "ask_field": ("POST", f"{case}/field-requests", {"person": "nobody", "kind": "field_visit", "by": "2026-03-01", "note": "Siapa?"}),
        "verify": ("POST", f"{case}/records/{verified}/verification", None),
        "attach": ("POST", f"{case}/documents", blank),
        "add_relative": ("POST", f"{case}/relatives", mother),
        "offer_place": ("POST", f"{case}/offers", {"host": elderly}),
        "answer_offer": ("POST", f"{case}/offers/{world.host}/answer", {"accepted": False, "reason": ""}),
        "ask_correction": ("POST", f"{case}/identity-changes", {"field": "nik", "new_value": "x", "document": paper}),
        "approve_correction": ("POST", f"{case}/identity-changes/{change}/approval", None),
        "decide": ("POST", f"{case}/approvals/{request}/decisions", {"decision": "approve", "digest": "0" * 64}),
    }


def about_office(world: World) -> dict[Action, Told]:
    """Return one request for every action about no case in particular. What is allowed is stale or invalid on purpose."""
    child = world.story.row["child_id"]
    household = {"name": "Keluarga Baru", "kind": "foster_family", "capacity": 1, "office_id": "nobody"}
    complaint = world.one("SELECT id FROM complaint")
    office = world.story.play.cast.offices["dinas"]
    told = {"what": "Saya takut.", "danger": "no"}
    return {
        "register": ("POST", "/api/cases", {"intake": body_of(KINDS["F01"].form), "child_id": child}),
        "follow_report": ("GET", "/api/reports", None),
        "find_children": ("GET", "/api/children?name=siapa", None),
        "open_host": ("GET", f"/api/hosts/{world.host}", None),
        "add_host": ("POST", "/api/hosts", household),
        "waive": ("POST", "/api/hosts", {**household, "accreditation_waiver_until": "2026-03-01"}),
        "change_host": ("PATCH", f"/api/hosts/{world.host}", {"capacity": 21}),
        "change_staff": ("POST", f"/api/hosts/{world.host}/staff", {"name": "Ani", "duty": "pengasuh", "person_id": "nobody"}),
        "advance_host": ("POST", f"/api/hosts/{world.host}/transitions", {"trigger": "suspend"}),
        "add_body": ("POST", "/api/bodies", {"name": "Puskesmas", "kind": "ngo"}),
        "write_complaint": ("POST", "/api/complaints", {"told": told, "code": "2345-6789-ABCE", "number": "tidak-ada"}),
        "know_complaint": ("GET", f"/api/complaints/{complaint}", None),
        "triage_complaint": ("POST", f"/api/complaints/{complaint}/case", {"number": "tidak-ada"}),
        "handle_breach": ("GET", "/api/breaches", None),
        "use_desk": ("GET", "/api/referrals", None),
        "count": ("GET", "/api/counts", None),
        "read_trail": ("GET", "/api/trail", None),
        "request_migration": ("POST", "/api/machines/care_journey/versions/99/migrations", {"office": office}),
    }


@pytest.fixture(scope="module")
def world(homes: Callable[[str], Databases], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The whole table is asked on one engine: tests/services/test_access.py samples it on both."""
    story = beginnings_on(homes("sqlite")).story(*ADMISSION)
    office = story.other_office()
    story.enrol("putu", "psm")
    story.enrol("atun", "admin")
    story.enrol("lain", "social_worker", office)
    story.enrol("lain_supervisor", "supervisor", office)
    story.enrol("lain_kepala", "dinas_head", office)
    story.enrol("usang", "social_worker", certificate=(story.now - timedelta(days=1)).date().isoformat())
    paper = AttachDocument(case=story.case, kind="birth_certificate", number="1", issuer="x", issued_on="2026-03-01")
    attached = story.do(records.attach_document, "sari", paper)
    own = story.do(records.attach_document, "maya", msgspec.structs.replace(paper, number="2"))
    change = RequestIdentityChange(case=story.case, field="name", new_value="Nama Baru", document=attached.id)
    story.do(corrections.request_identity_change, "sari", change)
    sheet = story.rows("SELECT id FROM record WHERE form = 'F05' AND verified_by IS NOT NULL")[0]["id"]
    picture = AddAttachment(case=story.case, kind="police_statement", picture=redrawn(photo()), record=sheet)
    story.do(attachments.add_attachment, "sari", picture)
    story.wish("admit_to_institution", host="harapan")
    for by in ("iwan", "putu"):
        story.errand(by)
    told = WriteDown(told=Complaint(what="Saya takut.", danger="no"), code="2345-6789-ABCD")
    story.do(complaints.write_down_complaint, "sari", told)
    key = tmp_path_factory.mktemp("keys") / "search.key"
    key.write_text(SEARCH_KEY.hex() + "\n", encoding="ascii")
    settings = Settings(database=story.database.target, search_key=str(key))
    with lent(settings, lambda: story.now) as app, TestClient(app, base_url=HOME) as client:
        yield World(story, client, own.id)
    story.close()
