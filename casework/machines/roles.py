"""The roles of DOMAIN 4, with the words people know them by."""

from casework.words import Words

ROLES: dict[str, Words] = {
    "reporter": Words("masyarakat/pelapor", "reporter"),
    "tksk": Words("TKSK (Tenaga Kesejahteraan Sosial Kecamatan)", "TKSK (subdistrict welfare officer)"),
    "psm": Words("PSM (Pekerja Sosial Masyarakat)", "PSM (community social worker)"),
    "social_worker": Words("pekerja sosial yang ditugaskan", "the assigned social worker"),
    "social_worker_on_duty": Words("pekerja sosial yang bertugas", "a social worker on duty"),
    "supervisor": Words("supervisor", "supervisor"),
    "dinas_head": Words("Kepala Dinas Sosial", "head of the social office"),
    "lksa_head": Words("kepala LKSA", "head of the institution (LKSA)"),
    "lksa_staff": Words("petugas LKSA", "institution (LKSA) staff"),
    "province_officer": Words("petugas Dinsos Provinsi", "provincial officer"),
    "auditor": Words("auditor (inspektorat)", "auditor"),
    "data_protection_officer": Words("Pejabat Pelindungan Data Pribadi", "data protection officer"),
    "admin": Words("admin sistem", "system administrator"),
    "glass_reader": Words("pembaca dengan akses darurat", "reader who broke the glass"),
    "system": Words("sistem, sebagai akibat langkah lain", "the system, as the effect of another step"),
    "clock": Words("sistem, karena waktu", "the system, because of the time"),
}

ACCOUNT_ROLES: frozenset[str] = frozenset(ROLES) - {"social_worker_on_duty", "glass_reader", "reporter", "system", "clock"}
"""Roles an account can hold; `social_worker_on_duty` is a capacity, held by every social worker of the office."""


def account_words(role: str) -> Words:
    """Return how a role is called on an account: there a social worker is not yet the assigned one of any case."""
    return Words("pekerja sosial", "social worker") if role == "social_worker" else ROLES.get(role, Words(role, role))
