"""Groups as they are at present: what a company belongs to, and what belongs to the head of its group."""

from __future__ import annotations

from uuid import UUID

from purveyor.db import Transaction
from sourcing.suppliers.rules.belonging import MOST_LEVELS
from sourcing.suppliers.store import belonging as store
from sourcing.suppliers.store.belonging import MOST_SHOWN, Company, Group
from sourcing.suppliers.store.ending import present_of, presents_of
from sourcing.suppliers.store.rows import get_supplier


async def below(tx: Transaction, head: UUID, most: int) -> list[list[Company]]:
    """Return what belongs to a company, level by level, `most` of it in all."""
    levels: list[list[Company]] = []
    met, owners = {head}, [head]
    while owners and len(met) <= most and len(levels) < MOST_LEVELS:
        found = await store.belonging_to(tx, owners, most + 1)
        level = [one for one in found if one.id not in met][: most + 1 - len(met)]
        met |= {one.id for one in level}
        owners = [one.id for one in level]
        levels += [level] if level else []
    return levels


async def group_of(tx: Transaction, supplier_id: UUID) -> Group:
    """Return the group that a supplier is of, alone if it is of none; raises NotFoundError."""
    present = await present_of(tx, (await get_supplier(tx, supplier_id)).id)
    head = (await store.above(tx, present) or [present])[-1]
    levels = await below(tx, head, MOST_SHOWN)
    stated = {one.parent_id for companies in levels for one in companies if one.parent_id is not None}
    now = await presents_of(tx, stated)
    members: list[tuple[Company, int, UUID | None]] = [(await store.company(tx, head), 0, None)]
    for level, companies in enumerate(levels, 1):
        for one in companies:
            parent = one.parent_id
            members.append((one, level, None if parent is None else now.get(parent, parent)))
    return Group(present, head, members[:MOST_SHOWN], more=len(members) > MOST_SHOWN)
