"""Official papers: a signed record on the office's letterhead, numbered, with its code in the journal. The same record, the same bytes."""

from casework.papers.numbers import paper_number
from casework.papers.printing import printed

__all__ = ["paper_number", "printed"]
