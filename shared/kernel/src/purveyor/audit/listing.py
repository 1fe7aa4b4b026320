"""How audit records are listed: what they are filtered and sorted by."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import BigInteger, DateTime, Uuid, column, select, table

from purveyor.days import Moment
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, between, both_ways, equal, find
from purveyor.pending import AUDIT
from purveyor.texts import Code, Line, Reference

SHOWN = table(
    AUDIT.table,
    column("id", Uuid()),
    column("at", DateTime(timezone=True)),
    column("position", BigInteger()),
    *map(column, AUDIT.columns.keys() - {"id", "at", "signature"}),
)
Position = Annotated[int, Field(ge=0, lt=2**63)]
RECORDS = Listing(
    name="audit",
    id=SHOWN.c.id,
    filters=(
        equal("entity", Code, SHOWN.c.entity, "What kind of thing was changed", example="supplier"),
        equal("entity_id", Reference, SHOWN.c.entity_id, "Which thing was changed"),
        equal("actor", Line, SHOWN.c.actor, "Who changed it", example="bo"),
        *between("at", Moment, SHOWN.c.at, "Done at this moment"),
        *between("position", Position, SHOWN.c.position, "Sealed at this position"),
    ),
    sorts=both_ways("id", SHOWN.c.id)[::-1],
)


async def find_records(tx: Transaction, asked: Asked) -> Found[Any]:
    """Return a page of records; personal values stand in them as digests."""
    return await find(tx, select(SHOWN), asked)
