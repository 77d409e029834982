"""The referral (rujukan): asked of another body in writing, and the sender's responsibility until that body accepts (DOMAIN 2.9, 7.3).

Signing an F13 drafts it; every newer version of that F13 is read. An acknowledgement is no answer: the clock of the reply runs on.
"""

from datetime import datetime, timedelta

from casework.machines import law
from casework.machines.clocks import Wake, workdays_after
from casework.machines.effects import Done, Due, When
from casework.machines.engine import Definition, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.guards import consent_or_legal_basis
from casework.machines.guards import referring as g
from casework.machines.invariants import Passes
from casework.words import Words

WORKER = ("social_worker",)
EITHER = ("social_worker", "province_officer")
"""The office, from what the receiver wrote; or the receiver itself."""
ASKED = ("sent", "info_requested", "acknowledged", "unanswered")
TAKEN_ON = ("accepted", "in_service", "completed", "feedback_closed")
ANSWERED = (Done("referral_reply"), Done("new_referral_target"))
STILL_OURS = (Done("referral_reply"), Due("new_referral_target", "referral_retarget_days"))


def reply_due(facts: Facts) -> datetime | None:
    """T18: an urgent referral is to be answered within hours, any other within working days. An acknowledgement does not begin it anew."""
    process = facts.process
    if process is None:
        return None
    asked = process.last("send", "give_information") if process.state == "acknowledged" else None
    if g.referral_is_urgent.unmet(facts) is None:
        return (asked or process.entered_at) + timedelta(hours=facts.params.referral_urgent_hours)
    return workdays_after(asked or process.entered_at, facts.params.referral_normal_workdays, facts.days_off)


STATES = (
    State("drafted", Words("disusun", "drafted")),
    State("sent", Words("dikirim", "sent")),
    State("info_requested", Words("penerima meminta keterangan", "receiver asks for information")),
    State("acknowledged", Words("diketahui penerima", "acknowledged")),
    State("unanswered", Words("tidak dijawab", "unanswered")),
    State("accepted", Words("diterima lembaga tujuan", "accepted")),
    State("in_service", Words("dilayani lembaga tujuan", "in service")),
    State("completed", Words("layanan selesai", "service completed")),
    State("feedback_closed", Words("selesai dengan umpan balik", "closed with feedback"), kind="final"),
    State("declined", Words("ditolak lembaga tujuan", "declined"), kind="final"),
    State("cancelled", Words("dibatalkan", "cancelled"), kind="final"),
    State("notified", Words("pemberitahuan, tanpa rujukan", "a notice, no referral"), kind="final"),
)

TRANSITIONS: tuple[Transition[Facts], ...] = (
    Transition(
        "record_notice",
        Words("catat sebagai pemberitahuan", "record as a notice"),
        ("drafted",),
        "notified",
        by=("social_worker", "system"),
        guards=(g.only_notifies,),
        on="signed:F13",
        law=(law.IACM,),
    ),
    Transition(
        "send",
        Words("kirim rujukan", "send the referral"),
        ("drafted", "unanswered"),
        "sent",
        guards=(consent_or_legal_basis, g.recipient_registered, g.shared_data_listed, g.recommended_to_the_province),
        effects=(
            Done("new_referral_target"),
            Due("referral_reply", "referral_normal_workdays"),
            When("referral_is_urgent", (Due("referral_reply", "referral_urgent_hours"),)),
        ),
        law=(law.DESIGN_REFERRAL, law.PDP),
    ),
    Transition(
        "ask_information",
        Words("minta keterangan tambahan", "ask for more information"),
        ("sent", "acknowledged"),
        "info_requested",
        by=EITHER,
        law=(law.DESIGN_REFERRAL,),
    ),
    Transition(
        "give_information",
        Words("berikan keterangan", "give the information"),
        ("info_requested",),
        "sent",
        guards=(consent_or_legal_basis, g.recipient_registered, g.shared_data_listed, g.recommended_to_the_province),
        law=(law.DESIGN_REFERRAL, law.PDP),
    ),
    Transition(
        "acknowledge",
        Words("catat tanda terima", "acknowledge"),
        ("sent", "unanswered"),
        "acknowledged",
        by=EITHER,
        law=(law.DESIGN_REFERRAL,),
    ),
    Transition(
        "fall_silent",
        Words("tandai tidak dijawab", "mark as unanswered"),
        ("sent", "acknowledged"),
        "unanswered",
        by=("clock",),
        effects=STILL_OURS,
        wakes=Wake(reply_due, ("referral_urgent_hours", "referral_normal_workdays")),
        law=(law.DESIGN_REFERRAL,),
    ),
    Transition(
        "accept",
        Words("terima rujukan", "accept the referral"),
        ASKED,
        "accepted",
        by=("social_worker", "supervisor", "province_officer", "system"),
        guards=(g.recipient_registered, g.recommended_to_the_province, g.accepted_by_the_receiver),
        effects=ANSWERED,
        on="verified:F13",
        law=(law.DESIGN_REFERRAL, law.REGIONAL),
    ),
    Transition(
        "decline",
        Words("tolak rujukan", "decline the referral"),
        ASKED,
        "declined",
        by=("social_worker", "supervisor", "province_officer", "system"),
        guards=(g.refusal_reasoned,),
        effects=STILL_OURS,
        on="signed:F13",
        law=(law.DESIGN_REFERRAL,),
    ),
    Transition(
        "cancel",
        Words("batalkan rujukan", "cancel the referral"),
        ("drafted", *ASKED, "accepted"),
        "cancelled",
        by=("social_worker", "supervisor"),
        effects=ANSWERED,
        law=(law.DESIGN_REFERRAL,),
    ),
    Transition(
        "end",
        Words("akhiri bersama kasus", "end with the case"),
        ("drafted", *ASKED),
        "cancelled",
        by=("system",),
        law=(law.DESIGN_REFERRAL,),
    ),
    Transition(
        "begin_service",
        Words("mulai layanan", "begin the service"),
        ("accepted",),
        "in_service",
        by=EITHER,
        guards=(consent_or_legal_basis,),
        law=(law.DESIGN_REFERRAL, law.PDP),
    ),
    Transition(
        "complete",
        Words("selesaikan layanan", "complete the service"),
        ("in_service",),
        "completed",
        by=EITHER,
        law=(law.IACM,),
    ),
    Transition(
        "close_with_feedback",
        Words("tutup dengan umpan balik", "close with feedback"),
        ("completed",),
        "feedback_closed",
        by=("social_worker", "province_officer", "system"),
        guards=(g.feedback_recorded,),
        on="signed:F13",
        law=(law.IACM,),
    ),
)

