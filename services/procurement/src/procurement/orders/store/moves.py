"""The moves of the hot path: submit, approve and issue are one statement each.

A statement changes the order only when it stands as its caller saw it and in a status from which the rules
allow the move, and returns what the rules then judge: a refusal raises, and the transaction takes the change
back. No row means refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, func, literal_column, select, update

from procurement.orders.model import PurchaseOrder
from procurement.orders.rules.drafts import DraftLine
from procurement.orders.rules.permissions import APPROVED_BY_OTHERS
from procurement.orders.rules.states import Move, OrderState
from procurement.orders.store.rows import LINE, STATE, STATED
from procurement.sites import store as sites
from procurement.suppliers import store as suppliers
from purveyor.db import Transaction
from purveyor.sql import Statement


@dataclass(frozen=True, slots=True)
class Issued:
    """An order as it was issued, with its supplier's standing and what its site says."""

    order: OrderState
    lines: list[DraftLine]
    amounts: list[Decimal]
    supplier_status: str
    status_reason: str | None
    approvals: suppliers.Approvals
    today: date
    time_zone: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Who had which part in an order before its approval."""

    created_by: str
    supplier_onboarded_by: str


MOVE = (
    update(PurchaseOrder)
    .where(
        PurchaseOrder.id == bindparam("order_id"),
        PurchaseOrder.version == bindparam("seen"),
        PurchaseOrder.status == func.any(bindparam("sources", type_=ARRAY(Text))),
    )
    .values(status=bindparam("target"), version=PurchaseOrder.version + 1)
    .returning(*STATE)
)
SUBMIT = Statement(OrderState, MOVE.values(submitted_by=bindparam("actor"), submitted_at=bindparam("now")))
PARTS: Mapping[str, ColumnElement[str]] = {
    "created_by": PurchaseOrder.__table__.c.created_by,
    "supplier_onboarded_by": literal_column(
        f"({suppliers.ONBOARDING.format(supplier_id='purchase_order.supplier_id')})", Text
    ),
}
"""Who had a part in an order, in the words of the rules, which say whom it keeps from approving."""
APPROVE = Statement(
    OrderState,
    MOVE.where(*(PARTS[part] != bindparam("actor") for part in APPROVED_BY_OTHERS)).values(
        approved_by=bindparam("actor"),
        approved_at=bindparam("now"),
        supplier_onboarded_by=PARTS["supplier_onboarded_by"],
    ),
)
PARTS_IN = Statement(
    Parts,
    select(*(part.label(name) for name, part in PARTS.items()))
    .select_from(PurchaseOrder)
    .where(PurchaseOrder.id == bindparam("order_id")),
)


def _issued(**columns: Any) -> Issued:
    stated = [columns.pop(f"line_{name}") for name in STATED]
    order = OrderState(**{column.key: columns.pop(column.key) for column in STATE})
    lines = [DraftLine(*values) for values in zip(*stated, strict=True)]
    return Issued(order, lines, amounts=columns.pop("line_amount"), **columns)


ISSUE = Statement(
    _issued,
    """
    WITH seller AS ({seller}), issued AS (
      UPDATE purchase_order AS o
      SET status = :target, version = version + 1, sequence = sequence + 1,
          issued_by = :actor, issued_at = :now
      FROM seller
      WHERE o.id = :order_id AND o.version = :seen AND o.status = ANY(:sources) AND o.supplier_id = seller.id
      RETURNING {state}
    )
    SELECT issued.*, seller.status AS supplier_status, seller.status_reason, seller.approvals,
           place.today, place.time_zone, line.*
    FROM issued
    CROSS JOIN seller
    CROSS JOIN LATERAL ({place}) AS place
    CROSS JOIN LATERAL (
      SELECT {line} FROM purchase_order_line AS line WHERE line.order_id = issued.id
    ) AS line
    """,
    seller=suppliers.SELLER.format(
        supplier_id="(SELECT supplier_id FROM purchase_order WHERE id = :order_id)"
    ),
    place=sites.PLACE.format(code="issued.site"),
    state=", ".join(f"o.{column.key}" for column in STATE),
    line=", ".join(f"array_agg({column.key} ORDER BY line_number) AS line_{column.key}" for column in LINE),
)


async def submit(tx: Transaction, order_id: UUID, seen: int, move: Move) -> OrderState | None:
    """Note who submitted an order."""
    return await SUBMIT.one_or_none(
        tx.connection, move, order_id=order_id, seen=seen, actor=tx.actor, now=tx.now
    )


async def approve(tx: Transaction, order_id: UUID, seen: int, move: Move) -> OrderState | None:
    """Note who approved an order, if no part in it forbids that, and who had onboarded its supplier."""
    return await APPROVE.one_or_none(
        tx.connection, move, order_id=order_id, seen=seen, actor=tx.actor, now=tx.now
    )


async def parts(tx: Transaction, order_id: UUID) -> Parts:
    """Return who had which part in an order that exists."""
    return await PARTS_IN.one(tx.connection, order_id=order_id)


async def issue(tx: Transaction, order_id: UUID, seen: int, move: Move) -> Issued | None:
    """Issue an order; return it with its supplier's standing at that moment."""
    return await ISSUE.one_or_none(
        tx.connection, move, order_id=order_id, seen=seen, actor=tx.actor, now=tx.now
    )
