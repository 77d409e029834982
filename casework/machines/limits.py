"""Spans that no clock runs for: whoever decides or lists counts with them (DOMAIN 7.11, T29 and others)."""

import msgspec

from casework.words import Words


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A span that nobody starts and nobody stops: whoever decides counts with it, and refuses by it. `where`: `guard:` or `service:`."""

    parameter: str
    key: str
    about: Words
    where: tuple[str, ...]


LIMITS: tuple[Limit, ...] = (
    Limit(
        parameter="emergency_end_hours",
        key="",
        about=Words("darurat dapat diakhiri tanpa penempatan", "an emergency may end without a placement"),
        where=("guard:emergency_within_72h",),
    ),
    Limit(
        parameter="emergency_reset_days",
        key="T05",
        about=Words("hari darurat dihitung bersama", "days in emergencies are counted together"),
        where=("guard:child_not_returning_from_placement",),
    ),
    Limit(
        parameter="foster_first_days",
        key="T08",
        about=Words("hari pertama di keluarga asuh", "the first days in a foster family"),
        where=("guard:next_review_of_a_new_foster_family",),
    ),
    Limit(
        parameter="review_recent_days",
        key="",
        about=Words("sesudah review, review tambahan belum perlu", "after a review no extra one is needed yet"),
        where=("guard:not_reviewed_of_late", "guard:placed_and_not_reviewed_of_late"),
    ),
    Limit(
        parameter="review_fresh_days",
        key="",
        about=Words("umur review bagi pindah tempat", "age of the review for a change of place"),
        where=("guard:review_fresh_90_days",),
    ),
    Limit(
        parameter="emergency_again_days",
        key="",
        about=Words("keadaan darurat dihitung bersama", "emergencies are counted together"),
        where=("guard:emergency_before",),
    ),
    Limit(
        parameter="moves_counted_days",
        key="",
        about=Words("penempatan dihitung bersama", "placements are counted together"),
        where=("guard:moved_often",),
    ),
    Limit(parameter="trial_min_days", key="T13", about=Words("uji coba terpendek", "shortest trial"), where=("guard:trial_min_days",)),
    *(
        Limit(parameter=parameter, key=key, about=about, where=("guard:monitoring_min_days",))
        for parameter, key, about in (
            ("monitoring_reintegration_days", "T14", Words("pemantauan sesudah pulang", "monitoring after a return")),
            ("monitoring_long_days", "T14", Words("pemantauan yang panjang", "long monitoring")),
            ("monitoring_long_after_days", "T14", Words("lama diasuh yang memerlukannya", "time in care that asks for it")),
            ("monitoring_family_days", "T31", Words("pemantauan keluarga", "monitoring of a family")),
            ("monitoring_permanent_days", "T31", Words("pemantauan pengasuhan permanen", "monitoring of permanent care")),
        )
    ),
    Limit(
        parameter="pre_adoption_days",
        key="T17",
        about=Words("pengasuhan sebelum pengangkatan", "pre-adoption care"),
        where=("guard:pre_adoption_180_days", "guard:two_social_reports"),
    ),
    Limit(
        parameter="policy_days", key="", about=Words("umur kebijakan perlindungan", "age of the policy"), where=("guard:policy_in_force",)
    ),
    Limit(
        parameter="accreditation_waiver_days",
        key="",
        about=Words("dispensasi akreditasi", "waiver of the accreditation"),
        where=("guard:accredited_or_waived",),
    ),
    Limit(parameter="missing_close_days", key="", about=Words("pencarian terpendek", "shortest search"), where=("guard:missing_365_days",)),
    Limit(
        parameter="census_window_days",
        key="T26",
        about=Words("masa pendataan penghuni lama", "the census of residents"),
        where=("guard:existing_residence_proven",),
    ),
    Limit(
        parameter="assessment_current_days",
        key="T29",
        about=Words("umur F04", "age of F04"),
        where=("guard:comprehensive_assessment_approved",),
    ),
    Limit(parameter="child_view_current_days", key="T29", about=Words("umur F06", "age of F06"), where=("guard:child_view_recorded",)),
    Limit(parameter="conference_current_days", key="T29", about=Words("umur F07", "age of F07"), where=("guard:case_conference_held",)),
    Limit(parameter="plan_current_days", key="T29", about=Words("umur F08", "age of F08"), where=("guard:care_plan_approved",)),
    *(
        Limit(parameter=parameter, key=key, about=about, where=("guard:all_family_options_ruled_out",))
        for parameter, key, about in (
            ("option_family_days", "", Words("umur F05: keluarga dan kerabat", "age of F05: family and kin")),
            ("option_foster_days", "", Words("umur F05: orang tua asuh", "age of F05: foster care")),
            ("option_other_days", "", Words("umur F05: perwalian, pengangkatan", "age of F05: guardianship, adoption")),
            ("option_in_process_days", "", Words("umur F05: sedang diproses", "age of F05: in process")),
            ("under_three_emergency_days", "T32", Words("pengecualian di bawah tiga tahun", "the exception under three")),
        )
    ),
    Limit(
        parameter="safety_screen_current_hours",
        key="",
        about=Words("umur skrining keselamatan", "age of the safety screen"),
        where=("guard:nuclear_family_safe",),
    ),
    Limit(
        parameter="backdating_days",
        key="",
        about=Words("kejadian dicatat paling lambat", "how late an event may be entered"),
        where=("service:services.command:command",),
    ),
    Limit(
        parameter="delegation_days",
        key="",
        about=Words("pelimpahan dan pengganti paling lama", "how long a delegation or a cover may last"),
        where=("service:services.delegations:delegate", "service:services.delegations:arrange_cover"),
    ),
    Limit(
        parameter="work_soon_days",
        key="",
        about=Words("“segera” di daftar pekerjaan", "“due soon” on the work list"),
        where=("service:services.work:my_work", "service:services.lists:list_cases"),
    ),
    Limit(
        parameter="work_horizon_days",
        key="",
        about=Words("sejauh mana daftar pekerjaan melihat ke depan", "how far ahead the work list looks"),
        where=("service:services.work:my_work", "service:services.views:show_case"),
    ),
)
"""Spans that no clock runs for."""
