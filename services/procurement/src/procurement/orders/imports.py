"""Imports orders of the past: issued already, elsewhere, by whoever it was; nothing is invented."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from procurement.orders.model import issued_event
from procurement.orders.rules import drafts
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.states import IMPORTED
from procurement.orders.store import rows
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from purveyor.http.bulk import BulkOutcome
from purveyor.imported import ImportKey
from purveyor_messaging.outbox import record_numbered


async def import_order(
    tx: Transaction,
    key: ImportKey,
    supplier_reference: str,
    site: str,
    stated: Callable[[UUID], DraftOrder],
) -> BulkOutcome:
    """Write an order that was issued elsewhere, unless it is there already; → POIssued.

    `stated` is what it says, once its supplier is found. Today's approvals are not asked for, and nobody is
    said to have approved it.
    """
    found = await rows.look_up(tx, key.reference, supplier_reference, site)
    if found.order_id is not None:
        key.expect_same(found.import_digest)
        return BulkOutcome("unchanged", found.order_id)
    if found.supplier_id is None:
        raise InvalidError(
            "supplier_unknown",
            f"Supplier {supplier_reference} is not known here: not imported, or on its way.",
            errors=[FieldError("/supplier_external_reference", "not a known supplier")],
        )
    if found.today is None:
        raise InvalidError(
            "site_unknown", f"No site {site} exists.", errors=[FieldError("/site", "not a known site")]
        )
    draft = stated(found.supplier_id)
    amounts = drafts.order_amounts(draft)
    drafts.check_lines(draft.lines, amounts)
    if draft.ordered_on is not None:
        drafts.check_dates(draft.ordered_on, (), found.today)
    imported = await rows.insert(tx, draft, amounts, status=IMPORTED, issued_by=tx.actor, sequence=1, key=key)
    if imported is None:
        found = await rows.look_up(tx, key.reference, supplier_reference, site)
        assert found.order_id is not None  # noqa: S101  # its reference is what stood in the way
        key.expect_same(found.import_digest)
        return BulkOutcome("unchanged", found.order_id)
    order = imported.order
    record_numbered(
        tx, issued_event(order, draft.lines, amounts, tx.actor, imported.time_zone), order.sequence
    )
    tx.audit("import", "purchase_order", order.id, after=draft.content())
    return BulkOutcome("created", order.id)
