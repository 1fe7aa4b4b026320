"""The moves of the hot path: submit, approve and issue are one statement each.

A statement changes the order only when it stands as its caller saw it and in a status from which the rules
allow the move, and approves or issues it only when nobody's part in it or its supplier forbids that. No row
means refused, and the rules say why. What issuing returns they judge afterwards: a refusal raises, and the
transaction takes the change back.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, bindparam, func, update

from procurement.budgets.store import ledger
from procurement.categories import store as categories
from procurement.categories.rules import Ancestors
from procurement.orders.model import ADJUSTMENTS, STATED, TAX_RATES, PurchaseOrder
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.expected import Parts
from procurement.orders.rules.schedules import Schedule
from procurement.orders.rules.states import Move, OrderState
from procurement.orders.store.rows import LINE, SCHEDULE, STATE
from procurement.sites import store as sites
from procurement.suppliers import store as suppliers
from procurement.suppliers.rules import Approvals, Blocks, Standing
from purveyor.authored import author_added
from purveyor.db import Transaction
from purveyor.sql import Statement
from purveyor.versions import Seen


@dataclass(frozen=True, slots=True)
class Issued:
    """An order as it was issued and what it says, with its supplier's standing and what its site says."""

    order: OrderState
    content: DraftOrder
    amounts: list[Decimal]
    supplier_status: str
    status_reason: str | None
    approvals: Approvals
    blocks: Blocks
    ancestors: Ancestors
    """What its lines' categories lie in."""
    today: date
    time_zone: str
    budgeted: bool
    """Whether there is any budget that something is taken from."""

    @property
    def standing(self) -> Standing:
        """What may be ordered from its supplier."""
        return Standing(self.supplier_status, self.status_reason, self.approvals, self.blocks)


MOVE = (
    update(PurchaseOrder)
    .where(
        PurchaseOrder.id == bindparam("order_id"),
        PurchaseOrder.version == func.any(bindparam("seen", type_=ARRAY(Integer))),
        PurchaseOrder.status == func.any(bindparam("sources", type_=ARRAY(Text))),
    )
    .values(status=bindparam("target"), version=PurchaseOrder.version + 1)
    .returning(*STATE)
)
ACTOR = bindparam("actor", type_=Text)
SUBMIT = Statement(
    OrderState,
    MOVE.values(
        submitted_by=ACTOR,
        submitted_at=bindparam("now"),
        authors=author_added(PurchaseOrder.__table__.c.authors, ACTOR),
    ),
)
APPROVE = Statement(
    OrderState,
    """
    WITH seller AS ({seller}), whereto AS ({whereto})
    UPDATE purchase_order AS o
    SET status = :target, version = version + 1, approved_by = :actor, approved_at = :now,
        awaits_approval = NULL,
        supplier_onboarded_by = seller.onboarded_by, supplier_authors = seller.authors,
        site_authors = whereto.authors
    FROM seller, whereto
    WHERE o.id = :order_id AND o.version = ANY(:seen) AND o.status = ANY(:sources)
      AND o.supplier_id = seller.id
      AND :actor <> ALL (o.authors) AND :actor <> ALL (seller.authors) AND :actor <> ALL (whereto.authors)
      AND o.awaits_approval IS NOT DISTINCT FROM :approval::uuid
    RETURNING {state}
    """,
    seller=suppliers.PARTS.format(
        supplier_id="(SELECT supplier_id FROM purchase_order WHERE id = :order_id)"
    ),
    whereto=sites.AUTHORS.format(code="(SELECT site FROM purchase_order WHERE id = :order_id)"),
    state=", ".join(f"o.{column.key}" for column in STATE),
)
PARTS_IN = Statement(
    Parts,
    """
    SELECT o.authors, o.approved_by, o.former_approvers, o.amended_by, o.orderers,
           seller.authors AS supplier_authors, seller.approvers AS supplier_approvers,
           ({site_authors}) AS site_authors
    FROM purchase_order AS o CROSS JOIN LATERAL ({seller}) AS seller
    WHERE o.id = :order_id
    """,
    seller=suppliers.PARTS.format(supplier_id="o.supplier_id"),
    site_authors=sites.AUTHORS.format(code="o.site"),
)


BY_ITSELF = tuple(name for name in DraftOrder.__slots__ if name in OrderState.__slots__)
"""What an order says by itself, each in a column of its own that a move returns."""


