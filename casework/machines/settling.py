"""What settles a task: a form, somebody's word, and whose; and of which tasks the head of the office is reminded until they are settled."""

from collections.abc import Mapping

SIGNED: Mapping[str, tuple[str, ...]] = {
    "admission_minutes": ("F11",),
    "child_seen": ("F03", "F06", "F15"),
    "contact": ("F03", "F06", "F15"),
    "child_view": ("F06",),
    "comprehensive_assessment": ("F04",),
    "contact_plan": ("F08",),
    "first_visit": ("F15",),
    "monthly_report": ("F27", "F16"),
    "initial_assessment": ("F03",),
    "legacy_assessment": ("F04",),
    "monitoring_visit": ("F15",),
    "plan": ("F08",),
    "renew_options": ("F05",),
    "return_interview": ("F06",),
    "review": ("F16",),
}
"""Tasks that signing a form settles; F16 when it is endorsed."""
BY_HAND = frozenset(
    {
        *(
            "inform_dinas",
            "inform_parents",
            "inform_police",
            "inform_head",
            "identity_documents",
            "death_certificate",
            "contact_plan",
            "legacy_decision",
        ),
        *("relocation_plan", "frequent_moves", "emergency_again", "investigation_plan", "monitoring_concern"),
        *("leaving_care_plan", "leaving_care_final", "birth_registration", "dinas_report", "emergency_capacity"),
        *("permanency_decision", "permanency_review_18", "permanency_review_24"),
        *("head_emergency", "head_legacy", "head_exit", "head_capacity"),
    }
)
"""Tasks of which somebody says what was done."""
ESCALATED: Mapping[str, str] = {
    "emergency_capacity": "head_capacity",
    "emergency_limit": "head_emergency",
    "exit_after_18": "head_exit",
    "glass_review": "head_glass",
    "legacy_decision": "head_legacy",
}
"""Tasks of which the head of the office is reminded every day once they are overdue, and the kind of task that reminds."""
OUTLIVES = frozenset({"data_request", "glass_review", "head_glass"})
"""Tasks about what somebody did or asked, not about the child's care: they stay when a case comes to its end."""
HEAD = ("dinas_head",)
RESERVED: Mapping[str, tuple[str, ...]] = {
    "data_request": ("supervisor", *HEAD),
    "emergency_again": ("supervisor", *HEAD),
    "frequent_moves": ("supervisor", *HEAD),
    "glass_review": ("supervisor", *HEAD),
    "permanency_decision": ("supervisor", *HEAD),
    "permanency_review_18": HEAD,
    "permanency_review_24": HEAD,
    **dict.fromkeys(ESCALATED.values(), HEAD),
}
"""Tasks that are somebody's own to decide, and whose: nobody else reports them as done."""
FIELD_WORK: Mapping[str, str] = {"field_tracing": "F05", "field_visit": "F15", "field_check": ""}
"""What somebody is asked to do in the field, and the form by which it is done: "" where it is a verification. Each is one person's own."""
