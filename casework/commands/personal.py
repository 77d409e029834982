"""The page about personal data (docs/personal-data.md): from the inventory of the schema, in both languages, never written by hand."""

from collections.abc import Iterator

from casework.store.inventory import HOW, NOTHING, ROWS
from casework.words import Language, Words

MADE = Words(
    "Dibuat oleh `casework check --personal` dari `casework/store/inventory.py`; jangan disunting.",
    "Made by `casework check --personal` from `casework/store/inventory.py`; not to be edited.",
)
TITLE = Words("Di mana data pribadi berada", "Where personal data stands")
INTRODUCTION = Words(
    "Setiap kolom basis data, dan bagaimana disimpan. Kolom yang tidak ada di sini ditolak oleh uji.",
    "Every column of the database, and how it is kept. A column that is not here is refused by a test.",
)
HEADINGS = (Words("Tabel", "Table"), Words("Kolom", "Column"), Words("Disimpan", "Kept"), Words("Isi dan alasan", "What and why"))
REST = Words("Tidak berkata apa-apa tentang orang", "Says nothing about a person")
REST_WHY = Words(
    "Pengenal, waktu, jumlah, garam, serta hal tentang lembaga dan program.",
    "Ids, moments, counts, salts, and what concerns organisations and the program.",
)


def page() -> str:
    """Return the whole page."""
    return "\n".join((*_part("id"), "", *_part("en"))) + "\n"


def _part(language: Language) -> Iterator[str]:
    yield from (f"# {TITLE.to(language)}", "", f"*{MADE.to(language)}*", "", INTRODUCTION.to(language), "")
    yield f"| {' | '.join(words.to(language) for words in HEADINGS)} |"
    yield f"|{'---|' * len(HEADINGS)}"
    for row in ROWS:
        for column in row.columns.split():
            yield f"| `{row.table}` | `{column}` | {HOW[row.how].to(language)} | {row.why.to(language)} |"
    yield from ("", f"## {REST.to(language)}", "", REST_WHY.to(language), "")
    yield from (f"* `{table}`: {', '.join(f'`{column}`' for column in columns.split())}" for table, columns in NOTHING.items())
