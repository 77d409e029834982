"""The one MetaData, its naming convention, and the columns that every table is made of.

Instants are text in UTC with microseconds (`2026-11-22T02:20:25.123456Z`): sortable, and the same on both engines. Calendar dates are ISO
text. Flags are 0 or 1.
"""

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, Text

from casework.store.sealing import Sealed

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def one_of(column: str, *values: str) -> CheckConstraint:
    """Return the check that a column holds one of a closed list of words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def own_id() -> Column[str]:
    """Return the key column of a table whose rows have an id of their own (store/ids.py)."""
    return Column("id", Text, primary_key=True)


def need(name: str, *rest: ForeignKey) -> Column[str]:
    """Return a text column that is never empty of a value."""
    return Column(name, Text, *rest, nullable=False)


def personal(name: str) -> Column[str]:
    """Return a column that always holds a personal value, as a cell (store/sealing.py)."""
    return Column(name, Sealed, nullable=False)
