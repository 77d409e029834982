"""What each kind of step does, through the services. One function per kind; what a service refuses is raised to the runner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import msgspec

from casework.machines.book import OPEN, newest_machines
from casework.machines.care import CARE
from casework.machines.facts import Subject
from casework.machines.forms import KINDS, Intake, decode
from casework.rehearsal import format as steps
from casework.rehearsal import past_the_house
from casework.rehearsal.bodies import complete, fill, make_real
from casework.rehearsal.cast import sheet
from casework.rehearsal.moments import moment, token
from casework.rehearsal.play import Play
from casework.services import approvals, breaches, cases, decisions, desk, processes, records, registers, tick
from casework.services.captions import paper, task
from casework.store.call import Call
from casework.words import Words


def register(play: Play, by: str, step: steps.Register) -> None:
    """Register the child's case with its F01."""
    intake = cast("Intake", decode("F01", _body(play, by, "F01", step.body)))
    child = play.about
    told = {name: getattr(child, name) for name in cases.NewChild.__struct_fields__ if hasattr(child, name)}
    new = cases.NewChild(**{**told, "born": child.born or None})
    ask = cases.RegisterCase(intake=intake, child=None if step.known_child else new, child_id=play.child if step.known_child else "")
    saved = play.act(by, Words("mendaftarkan kasus (F01)", "registers the case (F01)"), cases.register_case, ask)
    play.case = saved.id
    play.child = play.look().child_id


def assign(play: Play, by: str, step: steps.Assign) -> None:
    """Assign the case."""
    to = play.world.worker if step.to == "{worker}" else step.to
    did = Words(f"menugaskan kasus kepada {sheet().name_of(to)}", f"assigns the case to {sheet().name_of(to)}")
    play.act(by, did, cases.assign_case, cases.AssignCase(case=play.case, person=play.cast.people[to].person))


def file(play: Play, by: str, step: steps.File) -> None:
    """Sign a form, then let others verify and countersign it where the step says so."""
    about = _about(step)
    title = KINDS[step.form].title
    did = Words(f"menandatangani {step.form} {title.id}{about}", f"signs {step.form} {title.en}{about}")
    occurred = moment(step.happened, play.now) if step.happened else None
    body = _body(play, by, step.form, step.body, play.bodies.get(step.supersedes))
    ask = records.SignRecord(case=play.case, form=step.form, body=body, supersedes=play.records.get(step.supersedes, ""))
    saved = play.act(by, did, records.sign_record, ask, occurred_at=occurred)
    play.filed.append((step.form, saved.id))
    if step.name:
        play.records[step.name] = saved.id
        play.bodies[step.name] = body
    if step.verified_by:
        _verify(play, step.verified_by, saved.id, step.form + about)
    if step.countersigned_by:
        _countersign(play, step.countersigned_by, step.form, "approve", "")


def _about(step: steps.File) -> str:
    told = [str(step.body[key]) for key in ("rung", "kind", "type", "candidate", "setting", "proposed") if step.body.get(key)]
    return f" ({', '.join(told)})" if told else ""


