"""What the office answered stays as it was written: a later answer is another row."""

from casework.store.walls.rules import _never, _no_replace

QUESTION_RULES = (_no_replace("question_answer", "id"), *_never("question_answer", "update", "delete"))
