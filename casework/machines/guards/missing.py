"""Guards about a child who is missing, is found, or stays missing (DOMAIN 2.12)."""

from casework.machines import law
from casework.machines.facts import Facts, Filed
from casework.machines.forms import ChildView, Incident, Monitoring
from casework.machines.guards.evidence import HOUSE, days_since, known, newest, open_incident_against, setting_id, since
from casework.machines.guards.making import ON_DUTY, SUPERVISOR, WORKER, guard
from casework.words import Words


def _report(facts: Facts) -> Filed[Incident] | None:
    """Return the newest report of a missing child, or None."""
    return newest(facts, Incident, lambda incident: incident.type == "missing")


@guard(
    Words("Waktu dan tempat anak terakhir terlihat belum dicatat.", "Where and when the child was last seen is not recorded."),
    fix=Words("Isi laporan anak hilang (F17) dengan waktu dan tempat.", "Fill in the report (F17) with time and place."),
    law=(law.DESIGN_MISSING, law.SNPA_REPORT),
    who=(*WORKER, "lksa_head", "lksa_staff"),
    reads=("F17",),
)
def last_seen_recorded(facts: Facts) -> bool:
    """The newest report of a missing child is about one not yet found, seen at a place at a time that has passed."""
    report = _report(facts)
    return report is not None and bool(report.body.place.strip()) and report.body.happened_at <= facts.now and report.body.found_at is None


@guard(
    Words("Belum dicatat bahwa anak ditemukan.", "It is not recorded that the child was found."),
    fix=Words("Lengkapi F17: kapan dan oleh siapa anak ditemukan.", "Complete F17: when and by whom the child was found."),
    law=(law.DESIGN_MISSING,),
    who=(*WORKER, *ON_DUTY),
    reads=("F17",),
)
def child_found(facts: Facts) -> bool:
    """Found by somebody, after this disappearance and not in the future."""
    report, missing = _report(facts), facts.case.missing_since
    if report is None or report.body.found_at is None or missing is None:
        return False
    return bool(report.body.found_by.strip()) and missing <= report.body.found_at <= facts.now


@guard(
    Words("Wawancara kepulangan belum dilakukan.", "The return interview has not been held."),
    fix=Words(
        "Orang di luar LKSA mewawancarai anak dan menandatangani F06 (kepulangan).",
        "Somebody outside the institution interviews the child (F06, return).",
    ),
    law=(law.DESIGN_MISSING, law.UUPA_10_24),
    reads=("F06",),
)
def return_interview_done(facts: Facts) -> bool:
    """Since this disappearance, with the child asked, by nobody who works in the institution."""
    return any(
        record.body.kind == "return" and record.body.asked == "yes" and record.author_role not in HOUSE
        for record in since(facts, ChildView, facts.case.entered_at)
    )


@guard(
    Words("Wawancara kepulangan sudah dilakukan.", "The return interview was held."),
    fix=Words("Tidak ada yang perlu dilakukan.", "There is nothing to do."),
    law=(law.DESIGN_MISSING,),
    reads=("F06",),
)
def return_interview_outstanding(facts: Facts) -> bool:
    """Not held since this disappearance: it is due, wherever the child goes now (DOMAIN 2.12)."""
    return return_interview_done.unmet(facts) is not None


@guard(
    Words("Tempat anak sebelumnya belum dinilai aman.", "The setting the child left is not found safe."),
    fix=Words(
        "Periksa tempat itu dan catat hasilnya pada F17 atau F15; selesaikan insiden terbuka.",
        "Examine it and record the finding on F17 or F15.",
    ),
    law=(law.DESIGN_MISSING, law.SNPA_REPORT),
    who=(*WORKER, *SUPERVISOR),
    reads=("F15", "F17", "register:placements"),
)
def previous_setting_safe(facts: Facts) -> bool:
    """Found safe since the disappearance, and no incident about the setting is open."""
    report = _report(facts)
    visit = next(iter(since(facts, Monitoring, facts.case.entered_at)), None)
    examined = (report is not None and report.body.setting_safe == "yes") or (visit is not None and visit.body.safety == "safe")
    return examined and not open_incident_against(facts, setting_id(facts))


@guard(
    Words("Anak belum hilang selama 365 hari.", "The child has not been missing for 365 days."),
    fix=Words("Teruskan pencarian.", "Go on searching."),
    law=(law.DESIGN_MISSING,),
    reads=("register:clock",),
)
def missing_365_days(facts: Facts) -> bool:
    """A year of searching before a file is closed."""
    missing = facts.case.missing_since
    return missing is not None and days_since(facts, missing) >= facts.params.missing_close_days


@guard(
    Words(
        "Anak hilang lebih dari 30 hari; tempatnya tidak lagi ditahan.",
        "The child was missing more than 30 days; its place is no longer held.",
    ),
    fix=Words(
        "Gunakan darurat, uji coba, atau asesmen setelah ditemukan.", "Use emergency care, a trial, or an assessment after being found."
    ),
    law=(law.DESIGN_MISSING,),
    reads=("register:clock",),
)
def missing_within_30_days(facts: Facts) -> bool:
    """As long as the bed is held (T25)."""
    missing = facts.case.missing_since
    return missing is not None and days_since(facts, missing) <= facts.params.missing_hold_days


@guard(
    Words("Laporan polisi belum dicatat.", "The police report is not recorded."),
    fix=Words("Laporkan ke polisi; catat waktu dan nomor laporan pada F17.", "Report to the police; record time and number on F17."),
    law=(law.SNPA_REPORT, law.DESIGN_MISSING),
    reads=("F17",),
)
def police_report_attached(facts: Facts) -> bool:
    """With its number, not only a time."""
    report = _report(facts)
    return report is not None and report.body.police_reported_at is not None and bool(report.body.police_reference.strip())


@guard(
    Words("Insiden kematian belum dibuka.", "No incident about the death is open."),
    fix=Words("Buat laporan insiden kematian (F17).", "File the incident report of the death (F17)."),
    law=(law.SNPA_REPORT,),
    reads=("F17",),
)
def incident_opened(facts: Facts) -> bool:
    """It may outlive the case (I6)."""
    return any(record.body.type == "death" for record in known(facts, Incident))
