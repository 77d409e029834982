"""What the sources ask for that rules cite, each in a sentence: why a rule is there. Their own names stand in `machines/law.py`.

It is a reading aid for people, not the text of the law; how sure the reading is, the provenance mark beside each source says.
"""

from __future__ import annotations

from collections.abc import Mapping

from casework.words import Words

MEANT: Mapping[str, Words] = {
    "SEEN": Words(
        "Kami membaca naskah sumbernya.",
        "We read the source's own text.",
    ),
    "SEEN-2": Words(
        "Kami membaca naskah lain yang mengutip atau menerapkan sumber ini.",
        "We read another text that quotes or applies this source.",
    ),
    "BG-H": Words(
        "Pengetahuan umum yang kuat; naskahnya belum kami baca sendiri.",
        "Well-established general knowledge; we have not read the text itself.",
    ),
    "BG-M": Words(
        "Masih harus dikonfirmasi Dinas Sosial sebelum disebut hukum.",
        "To be confirmed by the social office before it is called law.",
    ),
    "BG-L": Words(
        "Masih harus dikonfirmasi Dinas Sosial sebelum disebut hukum.",
        "To be confirmed by the social office before it is called law.",
    ),
    "DESIGN": Words(
        "Tidak ada sumber yang menetapkannya: ini ketentuan aplikasi, dan kantor boleh mengubah angkanya.",
        "No source fixes it: it is a rule of this program, and the office may change its numbers.",
    ),
}
"""What each provenance mark means."""

