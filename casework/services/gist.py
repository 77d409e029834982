"""What tells a record from others of its form: a few words from its body."""

from __future__ import annotations

from collections.abc import Callable

from casework.machines.forms import CarePlan, CarerVerification, ChildView, Form, Incident, Monitoring, MonthlyReport, OptionSheet
from casework.services.captions import spoken
from casework.words import Words

_RUNGS: dict[str, Words] = {
    "nuclear": Words("keluarga inti", "own family"),
    "kin": Words("kerabat", "kin"),
    "foster": Words("orang tua asuh", "foster parents"),
    "guardianship": Words("perwalian", "guardianship"),
    "adoption": Words("pengangkatan", "adoption"),
}
_RESULTS: dict[str, Words] = {
    "open": Words("masih terbuka", "still open"),
    "suitable": Words("layak", "suitable"),
    "ruled_out": Words("tersingkir", "ruled out"),
    "not_applicable": Words("tidak berlaku", "not applicable"),
}
_SETTINGS: dict[str, Words] = {
    **_RUNGS,
    "family": Words("keluarga inti", "own family"),
    "institution": Words("LKSA", "institution"),
    "emergency": Words("darurat", "emergency"),
    "trial_home": Words("uji coba pulang", "trial at home"),
    "independent": Words("mandiri", "independent"),
    "closure": Words("pengakhiran", "closure"),
}
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
            rung, result = spoken(_RUNGS, body.rung), spoken(_RESULTS, body.status)
            candidate = body.candidate_name or called(body.candidate)
            name = f" {candidate}" if candidate else ""
            return Words(f"{rung.id}{name}, {result.id}", f"{rung.en}{name}, {result.en}")
        case CarePlan():
            return spoken(_SETTINGS, body.setting)
        case ChildView() if body.options:
            settings = [spoken(_SETTINGS, view.option) for view in body.options]
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
