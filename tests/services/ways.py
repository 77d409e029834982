"""Ways that a story goes: what the rehearsals sign at each stop, one after the other."""

ADMISSION = ("care_planning", "family_options_ruled_out", "ready_for_admission")
"""Everything an admission to an institution needs is there: what remains is to ask."""
KIN = ("care_planning", "ready_for_kinship_care")
"""Everything for the care by an aunt is there."""
IN_CARE = (*ADMISSION, "institutional_care")
"""A child of eleven who was admitted to `harapan` three days ago."""
