"""Distinctive words in every personal field of every form and register: whatever says one of them says something of a person."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import msgspec

from casework.errors import Invalid
from casework.machines.forms import Form, code_of, decode
from casework.services import attachments, cases, complaints, corrections, records, registers
from casework.services.attachments import AddAttachment
from casework.services.cases import NewChild
from casework.services.complaints import Complaint, WriteDown
from casework.services.corrections import RequestIdentityChange
from casework.services.pictures import redrawn
from casework.services.records import AttachDocument, SaveDraft
from casework.services.registers import AddRelative, AddStaff, AnswerOffer, OfferChild
from casework.store import cases as case_rows
from casework.store import records as record_rows
from casework.store.unit import Unit
from tests.databases import File, Served
from tests.machines.samples import SAMPLES
from tests.pictures import photo
from tests.services.story import Story

MARK = "Cendrawasih"
NIK = "6402031203160987"
NO_WORDS = frozenset({"form", "recruited_by"})
"""What takes no word of anybody: the form's code, and the id of a house, which stands only where it recruited."""
PICTURE = redrawn(photo())
PART_OF_IT = PICTURE[-200:-100]


class Flock:
    """Words that stand nowhere else, each another one."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.let_go: list[str] = []

    def one(self) -> str:
        self.let_go.append(f"{MARK}{next(self._numbers)}q")
        return self.let_go[-1]

    def into(self, form: Form) -> Form:
        """Return a form with another word in every field that takes any text."""
        for path in [*_texts(msgspec.to_builtins(form), ())]:
            changed = msgspec.to_builtins(form)
            place: Any = changed
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = f"{MARK}0q"
            try:
                decode(code_of(form), changed)
            except Invalid:
                continue
            place[path[-1]] = self.one()
            form = msgspec.convert(changed, type(form))
        return form


def _texts(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str) and path[-1] not in NO_WORDS:
        yield path
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _texts(item, (*path, key))


def plant(story: Story, flock: Flock, offered: str = "harapan", by: str = "halimah") -> None:
    """Write them everywhere that people write: through the services, and into every form there is. `by` answers for the house `offered`."""
    names = ("name", "born_place", "mother_name", "father_name")
    child = NewChild(**{name: flock.one() for name in names}, nik=NIK, kk=NIK)
    story.do(cases.register_case, "sari", msgspec.structs.replace(story.report(), intake=flock.into(story.report().intake), child=child))
    paper = AttachDocument(case=story.case, kind="other", number=flock.one(), issuer=flock.one(), issued_on="2026-03-01")
    document = story.do(records.attach_document, "sari", paper).id
    story.do(attachments.add_attachment, "sari", AddAttachment(case=story.case, kind="visit", picture=PICTURE))
    said: dict[str, Any] = {name: flock.one() for name in ("name", "relation", "address", "phone")}
    story.do(registers.add_relative, "sari", AddRelative(case=story.case, degree=3, **said))
    wish = RequestIdentityChange(case=story.case, field="name", new_value=flock.one(), document=document)
    story.do(corrections.request_identity_change, "sari", wish)
    story.do(records.save_draft, "sari", SaveDraft(case=story.case, form="F03", body={"reason": flock.one()}))
    host = story.play.cast.hosts[offered]
    story.do(registers.offer_child, "sari", OfferChild(case=story.case, host=host))
    story.do(registers.answer_offer, by, AnswerOffer(case=story.case, host=host, accepted=False, reason=flock.one()))
    story.do(registers.add_staff, "bambang", AddStaff(host=host, name=flock.one(), duty=flock.one()))
    told = Complaint(what=flock.one(), danger="no", place=flock.one(), name=flock.one(), contact=flock.one())
    story.do(complaints.write_down_complaint, "sari", WriteDown(told=told, code="ABCD-EFGH-2345"))

    def write(unit: Unit) -> None:
        case = case_rows.get_case(unit, story.case)
        for sample in SAMPLES:
            record_rows.add_record(unit, case, code_of(sample), flock.into(sample), role="social_worker", supersedes=None)

    story.store.carry_out(story.call("sari"), write)


def bytes_of(story: Story) -> Iterator[bytes]:
    """Yield everything that lies on the disk of this database: the file with its log, or the server's own files and log."""
    place = story.database
    if isinstance(place, File):
        yield from (part.read_bytes() for part in sorted(place.path.parent.glob(f"{place.path.name}*")))
    elif isinstance(place, Served):
        place.rows("SELECT 1")
        number = place.rows("SELECT oid FROM pg_database WHERE datname = current_database()")[0][0]
        data = place.server.folder / "data"
        files = (file for folder in (data / "base" / str(number), data / "pg_wal") for file in folder.rglob("*") if file.is_file())
        yield from (file.read_bytes() for file in files)
