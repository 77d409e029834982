"""What tells a record from others of its form: a few words from its body."""

from __future__ import annotations

from collections.abc import Callable

from casework.machines.forms import CarePlan, CarerVerification, ChildView, Form, Incident, Monitoring, MonthlyReport, OptionSheet
from casework.machines.spoken import FINDINGS, OPTIONS, SETTINGS
from casework.services.captions import spoken
from casework.words import Words

INCIDENTS: dict[str, Words] = {
    "physical": Words("kekerasan fisik", "physical violence"),
    "sexual": Words("kekerasan seksual", "sexual violence"),
    "psychological": Words("kekerasan psikis", "psychological violence"),
    "neglect": Words("penelantaran", "neglect"),
    "exploitation": Words("eksploitasi", "exploitation"),
    "recruitment": Words("perekrutan anak", "recruitment of children"),
    "unlicensed_care": Words("pengasuhan tanpa izin", "unlicensed care"),
    "other": Words("insiden lain", "another incident"),
    "missing": Words("anak hilang", "missing child"),
    "death": Words("kematian", "death"),
    "host_lost": Words("tempat asuh hilang", "host lost"),
}


def about(body: Form, called: Callable[[str], str] = lambda _: "") -> Words | None:
    """Return the gist of a record, or None where its title says enough. `called` names a relative, host or body by id, "" if unknown."""
    match body:
        case OptionSheet():
            rung, result = spoken(OPTIONS, body.rung), spoken(FINDINGS, body.status)
            candidate = body.candidate_name or called(body.candidate)
            name = f" {candidate}" if candidate else ""
            return Words(f"{rung.id}{name}, {result.id}", f"{rung.en}{name}, {result.en}")
        case CarePlan():
            return spoken(SETTINGS, body.setting)
        case ChildView() if body.options:
            settings = [spoken(SETTINGS, view.option) for view in body.options]
            return Words(", ".join(words.id for words in settings), ", ".join(words.en for words in settings))
        case Incident():
            return spoken(INCIDENTS, body.type)
        case Monitoring():
            return Words(f"kunjungan {body.visit}", f"visit {body.visit}")
        case MonthlyReport() if body.concern == "yes":
            return Words("ada kekhawatiran", "with a concern")
        case CarerVerification():
            return Words(body.candidate_name, body.candidate_name)
    return None
