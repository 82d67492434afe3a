"""Moments as numbers, counted by the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class seconds_since_1970(GenericFunction[int]):
    """The whole seconds from 1970 (UTC) to a moment: fractions are dropped."""

    type = BigInteger()
    inherit_cache = True


@compiles(seconds_since_1970, "sqlite")
def _for_sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    # SQLite would round: what is stored as text begins with the whole seconds.
    moment = compiler.process(element.clauses, **more)
    return f"CAST(strftime('%s', substr({moment}, 1, 19)) AS INTEGER)"


@compiles(seconds_since_1970, "postgresql")
def _for_postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:
    moment = compiler.process(element.clauses, **more)
    return f"CAST(floor(extract(epoch FROM {moment})) AS BIGINT)"
