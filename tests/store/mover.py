"""A program to be killed: it works on cases through the services and says, line by line, what it was answered. Run by test_crash.py.

It reads `database acknowledgements run` lines, and for each forks a child that works until it is killed and writes to the pipe named.
The first line there is the child's process id; every other one is JSON: the number of a command and its answer.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from casework.ledger.event import Through
from casework.machines.forms import Intake, decode
from casework.services import cases, records, sessions
from casework.services.command import Saved
from casework.store.call import Call, Who
from casework.store.people import account_named, who_is
from casework.store.store import Store
from tests.cells import MASTER
from tests.journeys.walk.town import GO_LIVE, PARAMS, START

WRITTEN = {
    "source": "community", "referrer": "Ketua RT (contoh)", "referrer_contact": "-", "legal_guardian": "ibu", "chronology": "Laporan.",
    "immediate_danger": "no", "child_location": "rumah", "contact_initiated_by": "community", "known_to_rt": "yes",
    "known_to_village": "yes", "duplicate_search": {"outcome": "no_match"},
}  # fmt: skip
CONSENT = {"purposes": ["assessment"], "given_by": "ibu", "giver": "mother", "explanation_given": "dijelaskan"}
STEPS = 6
BOUND = 10_000
"""A worker that nobody kills stops by itself."""


class Said(msgspec.Struct, frozen=True):
    """One acknowledgement: the number of a command within its run, and the answer as it would be sent."""

    number: int
    answer: dict[str, Any]


def open_store(path: Path) -> Store:
    """Open the database as the program does: every commit waits for the disk."""
    return Store(str(path), PARAMS, go_live=GO_LIVE, master_key=MASTER)


def signed_in(store: Store, username: str) -> Who:
    """Return who signs in under a name."""
    with store.read(Call(who=sessions.NOBODY, at=START)) as unit:
        account = account_named(unit, username)
        who = who_is(unit, account.id, START) if account else None
    if who is None:
        raise LookupError(username)
    return who


def perform(store: Store, run: str, number: int, case: str) -> Saved | cases.Advanced:
    """Do command `number` of a run on its case. The same run and number are the same key and body."""
    step = number % STEPS
    by = signed_in(store, "bambang" if step == 1 else "sari")
    call = Call(who=by, at=START + timedelta(minutes=number), through=Through(key=f"{run}-{number}"))
    match step:
        case 0:
            intake = decode("F01", WRITTEN)
            if not isinstance(intake, Intake):
                raise TypeError(WRITTEN)
            return cases.register_case(store, call, cases.RegisterCase(intake=intake, child=cases.NewChild(name="Anak")))
        case 1:
            person = signed_in(store, "sari").person
            return cases.assign_case(store, call, cases.AssignCase(case=case, person=person, reason="Hanya ada satu pekerja."))
        case 2:
            return cases.advance_case(store, call, cases.AdvanceCase(case=case, trigger="start_assessment"))
        case 3:
            return records.sign_record(store, call, records.SignRecord(case=case, form="F22", body=CONSENT))
        case 4:
            paper = records.AttachDocument(case=case, kind="birth_certificate", number="1", issuer="-", issued_on="2026-01-01")
            return records.attach_document(store, call, paper)
    return records.save_draft(store, call, records.SaveDraft(case=case, form="F03", body={"reason": f"rancangan {number}"}))


def case_after(number: int, answer: Saved | cases.Advanced, case: str) -> str:
    """Return the case that the next command is about."""
    return answer.id if number % STEPS == 0 else case


def work(path: Path, run: str, acknowledgements: Path) -> None:
    """Work for longer than anybody waits, acknowledging what was answered."""
    with acknowledgements.open("w", buffering=1) as out:
        out.write(f"{os.getpid()}\n")
        store, number, case = open_store(path), 0, ""
        while number < BOUND:
            answer = perform(store, run, number, case)
            out.write(msgspec.json.encode(Said(number, msgspec.to_builtins(answer))).decode() + "\n")
            case = case_after(number, answer, case)
            number += 1


def main() -> None:
    """Fork a worker for each line; the one before has been killed by then."""
    for line in sys.stdin:
        path, acknowledgements, run = line.split()
        child = os.fork()
        if child == 0:
            work(Path(path), run, Path(acknowledgements))
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
