"""What codes that guards speak of are called. Words only: no rule rests on them."""

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