def _issued(ancestors: Ancestors | None, **columns: Any) -> Issued:
    stated = [_of_lines(name, columns.pop(f"line_{name}")) for name in STATED]
    schedules = [columns.pop(f"schedule_{column.key}") or () for column in SCHEDULE]
    of_line: dict[int, list[Schedule]] = defaultdict(list)
    for number, *schedule in zip(*schedules, strict=True):
        of_line[number].append(Schedule(*schedule))
    order = OrderState(**{column.key: columns.pop(column.key) for column in STATE})
    lines = [DraftLine(*(*values, tuple(of_line.get(values[0], ())))) for values in zip(*stated, strict=True)]
    content = DraftOrder(
        lines=tuple(lines),
        allowances=ADJUSTMENTS.read(columns.pop("allowances")),
        charges=ADJUSTMENTS.read(columns.pop("charges")),
        tax_rates=TAX_RATES.read(columns.pop("tax_rates")),
        **{name: getattr(order, name) for name in BY_ITSELF},
    )
    return Issued(
        order,
        content,
        amounts=columns.pop("line_amount"),
        ancestors=categories.read_above(ancestors),
        **columns,
    )


def _of_lines(name: str, values: list[Any]) -> list[Any]:
    return [ADJUSTMENTS.read(kept) for kept in values] if name in {"allowances", "charges"} else values


ISSUE = Statement(
    _issued,
    """
    WITH seller AS ({seller}), whereto AS ({whereto}), issued AS (
      UPDATE purchase_order AS o
      SET status = :target, version = version + 1, sequence = sequence + 1,
          issued_by = :actor, issued_at = :now, current_version = 1, supplier_authors = seller.authors,
          site_authors = whereto.authors
      FROM seller, whereto
      WHERE o.id = :order_id AND o.version = ANY(:seen) AND o.status = ANY(:sources)
        AND o.supplier_id = seller.id AND o.approved_by <> ALL (seller.authors)
        AND o.approved_by <> ALL (whereto.authors) AND o.held_at IS NULL
      RETURNING {state}, o.allowances, o.charges, o.tax_rates
    )
    SELECT issued.*, seller.status AS supplier_status, seller.status_reason, seller.approvals,
           seller.blocks, place.today, place.time_zone, ({budgeted}) AS budgeted,
           tree.ancestors, line.*, schedule.*
    FROM issued
    CROSS JOIN seller
    CROSS JOIN LATERAL ({place}) AS place
    CROSS JOIN LATERAL (
      SELECT {line} FROM purchase_order_line AS line WHERE line.order_id = issued.id
    ) AS line
    CROSS JOIN LATERAL (
      SELECT {schedule} FROM purchase_order_schedule AS schedule WHERE schedule.order_id = issued.id
    ) AS schedule
    CROSS JOIN LATERAL ({above}) AS tree
    """,
    seller=suppliers.SELLER.format(
        supplier_id="(SELECT supplier_id FROM purchase_order WHERE id = :order_id)"
    ),
    whereto=sites.AUTHORS.format(code="(SELECT site FROM purchase_order WHERE id = :order_id)"),
    budgeted=ledger.IN_USE,
    place=sites.PLACE.format(code="issued.site"),
    above=categories.ABOVE.format(codes="line.line_category"),
    state=", ".join(f"o.{column.key}" for column in STATE),
    line=", ".join(f"array_agg({column.key} ORDER BY line_number) AS line_{column.key}" for column in LINE),
    schedule=", ".join(
        f"array_agg({column.key} ORDER BY schedule_number) AS schedule_{column.key}" for column in SCHEDULE
    ),
)


async def submit(tx: Transaction, order_id: UUID, seen: Seen, move: Move) -> OrderState | None:
    """Note who submitted an order, which makes them an author."""
    return await SUBMIT.one_or_none(
        tx.connection, move, order_id=order_id, seen=seen, actor=tx.actor, now=tx.now
    )


async def approve(
    tx: Transaction, order_id: UUID, seen: Seen, move: Move, by: str, approval: UUID | None = None
) -> OrderState | None:
    """Note who approved an order, if no part in it forbids that, and who had a part in its supplier.

    One that awaits an approval of several steps is approved by that one alone.
    """
    return await APPROVE.one_or_none(
        tx.connection, move, order_id=order_id, seen=seen, actor=by, now=tx.now, approval=approval
    )


async def parts(tx: Transaction, order_id: UUID) -> Parts:
    """Return who had which part in an order that exists."""
    return await PARTS_IN.one(tx.connection, order_id=order_id)


async def issue(tx: Transaction, order_id: UUID, seen: Seen, move: Move) -> Issued | None:
    """Issue an order, unless its approver is an author of its supplier by now.

    Who had a part in the supplier is noted anew, and its standing at that moment is returned.
    """
    return await ISSUE.one_or_none(
        tx.connection, move, order_id=order_id, seen=seen, actor=tx.actor, now=tx.now
    )
