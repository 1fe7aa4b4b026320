"""Tables that are kept of events, empty once more beside themselves, and what differs between the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from purveyor.db import Transaction
from purveyor_messaging.feed import LONGEST_SECONDS
from supplier_performance.categories.model import Category
from supplier_performance.database import Base
from supplier_performance.deliveries.model import (
    MovedPromise,
    OrderEvent,
    OrderLine,
    OrderSchedule,
    ReceivedLine,
    ReversedLine,
)
from supplier_performance.due.model import ScoreDue
from supplier_performance.facts.model import (
    DocumentStep,
    OrderedPrice,
    QualificationStep,
    RiskAssessment,
    ShipmentChange,
    ShipmentReceipt,
    ShippedLine,
)
from supplier_performance.groups.model import SupplierParent
from supplier_performance.suppliers.model import Supplier

OF_EVENTS: tuple[type[Base], ...] = (
    OrderLine,
    OrderSchedule,
    ReceivedLine,
    ReversedLine,
    MovedPromise,
    OrderEvent,
    OrderedPrice,
    ShippedLine,
    ShipmentChange,
    ShipmentReceipt,
    QualificationStep,
    DocumentStep,
    RiskAssessment,
    Supplier,
    SupplierParent,
    Category,
)
"""What is kept of events alone: whoever hears them all again has the same rows."""
BY_THE_WAY: tuple[type[Base], ...] = (ScoreDue,)
"""What events write beside, which is taken away once it was done."""
WHEN_HEARD = frozenset({"changed_at", "changed_in"})
"""Columns that say when this service heard of something, and not what it heard."""
SHOWN_ROWS = 3

ONE_STATE = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
SET LOCAL statement_timeout = 0;
SET LOCAL transaction_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0
"""
BESIDE = "CREATE TEMPORARY TABLE {table} (LIKE {schema}.{table} INCLUDING ALL)"
"""A table of the session's own, which hides the real one from whoever names it without its schema."""
ONLY = """
SELECT {keys} FROM (
  SELECT {columns} FROM {one}.{table} EXCEPT ALL SELECT {columns} FROM {other}.{table}
) AS differing
ORDER BY {keys}
"""
TEMPORARY = "pg_temp"


@dataclass(frozen=True, slots=True)
class TableDifference:
    """Rows of a table that are not what events say, or that lack."""

    table: str
    kept: Sequence[str]
    """By their keys, rows that no event says so."""
    told: Sequence[str]
    """Rows that events say and that are not there so."""

    def __str__(self) -> str:
        """Say it."""
        said = [
            f"{len(rows)} {what}, such as {'; '.join(rows[:SHOWN_ROWS])}"
            for what, rows in (
                ("kept that events do not say", self.kept),
                ("told and not kept so", self.told),
            )
            if rows
        ]
        return f"{self.table}: {'; '.join(said)}"


async def look_at_one_state(tx: Transaction) -> None:
    """Look at one state of the database, for as long as it takes; before anything else is asked."""
    await tx.connection.execute(ONE_STATE)


async def begin_beside(tx: Transaction) -> str:
    """Hide the tables behind empty ones until the savepoint ends; return the schema of the real ones."""
    schema: str = await tx.connection.fetchval("SELECT quote_ident(current_schema())")
    for mapped in (*OF_EVENTS, *BY_THE_WAY):
        await tx.connection.execute(BESIDE.format(table=mapped.__tablename__, schema=schema))
    await tx.connection.execute(f"SET LOCAL search_path = {TEMPORARY}, {schema}")
    return schema


async def forget_notes(tx: Transaction) -> None:
    """Take away what handlers have noted by the way."""
    await tx.flush()
    for mapped in BY_THE_WAY:
        await tx.connection.execute(f"TRUNCATE {TEMPORARY}.{mapped.__tablename__}")


async def differences(tx: Transaction, schema: str) -> list[TableDifference]:
    """Return the tables whose rows are not those that events have made beside them."""
    found = []
    for mapped in OF_EVENTS:
        await tx.connection.execute(f"ANALYZE {TEMPORARY}.{mapped.__tablename__}")
        kept = await _only(tx, mapped, schema, TEMPORARY)
        told = await _only(tx, mapped, TEMPORARY, schema)
        if kept or told:
            found.append(TableDifference(mapped.__tablename__, kept, told))
    return found


async def _only(tx: Transaction, mapped: type[Base], one: str, other: str) -> list[str]:
    table = mapped.__table__
    statement = ONLY.format(
        table=mapped.__tablename__,
        keys=", ".join(column.name for column in table.primary_key),
        columns=", ".join(column.name for column in table.columns if column.name not in WHEN_HEARD),
        one=one,
        other=other,
    )
    rows = await tx.connection.fetch(statement, timeout=LONGEST_SECONDS)
    return [" ".join(map(str, row)) for row in rows]
