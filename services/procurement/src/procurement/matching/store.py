"""Matches, exceptions and what was learned, as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from procurement.invoices import store as invoices
from procurement.matching.model import InvoiceException, InvoiceLineMatch, InvoiceLook, LearnedItem
from procurement.matching.rules.turns import Counted, Counting
from procurement.orders.store import versions as orders
from purveyor.db import Transaction
from purveyor.sql import Statement, only


def _longest_waiting(due: str, **parts: str) -> Statement[UUID]:
    return Statement(
        only,
        """
        SELECT due.invoice_id
        FROM ({due}) AS due
        LEFT JOIN supplier_invoice_look AS looked USING (invoice_id)
        WHERE looked.not_before IS NULL OR looked.not_before <= :now
        ORDER BY looked.looked_at NULLS FIRST, due.invoice_id
        LIMIT 1
        """,
        due=due.format(**parts),
    )


NOT_LOOKED_AT = _longest_waiting("SELECT new.id AS invoice_id FROM ({new}) AS new", new=invoices.NEW)
OUTDATED = _longest_waiting(
    """
    SELECT match.invoice_id
    FROM supplier_invoice_match AS match
    JOIN ({versions}) AS o ON o.id = match.order_id AND o.version <> match.order_version
    WHERE match.is_watched
    """,
    versions=orders.VERSIONS,
)
CLOSED = _longest_waiting(
    """
    SELECT match.invoice_id
    FROM supplier_invoice_match AS match
    JOIN ({closed}) AS closed ON closed.id = match.invoice_id
    WHERE match.is_watched
    """,
    closed=invoices.CLOSED,
)
COUNTED: Statement[Counted] = Statement(
    Counted,
    """
    SELECT match.order_id, match.line_number, turns.turn,
           sum(match.quantity) AS quantity, sum(match.net_amount) AS net_amount
    FROM supplier_invoice_match AS match
    JOIN ({turns}) AS turns ON turns.id = match.invoice_id
    WHERE match.counts AND match.order_id = ANY(:order_ids)
    GROUP BY match.order_id, match.line_number, turns.turn
    """,
    turns=invoices.TURNS,
)
COUNTING: Statement[Counting] = Statement(
    Counting,
    """
    SELECT DISTINCT match.invoice_id, turns.turn
    FROM supplier_invoice_match AS match
    JOIN ({turns}) AS turns ON turns.id = match.invoice_id
    WHERE match.counts AND match.order_id = ANY(:order_ids)
    """,
    turns=invoices.TURNS,
)


async def next_to_look_at(tx: Transaction) -> UUID | None:
    """Return an invoice that is new, was matched against an order as it is no more, or is closed.

    Of each, who was not looked at for longest; none that failed, until it is tried again.
    """
    for statement in (NOT_LOOKED_AT, OUTDATED, CLOSED):
        found = await statement.one_or_none(tx.connection, now=tx.now)
        if found is not None:
            return found
    return None


async def note_look(tx: Transaction, invoice_id: UUID, not_before: datetime | None = None) -> None:
    """Note that an invoice was looked at; where that failed, before when it is not looked at again."""
    values = {"invoice_id": invoice_id, "looked_at": tx.now, "not_before": not_before}
    noted = insert(InvoiceLook).values(**values)
    await tx.session.execute(
        noted.on_conflict_do_update(
            index_elements=["invoice_id"],
            set_={name: noted.excluded[name] for name in ("looked_at", "not_before")},
        )
    )


async def matches(tx: Transaction, invoice_ids: Sequence[UUID]) -> list[InvoiceLineMatch]:
    """Return which lines of invoices are for which lines of orders."""
    wanted = (
        select(InvoiceLineMatch)
        .where(InvoiceLineMatch.invoice_id.in_(invoice_ids))
        .order_by(InvoiceLineMatch.invoice_id, InvoiceLineMatch.position)
        .execution_options(populate_existing=True)
    )
    return list(await tx.session.scalars(wanted))


async def counted(tx: Transaction, order_ids: Collection[UUID]) -> list[Counted]:
    """Return what counts of each line of orders, by invoice, each with its credit notes."""
    return await COUNTED.all(tx.connection, order_ids=list(order_ids))


async def counting(tx: Transaction, order_ids: Collection[UUID]) -> list[Counting]:
    """Return the invoices and credit notes of which something counts for orders."""
    return await COUNTING.all(tx.connection, order_ids=list(order_ids))


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
