"""What can be done with blanket orders, one function a use case."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from procurement.blankets import rules, store
from procurement.blankets.model import BlanketOrder
from procurement.blankets.rules import INITIAL, Agreement, BlanketAction, BlanketStatus
from procurement.suppliers import store as suppliers
from procurement.suppliers.rules import check_goes_on
from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError, NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.procurement.blanket_orders import (
    BlanketOrderClosed,
    BlanketOrderEvent,
    BlanketOrderHeld,
    BlanketOrderReleased,
)
from purveyor_messaging.outbox import record

BLANKET = "blanket_order"


async def create_blanket_order(tx: Transaction, supplier_id: UUID, agreement: Agreement) -> BlanketOrder:
    """Draft a blanket order of a supplier that is known here."""
    rules.check_agreement(agreement)
    seller = await suppliers.lock_seller(tx, supplier_id)
    if seller is None:
        raise InvalidError(
            "supplier_unknown",
            f"Supplier {supplier_id} is not known here: not registered, or its registration is on its way.",
            errors=[FieldError("/supplier_id", "not a known supplier")],
        )
    check_goes_on(seller.status, seller.status_reason)
    blanket = BlanketOrder(status=INITIAL, supplier_id=supplier_id, created_by=tx.actor, created_at=tx.now)
    blanket.state(agreement, tx.actor)
    tx.session.add(blanket)
    await tx.flush()
    _audit(tx, "create", blanket, after=_said(agreement) | {"supplier_id": supplier_id})
    return blanket


async def change_blanket_order(
    tx: Transaction, blanket_order_id: UUID, seen: Seen, agreement: Agreement
) -> BlanketOrder:
    """Replace what a draft says; its supplier stays."""
    rules.check_agreement(agreement)
    blanket = await locked(tx, blanket_order_id, seen)
    blanket.move(BlanketAction.CHANGE)
    blanket.lines = []
    await tx.flush()
    blanket.state(agreement, tx.actor)
    await tx.flush()
    _audit(tx, "change", blanket, after=_said(agreement))
    return blanket


async def submit_blanket_order(tx: Transaction, blanket_order_id: UUID, seen: Seen) -> BlanketOrder:
    """Hand a draft in for approval."""
    blanket = await locked(tx, blanket_order_id, seen)
    return await _moved(tx, blanket, BlanketAction.SUBMIT, lambda: blanket.submit(tx.actor, tx.now))


async def approve_blanket_order(tx: Transaction, blanket_order_id: UUID, seen: Seen) -> BlanketOrder:
    """Approve what may be called off; nobody may who wrote any of it, or made its supplier what it is.

    → BlanketOrderApproved.
    """
    blanket = await locked(tx, blanket_order_id, seen)
    rules.next_status(BlanketAction.APPROVE, blanket.status, held=False)
    seller = await suppliers.lock_seller(tx, blanket.supplier_id)
    supplier_authors = seller.authors if seller else []
    rules.check_approver(tx.actor, {"authors": blanket.authors, "supplier_authors": supplier_authors})
    return await _moved(
        tx,
        blanket,
        BlanketAction.APPROVE,
        lambda: blanket.approve(tx.actor, tx.now, supplier_authors),
        told=blanket.approved_event,
    )


async def return_blanket_order(
    tx: Transaction, blanket_order_id: UUID, seen: Seen, reason: str
) -> BlanketOrder:
    """Give it back to its author as a draft."""
    blanket = await locked(tx, blanket_order_id, seen)
    return await _moved(tx, blanket, BlanketAction.RETURN, blanket.take_back, reason)


async def hold_blanket_order(
    tx: Transaction, blanket_order_id: UUID, seen: Seen, reason: str
) -> BlanketOrder:
    """Let nothing be called off, and no call-off be issued, until it is released; → BlanketOrderHeld."""
    blanket = await locked(tx, blanket_order_id, seen)
    return await _moved(
        tx,
        blanket,
        BlanketAction.HOLD,
        lambda: blanket.hold(tx.actor, tx.now, reason),
        reason,
        lambda: BlanketOrderHeld(reason=reason, held_by=tx.actor, **blanket.named()),
    )


async def release_blanket_order(
    tx: Transaction, blanket_order_id: UUID, seen: Seen, reason: str
) -> BlanketOrder:
    """Let it be called off again; → BlanketOrderReleased."""
    blanket = await locked(tx, blanket_order_id, seen)
    return await _moved(
        tx,
        blanket,
        BlanketAction.RELEASE,
        blanket.release,
        reason,
        lambda: BlanketOrderReleased(reason=reason, released_by=tx.actor, **blanket.named()),
    )


async def close_blanket_order(
    tx: Transaction, blanket_order_id: UUID, seen: Seen, reason: str
) -> BlanketOrder:
    """Let nothing more be called off; what was stays ordered; → BlanketOrderClosed once it was approved."""
    blanket = await locked(tx, blanket_order_id, seen)
    was_approved = blanket.status == BlanketStatus.APPROVED
    return await _moved(
        tx,
        blanket,
        BlanketAction.CLOSE,
        lambda: blanket.close(tx.actor, tx.now),
        reason,
        (lambda: BlanketOrderClosed(reason=reason, closed_by=tx.actor, **blanket.named()))
        if was_approved
        else None,
    )


async def locked(tx: Transaction, blanket_order_id: UUID, seen: Seen | None = None) -> BlanketOrder:
    """Lock a blanket order; raises NotFoundError, and PreconditionFailedError unless as the caller saw it."""
    blanket = await store.lock(tx, blanket_order_id)
    if blanket is None:
        raise NotFoundError("blanket order", blanket_order_id)
    if seen is not None:
        expect_version(blanket, seen)
    return blanket


async def _moved(
    tx: Transaction,
    blanket: BlanketOrder,
    action: BlanketAction,
    move: Callable[[], None],
    reason: str | None = None,
    told: Callable[[], BlanketOrderEvent] | None = None,
) -> BlanketOrder:
    before = blanket.status
    move()
    if told is not None:
        record(tx, blanket, told())
    await tx.flush()
    _audit(tx, action, blanket, {"status": before}, {"status": blanket.status}, reason)
    return blanket


def _said(agreement: Agreement) -> dict[str, object]:
    return {name: getattr(agreement, name) for name in Agreement.__slots__}


def _audit(
    tx: Transaction,
    action: str,
    blanket: BlanketOrder,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    reason: str | None = None,
) -> None:
    tx.audit(action, BLANKET, blanket.id, before=before, after=after, reason=reason)
