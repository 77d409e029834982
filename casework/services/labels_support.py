"""What the fields of a package of family support (F26), and those that stand for the rights of children, are called."""

from __future__ import annotations

SUPPORT_LABELS: tuple[tuple[str, str, str], ...] = (
    ("SupportPackage.kind", "Jenis dukungan", "Kind of support"),
    ("help", "Bentuk bantuan", "Form of help"),
    ("SupportPackage.what", "Dukungan yang diberikan", "What is given"),
    ("family_problem", "Masalah keluarga yang menghambat pengasuhan", "Family problem that hinders care"),
    ("separation", "Apakah pemisahan anak dari keluarga dipertimbangkan atau diminta?", "Was separation considered or asked for?"),
    ("separation_because", "Bila ya: oleh siapa, dan mengapa", "If so: by whom, and why"),
    ("sessions", "Jumlah pertemuan (psikososial)", "Number of sessions (psychosocial)"),
    ("ends_on", "Berakhir", "Ends on"),
    ("agreed_on", "Disetujui keluarga pada", "The family agreed on"),
    ("SupportPackage.signatures", "Tanda tangan keluarga", "The family's signature"),
    ("deliveries", "Penyerahan", "Deliveries"),
    ("Delivery.what", "Yang diserahkan", "What was delivered"),
    ("delivered_by", "Diserahkan oleh", "Delivered by"),
    ("Delivery.proof", "Bukti (kuitansi, daftar hadir, foto)", "Proof (receipt, attendance list, photograph)"),
    ("delivery_complete", "Seluruh dukungan sudah diserahkan?", "Was everything delivered?"),
    ("evaluated_on", "Dinilai bersama keluarga pada", "Evaluated with the family on"),
    ("SupportPackage.result", "Hasil dukungan", "Result of the support"),
    ("result_because", "Alasan penilaian itu", "Why it is judged so"),
    ("SupportPackage.stopped_because", "Bila dihentikan: alasannya", "If stopped: why"),
    ("stopped_note", "Penjelasan penghentian", "Explanation of the stop"),
    (
        "CarePlan.protection",
        "Perlindungan dari kekerasan, penelantaran, eksploitasi",
        "Protection from violence, neglect, exploitation",
    ),
    ("participation", "Cara anak didengar dan ikut memutuskan", "How the child is heard and takes part in decisions"),
    ("rights_not_needed", "Kelompok itu, dan alasannya", "That group, and why"),
    ("right", "Kelompok hak", "Group of rights"),
)
