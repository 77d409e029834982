"""What stands only in cells, summed up for an office: how many, never who (decision 0037)."""

from sqlalchemy import Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text

from casework.store.schema.columns import metadata, need

report_sum = Table(
    "report_sum",
    metadata,
    Column("office_id", Text, ForeignKey("office.id"), nullable=False),
    need("report"),
    need("first"),
    need("second"),
    need("third"),
    Column("n", Integer, nullable=False),
    need("counted_at"),
    PrimaryKeyConstraint("office_id", "report", "first", "second", "third"),
)
"""`first`, `second` and `third` are what a report counts by: codes of closed lists, a district, a month. Written anew every day."""
