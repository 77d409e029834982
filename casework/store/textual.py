"""Stored bytes as text, so that they fit into one answer with everything else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class as_text(GenericFunction[str]):  # noqa: N801 - it is written as an SQL function
    """Stored UTF-8 bytes as text."""

    type = Text()
    inherit_cache = True


class as_hex(GenericFunction[str]):  # noqa: N801 - it is written as an SQL function
    """Stored random bytes as hexadecimal digits."""

    type = Text()
    inherit_cache = True


@compiles(as_text, "sqlite")
def _as_text_sqlite(element: as_text, compiler: SQLCompiler, **named: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **named)} AS TEXT)"


@compiles(as_text, "postgresql")
def _as_text_postgresql(element: as_text, compiler: SQLCompiler, **named: Any) -> str:
    return f"convert_from({compiler.process(element.clauses, **named)}, 'UTF8')"


@compiles(as_hex, "sqlite")
def _as_hex_sqlite(element: as_hex, compiler: SQLCompiler, **named: Any) -> str:
    return f"hex({compiler.process(element.clauses, **named)})"


@compiles(as_hex, "postgresql")
def _as_hex_postgresql(element: as_hex, compiler: SQLCompiler, **named: Any) -> str:
    return f"encode({compiler.process(element.clauses, **named)}, 'hex')"