_SOURCES: tuple[tuple[str, str, str], ...] = (
    (
        "UUPA 7, 14, 26",
        "Anak berhak mengetahui dan diasuh orang tuanya sendiri; orang tua berkewajiban mengasuh.",
        "A child has the right to know its parents and to be cared for by them; the parents have the duty.",
    ),
    (
        "UUPA 14(1)",
        "Anak diasuh orang tuanya, kecuali ada alasan sah bahwa pemisahan adalah demi kepentingan terbaik anak dan pertimbangan terakhir.",
        "A child is cared for by its parents, unless there is a lawful reason that parting is in its best interests and the last resort.",
    ),
    (
        "UUPA 26(2)",
        "Bila orang tua tiada atau tidak mampu, kewajiban mengasuh dapat beralih kepada keluarga.",
        "Where parents are absent or unable, the duty of care may pass to the family.",
    ),
    (
        "UUPA 27(4)",
        "Setiap anak berhak atas akta kelahiran, juga bila asal-usulnya tidak diketahui.",
        "Every child has the right to a birth certificate, also one of unknown origin.",
    ),
    (
        "UUPA 30-32, 57-58",
        "Orang tua mengetahui dan menyetujui setiap penempatan; hanya pengadilan yang dapat memutuskan lain.",
        "Parents know of and agree to every placement; only a court may decide otherwise.",
    ),
    ("UUPA 33(3)", "Wali harus seagama dengan anak.", "A guardian must share the child's religion."),
    ("UUPA 33-36", "Perwalian ditetapkan pengadilan.", "Guardianship is determined by a court."),
    (
        "UUPA 37(3)(4)",
        "Lembaga berdasar agama hanya mengasuh anak yang seagama; lembaga lain menghormati agama anak.",
        "A religious institution cares only for children of its own religion; any other respects the child's.",
    ),
    ("UUPA 39(3)", "Orang tua angkat harus seagama dengan anak.", "Adoptive parents must share the child's religion."),
    (
        "UUPA 39-41",
        "Pengangkatan hanya demi kepentingan terbaik anak, dan tidak memutus hubungan darah.",
        "Adoption is only for the child's best interests, and never cuts the relation by blood.",
    ),
    (
        "UUPA 10, 24",
        "Anak berhak menyatakan pendapat dan didengar sesuai usianya.",
        "A child has the right to say what it thinks, and to be heard according to its age.",
    ),
    (
        "UUPA 76A-76J, 77-90",
        "Kekerasan, penelantaran, dan eksploitasi terhadap anak dilarang dan diancam pidana.",
        "Violence, neglect and exploitation of children are forbidden and punished.",
    ),
    (
        "SNPA pendekatan awal",
        "Dicatat siapa yang merujuk anak, siapa walinya, dan alasannya. LKSA tidak boleh merekrut anak.",
        "It is recorded who refers the child, who its guardian is, and why. An institution may not recruit children.",
    ),
    (
        "SNPA asesmen awal",
        "Asesmen awal mengenali kebutuhan anak, termasuk apakah ia dapat tetap bersama keluarganya.",
        "The initial assessment finds what the child needs, and whether it can stay with its family.",
    ),
    (
        "SNPA asesmen lanjutan",
        "Sesudah ada kesepakatan, masalah pengasuhan dinilai secara menyeluruh.",
        "After agreement, the problem of care is assessed as a whole.",
    ),
    (
        "SNPA IV.A",
        "LKSA hanya untuk anak yang keluarga inti dan kerabatnya tidak dapat mengasuh, dan bila tidak ada keluarga pengganti.",
        "An institution is only for a child whose own family and kin cannot care for it, and for whom there is no substitute family.",
    ),
    (
        "SNPA IV.A.4",
        "LKSA memutuskan layanan bersama anak dan keluarganya, dan menyatakan dapat menerima anak.",
        "The institution decides on its service together with child and family, and says whether it can take the child.",
    ),
    (
        "SNPA IV.A.5",
        "Ada kesepakatan tertulis antara anak, orang tua atau wali, dan LKSA; bila keluarga tidak diketahui, Dinas Sosial menjadi pihak.",
        "There is a written agreement of child, parents or guardian and institution; where the family is unknown, the office is a party.",
    ),
    (
        "SNPA IV.C.4a",
        "Segala bentuk kekerasan dilarang, juga dengan alasan mendisiplinkan.",
        "Every form of violence is forbidden, discipline included.",
    ),
    (
        "SNPA manajemen kasus",
        "Setiap anak punya rencana pengasuhan tertulis, dibahas bersama, dan ditinjau berkala.",
        "Every child has a written care plan, discussed together and reviewed regularly.",
    ),
    (
        "SNPA 'Pengguna Standar'",
        "Dinas Sosial yang berwenang menempatkan anak; kewenangan LKSA terbatas pada pengasuhan sehari-hari.",
        "The social office has the authority to place a child; an institution's is limited to day-to-day care.",
    ),
    (
        "SNPA staf dan relawan",
        "Pengurus, petugas, dan relawan bersih dari catatan kekerasan, menandatangani kode etik, dan dilatih.",
        "Board, staff and volunteers have a clean record, sign a code of conduct, and are trained.",
    ),
    (
        "SNPA pelaporan kekerasan",
        "Setiap dugaan kekerasan dicatat dan dilaporkan ke Dinas Sosial; tindak pidana juga ke polisi dan Kementerian Sosial.",
        "Every suspicion of violence is recorded and reported to the social office; a crime also to the police and the ministry.",
    ),
    (
        "SNPA fasilitas",
        "LKSA hanya menerima anak sebanyak tempat dan pengasuhnya.",
        "An institution takes no more children than it has room and caregivers for.",
    ),
    (
        "SNPA pengakhiran",
        "Pengakhiran direncanakan bersama anak dan keluarga, dengan serah terima resmi.",
        "An ending is planned with child and family, with a formal handover.",
    ),
    (
        "PP 44/2017; Permensos 1/2020",
        "Orang tua asuh lulus seleksi dan verifikasi, seagama dengan anak, dan menyatakan tidak akan melakukan kekerasan.",
        "Foster parents pass selection and verification, share the child's religion, and declare themselves against violence.",
    ),
    (
        "PP 29/2019",
        "Syarat wali: usia, kesehatan, kelakuan baik, kemampuan, dan surat pernyataan.",
        "A guardian's conditions: age, health, good conduct, means, and written statements.",
    ),
    (
        "PP 29/2019 art. 3",
        "Wali dicari berurutan: keluarga anak, saudara, lalu orang lain.",
        "A guardian is looked for in order: the child's family, relatives, then others.",
    ),
    (
        "Permensos 7/2024",
        "Tata cara penunjukan wali, dengan pertimbangan tim dan rekomendasi kepala daerah.",
        "How a guardian is appointed, with a team's advice and the recommendation of the head of the region.",
    ),
    (
        "PP 54/2007; Permensos 110/2009",
        "Pengangkatan anak memerlukan izin, masa pengasuhan enam bulan, laporan sosial, dan putusan pengadilan.",
        "Adoption needs permits, six months of care, social reports, and the decision of a court.",
    ),
    (
        "Kemensos, Kebijakan Pengasuhan Alternatif 2021",
        "Urutan pengasuhan: keluarga sampai derajat ketiga, orang tua asuh, perwalian, pengangkatan, dan lembaga paling akhir.",
        "The order of care: family to the third degree, foster parents, guardianship, adoption, and the institution last.",
    ),
    (
        "UU 24/2013 art. 27",
        "Kelahiran dilaporkan paling lambat 60 hari.",
        "A birth is reported within 60 days.",
    ),
    (
        "UU 27/2022",
        "Data anak diproses secara khusus: dengan persetujuan orang tua atau dasar hukum lain; kebocoran diberitahukan dalam 3×24 jam.",
        "A child's data is handled with special care: by the parents' consent or another legal basis; a breach is told within 3×24 hours.",
    ),
    (
        "UN Guidelines 15",
        "Kemiskinan saja tidak pernah menjadi alasan memisahkan anak dari keluarganya; keluarga harus didukung.",
        "Poverty alone is never a reason to part a child from its family; the family is to be supported.",
    ),
    (
        "UN Guidelines 17",
        "Saudara kandung tidak dipisahkan, kecuali ada risiko yang jelas.",
        "Brothers and sisters are not parted, unless there is a clear risk.",
    ),
    (
        "UN Guidelines 21-22",
        "Pengasuhan di lembaga hanya bila perlu dan cocok; anak di bawah tiga tahun diasuh dalam keluarga.",
        "Residential care only where it is necessary and right; children under three are cared for in families.",
    ),
    (
        "UN Guidelines 49-52",
        "Anak pulang secara bertahap dan didampingi, dengan rencana tertulis.",
        "A child returns home step by step and accompanied, by a written plan.",
    ),
    (
        "UN Guidelines 57",
        "Anak ikut didengar dalam setiap keputusan tentang pengasuhannya.",
        "A child is heard in every decision about its care.",
    ),
    ("UN Guidelines 60", "Sering berpindah tempat merugikan anak.", "Moving often harms a child."),
    (
        "UN Guidelines 67",
        "Penempatan ditinjau secara berkala, sebaiknya sekurang-kurangnya setiap tiga bulan.",
        "A placement is reviewed regularly, preferably at least every three months.",
    ),
    (
        "UN Guidelines 131-136",
        "Anak yang akan lepas asuh disiapkan sejak dini dan didampingi sesudahnya.",
        "A child who will leave care is prepared early and accompanied afterwards.",
    ),
    (
        "Inter-Agency Guidelines on Children's Reintegration",
        "Pemulangan adalah proses panjang: mencari, menilai, menyiapkan, mencoba, lalu memantau.",
        "Coming home is a long process: to trace, to assess, to prepare, to try, and then to watch over.",
    ),
    (
        "Inter-Agency Guidelines for Case Management",
        "Setiap kasus punya penanggung jawab, langkah yang tercatat, dan kriteria untuk menutupnya.",
        "Every case has somebody responsible, recorded steps, and criteria for closing it.",
    ),
    (
        "Manitoba CFS 1.1.4-1.1.5 (comparator)",
        "Pembanding dari luar negeri: kapan anak ditemui langsung dan kapan kasus ditinjau.",
        "A comparison from abroad: when a child is seen in person, and when a case is reviewed.",
    ),
    (
        "Dinas Sosial Riau, standar pelayanan",
        "Rujukan ke lembaga provinsi disertai surat Kepala Dinas dan laporan pekerja sosial.",
        "A referral to a provincial institution comes with the head of office's letter and a social worker's report.",
    ),
    (
        "Identitas tidak boleh diubah (seed)",
        "Identitas anak tidak boleh diubah, dan dokumennya dilengkapi.",
        "A child's identity may not be changed, and its papers are completed.",
    ),
    (
        "Permensos 184/2011; Permensos 22/2016",
        "Hanya lembaga yang terdaftar yang boleh mengasuh anak; Dinas Sosial mendaftar, mengawasi, dan dapat mencabut.",
        "Only a registered institution may care for children; the social office registers, supervises and may revoke.",
    ),
    ("Permensos 17/2012", "Lembaga kesejahteraan sosial wajib diakreditasi.", "Social welfare institutions must be accredited."),
    (
        "UU 23/2014; PP 2/2018; Permensos 9/2018",
        "Rehabilitasi di dalam panti adalah tugas provinsi; di luar panti tugas kabupaten.",
        "Rehabilitation inside institutions is the province's task; outside them it is the regency's.",
    ),
    (
        "SNPA/IACM Appendix 2",
        "Yang mengusulkan dan yang menyetujui adalah orang yang berbeda.",
        "Who proposes and who approves are different people.",
    ),
    (
        "Permensos 14/2020 art. 1",
        "Pekerjaan sosial dilakukan terencana, terpadu, berkesinambungan, dan tersupervisi.",
        "Social work is planned, integrated, continuous and supervised.",
    ),
)
_PRODUCT: tuple[tuple[str, str, str], ...] = (
    (
        "2.3, 7.1.3",
        "Darurat itu singkat, disahkan sesudahnya, dan selalu punya jalan keluar.",
        "An emergency is short, ratified afterwards, and always has a way out.",
    ),
    (
        "2.7, 7.7",
        "Tidak ada anak yang dilupakan: setiap penempatan punya review dengan tanggalnya.",
        "No child is forgotten: every placement has a review with a date.",
    ),
    (
        "2.9",
        "Pengirim bertanggung jawab sampai penerima menjawab tertulis.",
        "The sender is responsible until the receiver answers in writing.",
    ),
    (
        "2.10-2.11",
        "Anak pulang lewat uji coba yang dikunjungi, lalu dipantau.",
        "A child goes home by way of a trial that is visited, and is watched over then.",
    ),
    (
        "2.12",
        "Anak yang hilang dicari, dilaporkan, dan didengar sesudah kembali.",
        "A missing child is looked for, reported, and heard when it is back.",
    ),
    ("4", "Setiap orang berbuat hanya yang menjadi wewenangnya.", "Everybody does only what is theirs to do."),
    ("7", "Supaya setiap langkah terbukti, dan tidak ada jalan memutar.", "So that every step is proven, and there is no way round."),
    ("7.0", "Urutan pengasuhan tidak dapat dilompati.", "The order of care cannot be skipped."),
    ("7.1", "Keputusan tentang anak diambil lebih dari satu orang.", "Decisions about a child are taken by more than one person."),
    (
        "7.1.1",
        "'Tersingkir' harus terbukti: dicari, dihubungi, dinilai, didukung, dan diverifikasi orang lain.",
        "'Ruled out' must be proven: traced, contacted, assessed, supported, and verified by somebody else.",
    ),
    (
        "7.1.5",
        "Anak yang sudah tinggal di LKSA didata apa adanya; pendataan tidak mengesahkan penempatannya.",
        "Children who already live in an institution are listed as they are; being listed approves no placement.",
    ),
    (
        "7.2",
        "Persetujuan berlaku untuk bukti yang dibaca penyetuju, bukan untuk bukti yang berubah sesudahnya.",
        "An approval holds for the evidence that was read, not for what changed afterwards.",
    ),
    (
        "7.10",
        "Dokumen identitas diurus dalam 30 hari dan ditagih sampai ada.",
        "Identity papers are applied for within 30 days, and chased until they are there.",
    ),
)

WHY: Mapping[str, Words] = {source: Words(indonesian, english) for source, indonesian, english in _SOURCES} | {
    f"ketentuan aplikasi / product rule {number}": Words(indonesian, english) for number, indonesian, english in _PRODUCT
}
"""Why there is a rule, by the source that it cites."""
