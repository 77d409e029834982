"""Examples of the guard of a data breach: guards/breaches.py."""

from msgspec.structs import replace

from casework.machines.engine import Ask
from casework.machines.facts import Process
from casework.machines.offices import OfficeFacts
from tests.machines.builders import HEAD, PARAMS, SUPERVISOR, ago
from tests.machines.guard_book import Book
from tests.machines.samples import NOW

BOOK = Book()
BREACH = Process("breach-1", "data_breach", 1, "notified", ago(3), ago(1), by=(SUPERVISOR,))
BY_THE_HEAD = OfficeFacts(NOW, PARAMS, Ask(HEAD, frozenset({"dinas_head"})), BREACH)

BOOK.holds("ended_by_another", "somebody else reported and handled it", BY_THE_HEAD)
BOOK.fails("ended_by_another", "the same person reported it", replace(BY_THE_HEAD, process=replace(BREACH, by=(HEAD, SUPERVISOR))))
BOOK.fails("ended_by_another", "the same person took a later step", replace(BY_THE_HEAD, process=replace(BREACH, by=(SUPERVISOR, HEAD))))
