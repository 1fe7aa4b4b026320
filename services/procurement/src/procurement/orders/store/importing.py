"""Orders of the past in SQL: looked up and inserted by the thousand, in one statement each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from procurement.orders.model import ADJUSTMENTS, STATED, PurchaseOrder
from procurement.orders.rules.amounts import order_total
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.states import IMPORTED, OrderState
from procurement.orders.store.rows import LINE, SCHEDULE, STATE, adjusted, scheduled
from procurement.sites import store as sites
from procurement.suppliers import store as suppliers
from purveyor import proposals
from purveyor.db import Transaction
from purveyor.imported import SourceKey
from purveyor.sql import Statement, columnwise, unnest


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an import: the order if it is there already, its supplier, its site's zone and day."""

    order_id: UUID | None
    import_digest: bytes | None
    supplier_id: UUID | None
    today: date | None
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order of the past that is not here yet, and what its lines are worth."""

    id: UUID
    draft: DraftOrder
    amounts: Sequence[Decimal]
    source: SourceKey
    import_digest: bytes

    @property
    def total(self) -> Decimal:
        """What it is worth in all."""
        return order_total(self.draft, self.amounts)


OF_ORDER = tuple(name for name in DraftOrder.__slots__ if name not in {"lines", "tax_rates"})
OF_IMPORT = ("id", "total", "import_digest")
OF_SOURCE = ("source_system", "external_reference")
ORDER = [PurchaseOrder.__table__.c[name] for name in (*OF_ORDER, *OF_IMPORT, *OF_SOURCE)]

LOOK_UP = Statement(
    Found,
    """
    SELECT imported.id AS order_id, imported.import_digest, seller.id AS supplier_id, place.today,
           place.time_zone
    FROM unnest(:systems::text[], :references::text[], :supplier_systems::text[], :suppliers::text[],
                :sites::text[]) WITH ORDINALITY
         AS stated (system, reference, supplier_system, supplier, site, nth)
    LEFT JOIN purchase_order AS imported
      ON imported.external_reference = stated.reference AND imported.source_system = stated.system
    LEFT JOIN LATERAL ({seller}) AS seller ON true
    LEFT JOIN LATERAL ({place}) AS place ON true
    ORDER BY nth
    """,
    seller=suppliers.KNOWN_AS.format(system="stated.supplier_system", reference="stated.supplier"),
    place=sites.PLACE.format(code="stated.site"),
)

INSERT = Statement(
    OrderState,
    """
    WITH stated AS (
      SELECT * FROM {orders} WITH ORDINALITY AS stated ({order}, nth)
    ), seller AS (
      SELECT seller.* FROM (SELECT DISTINCT supplier_id FROM stated ORDER BY supplier_id) AS one
      CROSS JOIN LATERAL ({seller}) AS seller
    ), new AS (
      INSERT INTO purchase_order (
        {order}, version, sequence, status, created_by, authors, created_at, issued_by, issued_at,
        flag_reason, flagged_at, imported, current_version)
      SELECT {stated}, 1, 1, :status, :actor, array_append(array_remove(proposed.people, :actor), :actor),
             :now, :actor, :now, seller.flag_reason, seller.flagged_at, true, 1
      FROM stated JOIN seller ON seller.id = stated.supplier_id
      CROSS JOIN LATERAL ({proposers}) AS proposed
      ORDER BY nth
      ON CONFLICT (external_reference, source_system) WHERE external_reference IS NOT NULL DO NOTHING
      RETURNING {state}
    ), lines AS (
      INSERT INTO purchase_order_line (order_id, {line})
      SELECT line.* FROM unnest(:line_order_id::uuid[], {lines}) AS line (order_id, {line})
      JOIN new ON new.id = line.order_id
    ), schedules AS (
      INSERT INTO purchase_order_schedule (order_id, {schedule})
      SELECT schedule.* FROM unnest(:schedule_order_id::uuid[], {schedules})
                             AS schedule (order_id, {schedule})
      JOIN new ON new.id = schedule.order_id
    )
    SELECT * FROM new
    """,
    orders=unnest(ORDER, "order_"),
    order=", ".join(column.key for column in ORDER),
    stated=", ".join(f"stated.{column.key}" for column in ORDER),
    seller=suppliers.SELLER.format(supplier_id="one.supplier_id"),
    proposers=proposals.PROPOSERS.format(digest="stated.import_digest"),
    state=", ".join(column.key for column in STATE),
    line=", ".join(column.key for column in LINE),
    lines=unnest(LINE, "line_").removeprefix("unnest(").removesuffix(")"),
    schedule=", ".join(column.key for column in SCHEDULE),
    schedules=unnest(SCHEDULE, "schedule_").removeprefix("unnest(").removesuffix(")"),
)


async def look_up(
    tx: Transaction, orders: Sequence[SourceKey], suppliers: Sequence[SourceKey], sites: Sequence[str]
) -> list[Found]:
    """Return what is known here of orders of the past, each by its key, its supplier's and its site."""
    return await LOOK_UP.all(
        tx.connection,
        systems=[key.system for key in orders],
        references=[key.reference for key in orders],
        supplier_systems=[key.system for key in suppliers],
        suppliers=[key.reference for key in suppliers],
        sites=sites,
        now=tx.now,
    )


async def insert(tx: Transaction, orders: Collection[NewOrder]) -> dict[UUID, OrderState]:
    """Insert orders of the past with their lines, in their order; return those that were not there yet.

    Who proposed one is an author of it, beside who sends it.
    """
    lines: list[DraftLine] = [line for order in orders for line in order.draft.lines]
    inserted = await INSERT.all(
        tx.connection,
        columnwise([order.draft for order in orders], OF_ORDER, "order_"),
        columnwise(list(orders), OF_IMPORT, "order_"),
        columnwise(lines, STATED, "line_"),
        adjusted(lines),
        scheduled(lines),
        order_allowances=[ADJUSTMENTS.write(order.draft.allowances) for order in orders],
        order_charges=[ADJUSTMENTS.write(order.draft.charges) for order in orders],
        order_source_system=[order.source.system for order in orders],
        order_external_reference=[order.source.reference for order in orders],
        line_order_id=[order.id for order in orders for _ in order.draft.lines],
        schedule_order_id=[
            order.id for order in orders for line in order.draft.lines for _ in line.schedules
        ],
        line_amount=[amount for order in orders for amount in order.amounts],
        status=IMPORTED,
        actor=tx.actor,
        now=tx.now,
    )
    return {order.id: order for order in inserted}
