"""Matches, exceptions and what was learned, as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from procurement.invoices import store as invoices
from procurement.matching.model import InvoiceException, InvoiceLineMatch, LearnedItem
from procurement.orders.store import versions as orders
from purveyor.db import Transaction
from purveyor.sql import Statement, only

OUTDATED: Statement[UUID] = Statement(
    only,
    """
    SELECT match.invoice_id
    FROM supplier_invoice_match AS match
    JOIN ({versions}) AS o ON o.id = match.order_id AND o.version <> match.order_version
    WHERE match.is_watched
    LIMIT 1
    """,
    versions=orders.VERSIONS,
)


async def outdated(tx: Transaction) -> UUID | None:
    """Return an invoice that was matched against an order as it is no more; None where there is none."""
    return await OUTDATED.one_or_none(tx.connection)


CLOSED: Statement[UUID] = Statement(
    only,
    """
    SELECT match.invoice_id
    FROM supplier_invoice_match AS match
    JOIN ({closed}) AS closed ON closed.id = match.invoice_id
    WHERE match.is_watched
    LIMIT 1
    """,
    closed=invoices.CLOSED,
)


async def closed(tx: Transaction) -> UUID | None:
    """Return an invoice that was rejected or taken back whole, and of which something may count still."""
    return await CLOSED.one_or_none(tx.connection)


async def matches(tx: Transaction, invoice_ids: Sequence[UUID]) -> list[InvoiceLineMatch]:
    """Return which lines of invoices are for which lines of orders."""
    wanted = (
        select(InvoiceLineMatch)
        .where(InvoiceLineMatch.invoice_id.in_(invoice_ids))
        .order_by(InvoiceLineMatch.invoice_id, InvoiceLineMatch.position)
        .execution_options(populate_existing=True)
    )
    return list(await tx.session.scalars(wanted))


async def counted(
    tx: Transaction, order_ids: Collection[UUID], without: UUID | None = None
) -> dict[tuple[UUID, int], tuple[Decimal, Decimal]]:
    """Return how much of each line of orders was invoiced, and for how much, by other invoices."""
    key = InvoiceLineMatch.order_id, InvoiceLineMatch.line_number
    wanted: Any = (
        select(*key, func.sum(InvoiceLineMatch.quantity), func.sum(InvoiceLineMatch.net_amount))
        .where(InvoiceLineMatch.order_id.in_(order_ids), InvoiceLineMatch.counts)
        .group_by(*key)
    )
    if without is not None:
        wanted = wanted.where(InvoiceLineMatch.invoice_id != without)
    return {(row[0], row[1]): (row[2], row[3]) for row in await tx.session.execute(wanted)}


async def counted_invoices(tx: Transaction, order_ids: Collection[UUID], without: UUID) -> Sequence[UUID]:
    """Return the other invoices of which something counts for orders."""
    wanted = (
        select(InvoiceLineMatch.invoice_id)
        .where(InvoiceLineMatch.order_id.in_(order_ids), InvoiceLineMatch.counts)
        .where(InvoiceLineMatch.invoice_id != without)
        .distinct()
    )
    return list(await tx.session.scalars(wanted))


async def exceptions(tx: Transaction, invoice_id: UUID) -> list[InvoiceException]:
    """Return all that was found of an invoice, the latest first found last."""
    wanted = (
        select(InvoiceException)
        .where(InvoiceException.invoice_id == invoice_id)
        .order_by(InvoiceException.id)
        .execution_options(populate_existing=True)
    )
    return list(await tx.session.scalars(wanted))


async def learned(tx: Transaction, supplier_id: UUID, said: Collection[str]) -> dict[str, str]:
    """Return the items that a supplier calls so."""
    wanted = select(LearnedItem.said, LearnedItem.item).where(
        LearnedItem.supplier_id == supplier_id, LearnedItem.said.in_(said)
    )
    return {row[0]: row[1] for row in await tx.session.execute(wanted)}


async def learn(tx: Transaction, supplier_id: UUID, said: str, item: str, by: str, at: datetime) -> None:
    """Note what a supplier calls an item, whatever was noted before."""
    values = {"supplier_id": supplier_id, "said": said, "item": item, "learned_by": by, "learned_at": at}
    noted = insert(LearnedItem).values(**values)
    await tx.session.execute(
        noted.on_conflict_do_update(
            index_elements=["supplier_id", "said"],
            set_={name: noted.excluded[name] for name in ("item", "learned_by", "learned_at")},
        )
    )
