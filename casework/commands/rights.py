"""The page about rights (docs/policy.md): from the table that is enforced, in both languages, never written by hand."""

from collections.abc import Iterator

from casework.machines.policy import ACTIONS, CAPACITIES, RELATIONS, ROWS, Rule, Verdict
from casework.machines.policy.terms import ACTION_WORDS
from casework.machines.roles import ROLES, account_words
from casework.words import Language, Words

MADE = Words(
    "Dibuat oleh `casework check --policy` dari `casework/machines/policy/`; jangan disunting.",
    "Made by `casework check --policy` from `casework/machines/policy/`; not to be edited.",
)
TITLE = Words("Siapa boleh apa", "Who may do what")
INTRODUCTION = Words(
    "Baris pertama yang cocok menentukan; yang tidak diizinkan baris mana pun ditolak. Beberapa jabatan pada satu orang: putusan terbaik "
    "yang berlaku, tetapi orang yang sama tidak pernah menjadi dua orang (empat mata). Siapa meminta langkah dan siapa menyetujuinya "
    "tertulis pada baris tabel mesin (`by`, `approvals`); siapa menandatangani formulir, pada katalog formulir. Kasus milik orang lain "
    "tidak ditemukan, bukan dilarang. `step_up` berarti bukti baru atas diri orang itu pada "
    "sesinya (`proof_minutes`); di terminal, yang duduk di depannya sudah terbukti.",
    "The first row that fits decides; what no row allows is denied. Of several capacities of one person the best verdict counts, but the "
    "same person never counts as two (four eyes). Who asks for a step, and who approves it, stands in the row of the machine's own table "
    "(`by`, `approvals`); who signs a form, in the catalogue of forms. Somebody else's case is not found, never forbidden. `step_up` means "
    "a fresh proof of the person on the session (`proof_minutes`); at a terminal, whoever sits there is proof enough.",
)
PEOPLE = Words("Jabatan dan hubungan", "Roles and relations")
PEOPLE_HEADINGS = (Words("Kode", "Code"), Words("Jabatan", "Role"), Words("Hubungan", "Relation"))
DEEDS = Words("Tindakan", "Actions")
DEED_HEADINGS = (Words("Kode", "Code"), Words("Arti", "Meaning"))
TABLE = Words("Tabel", "The table")
HEADINGS = (
    Words("Baris", "Row"),
    Words("Siapa", "Who"),
    Words("Tindakan", "Action"),
    Words("Tentang", "Of"),
    Words("Tahap", "State"),
    Words("Putusan", "Verdict"),
    Words("Alasan", "Reason"),
    Words("Sumber", "Source"),
)
VERDICT_WORDS: dict[Verdict, Words] = {
    "allow": Words("boleh", "allow"),
    "mask": Words("sebagian", "mask"),
    "step_up": Words("dengan bukti baru", "step-up"),
    "deny": Words("tidak", "deny"),
}
ANYTHING = Words("apa pun", "any")


def page() -> str:
    """Return the whole page."""
    return "\n".join((*_part("id"), "", *_part("en"))) + "\n"


def _part(language: Language) -> Iterator[str]:
    yield from (f"# {TITLE.to(language)}", "", f"*{MADE.to(language)}*", "", INTRODUCTION.to(language))
    yield from ("", f"## {PEOPLE.to(language)}", "", *_table(PEOPLE_HEADINGS, _people(language), language))
    yield from ("", f"## {DEEDS.to(language)}", "", *_table(DEED_HEADINGS, _deeds(language), language))
    yield from ("", f"## {TABLE.to(language)}", "", *_table(HEADINGS, (_row(row, language) for row in ROWS), language))


def _table(headings: tuple[Words, ...], rows: Iterator[tuple[str, ...]], language: Language) -> Iterator[str]:
    yield f"| {' | '.join(words.to(language) for words in headings)} |"
    yield f"|{'---|' * len(headings)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _people(language: Language) -> Iterator[tuple[str, ...]]:
    for code, known in CAPACITIES.items():
        yield f"`{code}`", account_words(known.role).to(language), RELATIONS[known.relation].to(language)


def _deeds(language: Language) -> Iterator[tuple[str, ...]]:
    yield from ((f"`{action}`", ACTION_WORDS[action].to(language)) for action in ACTIONS)


def _row(row: Rule, language: Language) -> tuple[str, ...]:
    who = ANYTHING.to(language) if {*row.who} == {*CAPACITIES} else ", ".join(ROLES[one].to(language) for one in row.who)
    told = (f"`{row.code}`", who, ", ".join(f"`{one}`" for one in row.may))
    return (
        *told,
        _named(row.of, language),
        _named(row.states, language),
        VERDICT_WORDS[row.verdict].to(language),
        row.why.to(language),
        row.source,
    )


def _named(codes: tuple[str, ...], language: Language) -> str:
    return ANYTHING.to(language) if "*" in codes else ", ".join(f"`{one}`" for one in codes)
