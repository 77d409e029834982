"""What tells a record from others of its form: a few words from its body."""

from __future__ import annotations

from casework.machines.forms import CarePlan, CarerVerification, ChildView, Form, Incident, Monitoring, OptionSheet
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
_INCIDENTS: dict[str, Words] = {
    "missing": Words("anak hilang", "missing child"),
    "death": Words("kematian", "death"),
    "host_lost": Words("tempat asuh hilang", "host lost"),
}


def about(body: Form) -> Words | None:
    """Return the gist of a record, or None where its title says enough."""
    match body:
        case OptionSheet():
            rung, result = spoken(_RUNGS, body.rung), spoken(_RESULTS, body.status)
            name = f" {body.candidate_name}" if body.candidate_name else ""
            return Words(f"{rung.id}{name}, {result.id}", f"{rung.en}{name}, {result.en}")
        case CarePlan():
            return spoken(_SETTINGS, body.setting)
        case ChildView() if body.options:
            settings = [spoken(_SETTINGS, view.option) for view in body.options]
            return Words(", ".join(words.id for words in settings), ", ".join(words.en for words in settings))
        case Incident():
            return spoken(_INCIDENTS, body.type)
        case Monitoring():
            return Words(f"kunjungan {body.visit}", f"visit {body.visit}")
        case CarerVerification():
            return Words(body.candidate_name, body.candidate_name)
    return None