PROMISES = (
    Passes(
        "nothing_is_shared_without_a_basis",
        Words(
            "Tidak ada rujukan yang dikirim tanpa persetujuan atau dasar hukum, penerima terdaftar, dan daftar data yang dibagikan.",
            "No referral is sent without consent or a legal basis, a registered receiver, and the list of what is shared.",
        ),
        (law.PDP, law.DESIGN_REFERRAL),
        states=("sent",),
        last=("consent_or_legal_basis", "recipient_registered", "shared_data_listed"),
    ),
    Passes(
        "nobody_takes_on_what_was_not_asked",
        Words(
            "Rujukan hanya diterima sesudah ada persetujuan atau dasar hukum, penerima terdaftar, dan jawaban tertulisnya.",
            "A referral is accepted only after consent or a legal basis, by a registered receiver, in writing.",
        ),
        (law.DESIGN_REFERRAL, law.PDP),
        states=TAKEN_ON,
        all_of=("consent_or_legal_basis", "shared_data_listed", "recipient_registered", "accepted_by_the_receiver"),
    ),
    Passes(
        "an_acceptance_is_in_writing",
        Words("Pada saat diterima, jawaban tertulis penerima ada.", "At the moment of acceptance the receiver's answer stands in writing."),
        (law.DESIGN_REFERRAL,),
        states=("accepted",),
        last=("recipient_registered", "accepted_by_the_receiver"),
    ),
    Passes(
        "the_head_recommends_to_the_province",
        Words(
            "Rujukan ke provinsi atau UPTD tidak dikirim dan tidak diterima tanpa surat Kepala Dinas.",
            "Nothing is sent to, or accepted by, the province or its units without the letter of the head of the office.",
        ),
        (law.REGIONAL, law.DESIGN_REFERRAL),
        states=("sent", "accepted"),
        last=("recommended_to_the_province",),
    ),
    Passes(
        "a_service_rests_on_consent",
        Words("Layanan dimulai hanya bila persetujuan atau dasar hukum masih berlaku.", "A service begins only while consent still runs."),
        (law.PDP,),
        states=("in_service",),
        last=("consent_or_legal_basis",),
    ),
    Passes(
        "no_service_is_completed_that_nobody_took_on",
        Words(
            "Layanan selesai hanya sesudah rujukan diterima dan layanan dimulai.",
            "A service is completed only after the referral was accepted and the service began.",
        ),
        (law.DESIGN_REFERRAL,),
        states=("completed", "feedback_closed"),
        by_way_of=("accepted", "in_service"),
    ),
    Passes(
        "a_refusal_has_its_reason",
        Words("Tidak ada penolakan tanpa alasan.", "No refusal without its reason."),
        (law.DESIGN_REFERRAL,),
        states=("declined",),
        last=("refusal_reasoned",),
    ),
    Passes(
        "closed_with_what_became_of_it",
        Words("Rujukan ditutup hanya dengan umpan balik.", "A referral is closed only with feedback."),
        (law.IACM,),
        states=("feedback_closed",),
        last=("feedback_recorded",),
    ),
)

REFERRAL = compile_machine(
    Definition(
        name="referral",
        version=1,
        initial="drafted",
        states=STATES,
        transitions=TRANSITIONS,
        label=Words("Rujukan", "Referral"),
        about="case",
        opened_by="F13",
        conditions=(g.referral_is_urgent,),
        passes=PROMISES,
    )
)
"""Version 1, compiled once and shared."""
