"""Invented names. Every word is a common one; who bears which is drawn."""

from __future__ import annotations

from random import Random

GIRLS = (
    "Aisyah", "Amelia", "Anisa", "Aulia", "Ayu", "Bunga", "Cahaya", "Citra", "Dahlia", "Dewi", "Dina", "Eka", "Elisa", "Fadila",
    "Fatimah", "Fitri", "Gita", "Hana", "Hesti", "Indah", "Intan", "Kartika", "Kirana", "Laila", "Lestari", "Lina", "Maharani", "Maria",
    "Maya", "Melati", "Mutiara", "Nabila", "Nadia", "Nayla", "Nisa", "Novita", "Nur", "Permata", "Putri", "Rahma", "Ratna", "Rina",
    "Rosa", "Salma", "Salsabila", "Sari", "Siti", "Suci", "Tiara", "Utami", "Vina", "Wulan", "Yanti", "Yulia", "Zahra",
)  # fmt: skip
BOYS = (
    "Abdul", "Adi", "Aditya", "Agung", "Agus", "Ahmad", "Akbar", "Alif", "Andi", "Angga", "Arif", "Arya", "Bagas", "Bambang", "Bayu",
    "Bima", "Budi", "Candra", "Daffa", "Danang", "Deni", "Dimas", "Dodi", "Eko", "Fadli", "Fajar", "Farhan", "Fauzan", "Ferdi", "Galih",
    "Gilang", "Hadi", "Hafiz", "Hasan", "Hendra", "Ibnu", "Ilham", "Irfan", "Joko", "Kevin", "Lukman", "Maulana", "Muhammad", "Nanda",
    "Naufal", "Pandu", "Raka", "Rama", "Rangga", "Rendi", "Reza", "Rian", "Rizki", "Satria", "Surya", "Taufik", "Wahyu", "Yoga", "Yusuf",
    "Zaki",
)  # fmt: skip
LAST = (
    "Ananda", "Anwar", "Apui", "Ariani", "Azzahra", "Baskara", "Batara", "Budiman", "Darmawan", "Effendi", "Fadilah", "Firmansyah",
    "Gunawan", "Hakim", "Halim", "Handayani", "Harahap", "Hidayat", "Idrus", "Irawan", "Iskandar", "Jalung", "Junaidi", "Kurniawan",
    "Kusuma", "Lawai", "Liah", "Mahendra", "Marwan", "Mulyadi", "Nainggolan", "Ningsih", "Nugraha", "Pasaribu", "Pradana", "Pramudya",
    "Prasetyo", "Pratama", "Purnama", "Rahman", "Ramadhan", "Rasyid", "Saputra", "Setiawan", "Siregar", "Suharto", "Sulaiman", "Suryadi",
    "Syahputra", "Tamrin", "Tanjung", "Usman", "Wardana", "Wibowo", "Wijaya", "Wulandari", "Yunus", "Zain", "Zulkarnain",
)  # fmt: skip
HOUSES = (
    "Amanah", "Bahagia", "Berkah", "Bina", "Cahaya", "Cempaka", "Damai", "Etam", "Fajar", "Harapan", "Insani", "Kasih", "Kenanga",
    "Lestari", "Mandiri", "Mekar", "Mentari", "Mutiara", "Nurani", "Pelita", "Permata", "Sejahtera", "Sentosa", "Tunas",
)  # fmt: skip


def woman(lots: Random) -> str:
    """Draw a woman's or a girl's name."""
    return _full(GIRLS, lots)


def man(lots: Random) -> str:
    """Draw a man's or a boy's name."""
    return _full(BOYS, lots)


def _full(first: tuple[str, ...], lots: Random) -> str:
    """Two words; one in three people has a third."""
    name = f"{first[int(lots.random() * len(first))]} {LAST[int(lots.random() * len(LAST))]}"
    return f"{first[int(lots.random() * len(first))]} {name}" if lots.random() < 1 / 3 else name
