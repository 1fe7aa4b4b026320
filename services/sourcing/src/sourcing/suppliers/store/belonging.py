"""What belongs to what in SQL: the company that a supplier belongs to, and those that belong to some."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, select

from purveyor.db import Transaction
from purveyor.sql import Statement, only
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import Status, display_number
from sourcing.suppliers.store.ending import formers_of, present_of
from sourcing.suppliers.store.rows import GONE

ONE_AT_A_TIME = Statement(only, "SELECT pg_advisory_xact_lock(hashtextextended('groups of suppliers', 0))")
MOST_SHOWN = 1000
BELONGING = (
    Supplier.id,
    Supplier.number,
    Supplier.legal_name,
    Supplier.country,
    Supplier.status,
    Supplier.parent_id,
    Supplier.parent_share,
    Supplier.parent_source,
)


@dataclass(frozen=True, slots=True)
class Company:
    """A supplier as a part of a group; `parent_id` is as it was stated, and may have been merged since."""

    id: UUID
    number: str
    legal_name: str
    country: str | None
    status: Status
    parent_id: UUID | None
    share: Decimal | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A group: its companies from the head down, each with its level, and to which of them it belongs."""

    supplier_id: UUID
    head: UUID
    members: Sequence[tuple[Company, int, UUID | None]]
    more: bool


async def change_one_at_a_time(tx: Transaction) -> None:
    """Let nobody else change what belongs to what before this transaction ends."""
    await ONE_AT_A_TIME.all(tx.connection)


async def parent_of(tx: Transaction, supplier_id: UUID) -> UUID | None:
    """Return the company that a supplier belongs to, as it is at present."""
    await tx.flush()
    stated = await tx.session.scalar(select(Supplier.parent_id).where(Supplier.id == supplier_id))
    return None if stated is None else await present_of(tx, stated)


async def above(tx: Transaction, supplier_id: UUID) -> list[UUID]:
    """Return what a company belongs to: its parent, that one's parent, up to the head of the group."""
    found: list[UUID] = []
    at = await parent_of(tx, supplier_id)
    while at is not None and at != supplier_id and at not in found:
        found.append(at)
        at = await parent_of(tx, at)
    return found


async def company(tx: Transaction, supplier_id: UUID) -> Company:
    """Return a supplier that exists as a part of a group."""
    (found,) = await _companies(tx, Supplier.id == supplier_id, 1)
    return found


async def belonging_to(tx: Transaction, owners: Collection[UUID], most: int) -> Sequence[Company]:
    """Return what belongs to some companies, or to those that became them, some of it if there is more."""
    named = {*owners, *await formers_of(tx, owners)}
    return await _companies(tx, Supplier.parent_id.in_(named) & Supplier.status.not_in(GONE), most)


async def _companies(tx: Transaction, condition: ColumnElement[bool], most: int) -> list[Company]:
    await tx.flush()
    found = await tx.session.execute(
        select(*BELONGING).where(condition).order_by(Supplier.number).limit(most)
    )
    return [Company(row[0], display_number(row[1]), *row[2:]) for row in found]