def _body(play: Play, by: str, form: str, said: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what is signed: what the step says, over the version `before` that it supersedes, else over the default body."""
    filled = fill(said if before is not None else complete(form, said), play.words(by))
    return {**(before or {}), **make_real(form, filled, play.now, play.identify)}


def verify(play: Play, by: str, step: steps.Verify) -> None:
    """Verify a record."""
    newest = next((record for form, record in reversed(play.filed) if form == step.form), "")
    _verify(play, by, play.records.get(step.record, newest), step.record or step.form)


def _verify(play: Play, by: str, record: str, what: str) -> None:
    did = Words(f"memverifikasi {what}", f"verifies {what}")
    play.act(by, did, records.verify_record, records.VerifyRecord(case=play.case, record=record))


def countersign(play: Play, by: str, step: steps.Countersign) -> None:
    """Decide about a record."""
    _countersign(play, by, step.form, step.decision, step.reason)


def _countersign(play: Play, by: str, form: str, decision: steps.Decision, reason: str) -> None:
    _decide(play, by, play.open_request("record", f"countersign:{form}").id, decision, reason, form, opened=True)


def attach(play: Play, by: str, step: steps.Attach) -> None:
    """Attach a paper, then let a second person compare it where the step says so."""
    title = paper(step.kind)
    issued = token(step.issued_on, play.now) or step.issued_on
    ask = records.AttachDocument(case=play.case, kind=step.kind, number=step.number, issuer=step.issuer, issued_on=issued, digest="0" * 64)
    saved = play.act(by, Words(f"melampirkan {title.id}", f"attaches: {title.en}"), records.attach_document, ask)
    play.papers.append((step.kind, saved.id))
    if step.compared_by:
        _compare(play, step.compared_by, step.kind)


def compare(play: Play, by: str, step: steps.Compare) -> None:
    """Compare a paper."""
    _compare(play, by, step.kind)


def _compare(play: Play, by: str, kind: str) -> None:
    title = paper(kind)
    newest = next((document for known, document in reversed(play.papers) if known == kind), "")
    did = Words(f"mencocokkan {title.id} dengan aslinya", f"compares with the original: {title.en}")
    play.act(by, did, records.compare_document, records.CompareDocument(case=play.case, document=newest))


def relative(play: Play, by: str, step: steps.AddKin) -> None:
    """Enter a relative."""
    fields = fill(msgspec.structs.asdict(step), play.words(by))
    ask = registers.AddRelative(
        case=play.case,
        name=step.full_name,
        relation=step.relation,
        degree=step.degree,
        status=step.status,
        religion=fields["religion"],
    )
    did = Words(f"mencatat {step.relation} {step.full_name}", f"enters {step.full_name} ({step.relation}) into the family register")
    play.relatives[step.key] = play.act(by, did, registers.add_relative, ask).id


def offer(play: Play, by: str, step: steps.Offer) -> None:
    """Offer the child to an institution."""
    name = sheet().name_of(step.host)
    did = Words(f"menanyakan tempat kepada {name}", f"asks {name} for a place")
    play.act(by, did, registers.offer_child, registers.OfferChild(case=play.case, host=play.cast.hosts[step.host]))


def accept(play: Play, by: str, step: steps.Accept) -> None:
    """Accept the child."""
    ask = registers.AnswerOffer(case=play.case, host=play.cast.hosts[step.host], accepted=True)
    name = sheet().name_of(step.host)
    play.act(by, Words(f"menerima anak di {name}", f"accepts the child for {name}"), registers.answer_offer, ask)


def decline(play: Play, by: str, step: steps.Decline) -> None:
    """Decline the child."""
    ask = registers.AnswerOffer(case=play.case, host=play.cast.hosts[step.host], accepted=False, reason=step.reason)
    name = sheet().name_of(step.host)
    play.act(by, Words(f"menolak anak untuk {name}", f"declines the child for {name}"), registers.answer_offer, ask)


def request(play: Play, by: str, step: steps.Request) -> None:
    """Request approvals."""
    _request(play, by, step)


def _request(play: Play, by: str, wish: steps.Wish) -> str:
    named = _wished(wish)
    did = Words(f"memohon persetujuan '{named.id}'", f"requests approval: '{named.en}'")
    ask = approvals.RequestApproval(case=play.case, trigger=wish.trigger, subject=play.subject(wish))
    return play.act(by, did, approvals.request_approval, ask).id


def _wished(wish: steps.Wish) -> Words:
    row = next(row for row in CARE.definition.transitions if row.trigger == wish.trigger)
    carer = wish.host or wish.relative or wish.receiver
    to = f" → {sheet().name_of(carer)}" if carer else ""
    return Words(row.label.id + to, row.label.en + to)


def ask(play: Play, by: str, step: steps.Ask) -> None:
    """Ask for the step; with `approved_by`, after its approvals."""
    if step.approved_by:
        request_id = _request(play, by, step)
        for approver in step.approved_by:
            _decide(play, approver, request_id, "approve", "", step.trigger, opened=True)
    named = _wished(step)
    did = Words(f"meminta langkah '{named.id}'", f"asks for the step '{named.en}'")
    subject: Subject = play.subject(step)
    play.act(by, did, cases.advance_case, cases.AdvanceCase(case=play.case, trigger=step.trigger, subject=subject))


def decide(play: Play, by: str, step: steps.Approve | steps.Reject | steps.Return | steps.Ratify | steps.RejectRatification) -> None:
    """Approve, reject or return the newest open request of its kind."""
    found = play.open_request(step.kind, step.trigger)
    _decide(play, by, found.id, step.decision, step.reason, found.trigger, opened=step.opened)


_DECIDED: dict[steps.Decision, Words] = {
    "approve": Words("menyetujui", "approves"),
    "reject": Words("menolak", "rejects"),
    "return": Words("mengembalikan", "returns"),
}


def _decide(play: Play, by: str, request_id: str, decision: steps.Decision, reason: str, what: str, *, opened: bool) -> None:
    """Decide as somebody who looks at the request first: all of its evidence is opened, unless the story says otherwise."""
    call = Call(who=play.who(by), at=play.now)
    seen = decisions.show_decision(play.store, call, request_id)
    items = (*(record.id for record in seen.evidence), *(document.id for document in seen.papers))
    if opened and items:
        records.open_evidence(play.store, call, records.OpenEvidence(case=play.case, items=items))
    done = _DECIDED[decision]
    label = _labelled(what.removeprefix("countersign:"))
    did = Words(f"{done.id} '{label.id}'", f"{done.en} '{label.en}'")
    if opened and items:
        did = Words(f"{did.id}, {len(items)} bukti dibuka", f"{did.en}, {len(items)} pieces of evidence opened")
    wanted = approvals.DecideApproval(case=play.case, request=request_id, decision=decision, digest=seen.digest, reason=reason)
    play.act(by, did, approvals.decide_approval, wanted)


def _labelled(what: str) -> Words:
    """Return the label of a trigger; a form's code stays as it is."""
    row = next((row for row in CARE.definition.transitions if row.trigger == what), None)
    return row.label if row else Words(what, what)


def withdraw(play: Play, by: str, step: steps.Withdraw) -> None:
    """Withdraw a request."""
    found = play.open_request("decision", step.trigger)
    did = Words("menarik permohonannya", "takes the request back")
    play.act(by, did, approvals.withdraw_approval, approvals.WithdrawApproval(case=play.case, request=found.id))


def set_host(play: Play, by: str, step: steps.SetHost) -> None:
    """Change a host's register."""
    told, fields = _fields(play, step.fields)
    wanted = msgspec.convert({"host": play.cast.hosts[step.host], **fields}, registers.ChangeHost)
    name = sheet().name_of(step.host)
    play.act(by, Words(f"mengubah register {name}: {told}", f"changes the register of {name}: {told}"), registers.change_host, wanted)


def set_staff(play: Play, by: str, step: steps.SetStaff) -> None:
    """Change the papers of a staff entry."""
    told, fields = _fields(play, step.fields)
    wanted = msgspec.convert({"staff": play.cast.staff[step.host, step.person], **fields}, registers.ChangeStaff)
    did = Words(f"mengubah berkas {step.person}: {told}", f"changes the papers of {step.person}: {told}")
    play.act(by, did, registers.change_staff, wanted)


def _fields(play: Play, said: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the fields of a register as told, and as they are stored: with the dates of the day."""
    real = {key: token(value, play.now) or value if isinstance(value, str) else value for key, value in said.items()}
    return ", ".join(f"{key} = {value}" for key, value in real.items()), real


def standing(play: Play, by: str, step: steps.Standing) -> None:
    """Ask for a step of a host's standing."""
    ask = processes.AdvanceHost(host=play.cast.hosts[step.host], trigger=step.trigger)
    play.act(by, _step_of("host", step.trigger, sheet().name_of(step.host)), processes.advance_host, ask)


def clearance(play: Play, by: str, step: steps.Clearance) -> None:
    """Ask for a step of the clearance of a member of staff."""
    entry = play.cast.staff[step.host, step.person]
    ask = processes.AdvanceStaff(host=play.cast.hosts[step.host], staff=entry, trigger=step.trigger)
    play.act(by, _step_of("staff", step.trigger, step.person), processes.advance_staff, ask)


def move_process(play: Play, by: str, step: steps.MoveProcess) -> None:
    """Ask for a step of the newest process of a machine. Raises NotFound when the case, or the office, has none."""
    if step.machine == "data_breach":
        _breach(play, by, step.trigger)
        return
    ask = processes.AdvanceProcess(case=play.case, process=play.newest_process(step.machine), trigger=step.trigger)
    play.act(by, _step_of(step.machine, step.trigger), processes.advance_process, ask)


def answer(play: Play, by: str, step: steps.Answer) -> None:
    """Answer the newest referral as its receiver. Raises NotFound when the case has none."""
    ask = desk.AnswerReferral(
        referral=play.newest_process("referral"),
        trigger=step.trigger,
        name=step.who,
        on=token(step.on, play.now) or step.on,
        terms=step.terms,
        reason=step.reason,
        feedback=step.feedback,
    )
    play.act(by, _step_of("referral", step.trigger), desk.answer_referral, ask)


def _breach(play: Play, by: str, trigger: str) -> None:
    """Report a breach of the office's data (`open`), or ask for a step of the newest. Raises NotFound when there is none."""
    if trigger == OPEN:
        did = Words("melaporkan kebocoran data pribadi", "reports a breach of personal data")
        play.act(by, did, breaches.report_breach, breaches.ReportBreach())
        return
    ask = breaches.AdvanceBreach(breach=play.newest_breach(), trigger=trigger)
    play.act(by, _step_of("data_breach", trigger), breaches.advance_breach, ask)


def _step_of(machine: str, trigger: str, about: str = "") -> Words:
    definition = newest_machines()[machine].definition
    label = next(row.label for row in definition.transitions if row.trigger == trigger)
    named = definition.label or Words(machine, machine)
    of = f" ({about})" if about else ""
    return Words(f"meminta '{label.id}' – {named.id}{of}", f"asks for '{label.en}' – {named.en}{of}")


def clock(play: Play, _by: str, _step: steps.Clock) -> None:
    """Let time do what it brings."""
    play.pass_time(tick.tick)


def do_task(play: Play, by: str, step: steps.DoTask) -> None:
    """Report a task as done. Raises NotFound when none of its kind is open."""
    found = play.open_task(step.kind)
    words = task(step.kind)
    did = Words(f"melaporkan selesai: {words.id}", f"reports as done: {words.en}")
    play.act(by, did, records.complete_task, records.CompleteTask(case=play.case, task=found, note=step.did))


def look(_play: Play, _by: str, _step: steps.Look) -> None:
    """Do nothing."""


DEEDS: dict[type[steps.Step], Callable[[Play, str, Any], None]] = {
    steps.Register: register,
    steps.Assign: assign,
    steps.File: file,
    steps.Verify: verify,
    steps.Countersign: countersign,
    steps.Attach: attach,
    steps.Compare: compare,
    steps.AddKin: relative,
    steps.Offer: offer,
    steps.Accept: accept,
    steps.Decline: decline,
    steps.Request: request,
    steps.Ask: ask,
    steps.Approve: decide,
    steps.Reject: decide,
    steps.Return: decide,
    steps.Ratify: decide,
    steps.RejectRatification: decide,
    steps.Withdraw: withdraw,
    steps.SetHost: set_host,
    steps.SetStaff: set_staff,
    steps.Standing: standing,
    steps.Clearance: clearance,
    steps.MoveProcess: move_process,
    steps.Complain: past_the_house.complain,
    steps.LinkComplaint: past_the_house.link,
    steps.MoveComplaint: past_the_house.move_complaint,
    steps.Enter: past_the_house.enter,
    steps.Answer: answer,
    steps.Clock: clock,
    steps.DoTask: do_task,
    steps.Look: look,
}
"""Every kind of step and what it does."""
