"""Suppliers answer versions, or buyers for them: accepted, accepted with changes, rejected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from procurement.orders.model import PurchaseOrder
from procurement.orders.rules import states
from procurement.orders.rules.states import OF_SUPPLIERS, OURS, Action
from procurement.orders.store import rows
from procurement.promises import commands as promises
from procurement.responses import rules, store
from procurement.responses.model import Response, ResponseChange
from procurement.responses.rules import Answer, Decision, Reply
from procurement.sites import store as sites
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.versions import Seen, expect_version
from purveyor_contract.events.procurement.orders import POAcknowledged, PromisedSchedule
from purveyor_contract.events.procurement.promises import AnsweredChange, POResponded
from purveyor_messaging.outbox import record

ORDER = "purchase_order"


async def acknowledge_order(
    tx: Transaction, order_id: UUID, seen: Seen, by: Principal, supplier_reference: str | None
) -> PurchaseOrder:
    """Accept an issued order as it is, by the supplier or by a buyer who heard of it; → POAcknowledged."""
    order = await locked(tx, order_id, by)
    expect_version(order, seen)
    states.next_status(Action.ACKNOWLEDGE, order.status, _whose(by), held=order.held_at is not None)
    await tx.session.refresh(order, ["lines"])
    before = await store.of_version(tx, order.id, order.current_version)
    await _answered(tx, order, by, Answer(Reply.ACCEPTED, supplier_reference=supplier_reference), before)
    return order


async def respond(
    tx: Transaction,
    order_id: UUID,
    version: int,
    by: Principal,
    answer: Answer,
    said_by: str | None = None,
) -> Response:
    """Answer a version, by the supplier or by a buyer for it; → POAcknowledged when it is accepted as it is.

    Anything else is → POResponded. What nobody has decided of an answer of before lapses. `said_by` is who
    said so, where somebody else has it noted. Raises ConflictError for a version that is past, and
    InvalidError for what cannot be said.
    """
    order = await locked(tx, order_id, by)
    if not 0 < version <= order.current_version:
        raise NotFoundError("purchase order version", version)
    rules.check_answered(version, order.current_version)
    states.next_status(Action.RESPOND, order.status, _whose(by), held=order.held_at is not None)
    answers = await store.of_version(tx, order_id, version)
    rules.check_anew(
        by_supplier=by.is_supplier,
        accepted=order.acknowledged_on is not None,
        accepted_itself=any(one.by_supplier and one.is_agreed for one in answers),
    )
    await tx.session.refresh(order, ["lines"])
    return await _answered(tx, order, by, answer, answers, said_by)


async def locked(tx: Transaction, order_id: UUID, by: Principal | None) -> PurchaseOrder:
    """Lock an order that somebody (None: any of ours) may see; raises NotFoundError."""
    order = await rows.lock(tx, order_id, by.supplier_id if by else None)
    if order is None:
        raise NotFoundError("purchase order", order_id)
    return order


def _whose(by: Principal) -> frozenset[Action]:
    return OF_SUPPLIERS if by.is_supplier else OURS


async def _answered(
    tx: Transaction,
    order: PurchaseOrder,
    by: Principal,
    answer: Answer,
    before: Sequence[Response],
    said_by: str | None = None,
) -> Response:
    """Note an answer to the version in force of a locked order whose lines are loaded, after those before."""
    today = await sites.business_day(tx, order.site)
    asked = await promises.promised_or_needed(tx, order)
    changes = rules.check_answer(answer, order.lines_now(), asked, order.ordered_on, today)
    for former in before:
        for change in former.undecided:
            change.decide(Decision.LAPSED, tx.actor, tx.now)
    response = Response(
        order_id=order.id,
        version=order.current_version,
        nth=len(before) + 1,
        reply=answer.reply,
        supplier_reference=answer.supplier_reference,
        reason=answer.reason,
        by_supplier=by.is_supplier,
        answered_by=said_by or tx.actor,
        answered_on=today,
        answered_at=tx.now,
    )
    [author] = response.authors or (None,)
    response.changes = [ResponseChange.of(change, author) for change in changes]
    tx.session.add(response)
    await tx.flush()
    orderer = None if by.is_supplier else said_by or tx.actor
    if answer.reply == Reply.ACCEPTED:
        reference, supplier = answer.supplier_reference, by.is_supplier
        await accept(tx, order, today, reference, by_supplier=supplier, orderer=orderer)
    else:
        if orderer is not None:
            order.note_orderer(orderer)
        order.unacknowledge()
        kept: tuple[PromisedSchedule, ...] = ()
        if answer.reply == Reply.ACCEPTED_WITH_CHANGES:
            otherwise = {change.line_number for change in changes}
            without = [key for key in asked if key[0] in otherwise]
            kept = await promises.keep_what_is_asked(tx, order, today, without, by_supplier=by.is_supplier)
        _tell_answered(tx, order, response, kept)
        await tx.flush()
        tx.audit(
            "respond",
            ORDER,
            order.id,
            after={
                "version": response.version,
                "reply": response.reply,
                "changes": [[one.line_number, one.field, one.after] for one in changes],
                "supplier_reference": answer.supplier_reference,
            },
            reason=answer.reason,
        )
    return response


async def accept(
    tx: Transaction,
    order: PurchaseOrder,
    on: date,
    supplier_reference: str | None,
    *,
    by_supplier: bool,
    orderer: str | None = None,
) -> None:
    """Let the version in force be accepted, and what it asks be promised; → POAcknowledged.

    Who answers for the supplier is an orderer of it.
    """
    kept = await promises.keep_what_is_asked(tx, order, on, by_supplier=by_supplier)
    before = order.status
    if orderer is not None:
        order.note_orderer(orderer)
    order.acknowledge(tx.actor, on, supplier_reference)
    record(
        tx,
        order,
        POAcknowledged(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            acknowledged_on=on,
            acknowledged_by=tx.actor,
            supplier_reference=supplier_reference,
            version=order.current_version,
            promises=kept,
        ),
    )
    await tx.flush()
    tx.audit(Action.ACKNOWLEDGE, ORDER, order.id, before={"status": before}, after={"status": order.status})


def _tell_answered(
    tx: Transaction, order: PurchaseOrder, response: Response, kept: tuple[PromisedSchedule, ...]
) -> None:
    record(
        tx,
        order,
        POResponded(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            version=response.version,
            response_id=response.id,
            reply="rejected" if response.reply == Reply.REJECTED else "accepted_with_changes",
            responded_on=response.answered_on,
            supplier_reference=response.supplier_reference,
            reason=response.reason,
            changes=tuple(
                AnsweredChange(**{name: getattr(one, name) for name in AnsweredChange.model_fields})
                for one in response.changes
            ),
            promises=kept,
            responded_by=response.answered_by,
        ),
    )
