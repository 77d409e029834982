"""What codes that guards, lists and papers speak of are called, each once. Words only: no rule rests on them."""

from collections.abc import Mapping

from casework.words import Words

STANDING: dict[str, Words] = {
    "registered": Words("terdaftar", "registered"),
    "active": Words("aktif", "active"),
    "restricted": Words("dibatasi", "restricted"),
    "suspended": Words("dibekukan", "suspended"),
    "revoked": Words("dicabut", "revoked"),
    "expired": Words("izin habis", "licence expired"),
}
"""What a host's status is called."""

LADDER: Mapping[int, Words] = {
    1: Words("keluarga inti", "own family"),
    2: Words("keluarga besar/kerabat", "kin"),
    3: Words("keluarga pengganti", "substitute family"),
    4: Words("LKSA", "institution"),
}
"""What the rungs of the ladder of care are called, family first."""

OPTIONS: Mapping[str, Words] = {
    "nuclear": LADDER[1],
    "kin": Words("kerabat", "kin"),
    "foster": Words("orang tua asuh", "foster parents"),
    "guardianship": Words("perwalian", "guardianship"),
    "adoption": Words("pengangkatan anak", "adoption"),
}
"""What care by a family is called, by the rung of its option sheet (F05)."""

FINDINGS: Mapping[str, Words] = {
    "open": Words("masih terbuka", "still open"),
    "suitable": Words("layak", "suitable"),
    "ruled_out": Words("tersingkir", "ruled out"),
    "not_applicable": Words("tidak berlaku", "not applicable"),
}
"""What an option sheet found."""

SETTINGS: Mapping[str, Words] = {
    **OPTIONS,
    "family": LADDER[1],
    "institution": LADDER[4],
    "emergency": Words("darurat", "emergency"),
    "trial_home": Words("uji coba pulang", "trial at home"),
    "independent": Words("mandiri", "independent"),
    "closure": Words("pengakhiran layanan", "closure of services"),
}
"""Where a plan, or the child's view of it, sees the child."""
