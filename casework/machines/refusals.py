"""The refusal codes that every machine shares, beside its guards (DOMAIN 7.0.7)."""

from casework.errors import Law, Reason
from casework.machines.roles import ROLES
from casework.words import Words

_ORDER = (Law("SNPA IV.A", "SEEN"), Law("ketentuan aplikasi / product rule 7.0", "DESIGN"))
_SEPARATION = (Law("SNPA/IACM Appendix 2", "SEEN"), Law("Permensos 14/2020 art. 1", "SEEN"))


def role_words(role: str) -> Words:
    """Return the label of a role, or its code when it is not a known one."""
    return ROLES.get(role, Words(role, role))


def no_such_transition(step: Words, state: Words, possible: tuple[Words, ...]) -> Reason:
    """The step does not exist from where the case stands. All three are labels: the codes travel in the Refusal."""
    listed = Words("; ".join(each.id for each in possible) or "–", "; ".join(each.en for each in possible) or "–")
    return Reason(
        code="no_such_transition",
        words=Words(
            f"Langkah '{step.id}' tidak ada dari tahap '{state.id}'.",
            f"There is no step '{step.en}' from the state '{state.en}'.",
        ),
        law=_ORDER,
        fix=Words(f"Ikuti urutan pengasuhan. Langkah yang ada: {listed.id}.", f"Follow the order of care. Steps that exist: {listed.en}."),
        who=(),
    )


def role_not_allowed(allowed: tuple[str, ...]) -> Reason:
    """The person may not propose this step for this case."""
    id_names = ", ".join(role_words(role).id for role in allowed)
    en_names = ", ".join(role_words(role).en for role in allowed)
    return Reason(
        code="role_not_allowed",
        words=Words("Peran Anda tidak boleh mengajukan langkah ini.", "Your role may not propose this step."),
        law=(Law("SNPA 'Pengguna Standar'", "SEEN-2"), Law("ketentuan aplikasi / product rule 4", "DESIGN")),
        fix=Words(f"Mintalah kepada: {id_names}.", f"Ask: {en_names}."),
        who=allowed,
    )


def not_delegated() -> Reason:
    """Somebody acts for another in something that was not delegated to them."""
    return Reason(
        code="not_delegated",
        words=Words("Pelimpahan kepada Anda tidak mencakup tindakan ini.", "What was delegated to you does not include this."),
        law=(Law("ketentuan aplikasi / product rule 4", "DESIGN"),),
        fix=Words("Mintalah yang melimpahkan atau atasannya.", "Ask who delegated it, or the head of the office."),
        who=("supervisor", "dinas_head"),
    )


def four_eyes() -> Reason:
    """One natural person stands in two places of one decision."""
    return Reason(
        code="four_eyes",
        words=Words(
            "Pemohon dan para penyetuju harus orang yang berbeda, apa pun akunnya.",
            "The requester and the approvers must be different people, whichever account they use.",
        ),
        law=_SEPARATION,
        fix=Words("Mintalah orang lain yang berwenang untuk memutuskan.", "Ask another person with the authority to decide."),
        who=("supervisor", "dinas_head"),
    )


def approval_missing(roles: tuple[str, ...]) -> Reason:
    """A signature is missing, or they stand in the wrong order. `roles` are those still to sign, in order."""
    return Reason(
        code="approval_missing",
        words=Words("Persetujuan yang diwajibkan belum lengkap.", "The required approvals are not complete."),
        law=(Law("SNPA 'Pengguna Standar'", "SEEN-2"), Law("ketentuan aplikasi / product rule 7.1", "DESIGN")),
        fix=Words("Ajukan permohonan persetujuan dan tunggu keputusannya.", "Request approval and wait for the decision."),
        who=roles,
        details=tuple(role_words(role) for role in roles),
    )


def approval_superseded() -> Reason:
    """The evidence changed after it was approved: what was signed is no longer what would be done."""
    return Reason(
        code="approval_superseded",
        words=Words(
            "Bukti berubah sesudah disetujui; persetujuan itu gugur.", "The evidence changed after approval; that approval is void."
        ),
        law=(Law("ketentuan aplikasi / product rule 7.2", "DESIGN"),),
        fix=Words("Ajukan persetujuan baru atas bukti yang sekarang.", "Request approval anew over the evidence as it stands."),
        who=("social_worker",),
    )
