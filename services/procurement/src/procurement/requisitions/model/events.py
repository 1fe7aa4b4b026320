"""What the world learns of a requisition."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from procurement.requisitions.model.lines import RequisitionLine
from procurement.requisitions.model.requisitions import Requisition
from procurement.requisitions.rules.lines import LineStatus
from purveyor_contract.events.procurement import requisitions as told

CLOSED_AS: dict[str, str] = {
    LineStatus.REJECTED: "rejected",
    LineStatus.CANCELLED: "cancelled",
    LineStatus.CLOSED_SHORT: "short",
}
"""As what a line is closed, in the words of its event."""


def told_line(line: RequisitionLine) -> told.RequestedLine:
    """Return what is told of a line."""
    shares = tuple(
        told.ChargedShare(**{name: getattr(one, name) for name in told.ChargedShare.model_fields})
        for one in line.assignments
    )
    names = told.RequestedLine.model_fields.keys() - {"assignments"}
    return told.RequestedLine(assignments=shares, **{name: getattr(line, name) for name in names})


def submitted_event(requisition: Requisition) -> told.RequisitionSubmitted:
    """Return what the world learns when a requisition is handed in: all of it."""
    return told.RequisitionSubmitted(
        requisition_id=requisition.id,
        number=requisition.number,
        title=requisition.title,
        business_unit=requisition.business_unit,
        currency=requisition.currency,
        total=requisition.total,
        submitted_by=requisition.submitted_by or "",
        lines=tuple(map(told_line, requisition.lines)),
    )


def decided_events(requisition: Requisition) -> Iterable[told.RequisitionEvent]:
    """Yield what the world learns once all lines are decided: what may be ordered, or that nothing may.

    Nothing of a requisition whose lines were all cancelled: each of them has told that.
    """
    named = {"requisition_id": requisition.id, "number": requisition.number}
    approved = [line for line in requisition.lines if line.status == LineStatus.APPROVED]
    if approved:
        of_unit = {"business_unit": requisition.business_unit, "currency": requisition.currency}
        yield told.RequisitionApproved(
            total=sum((line.amount for line in approved), Decimal(0)),
            approved_by=tuple(requisition.deciders),
            lines=tuple(map(told_line, approved)),
            **named,
            **of_unit,
        )
        if sourced := [line for line in approved if line.sourcing_since is not None]:
            lines = tuple(map(told_line, sourced))
            yield told.RequisitionSourcingRequested(lines=lines, **named, **of_unit)
        return
    if rejected := [line for line in requisition.lines if line.status == LineStatus.REJECTED]:
        yield told.RequisitionRejected(
            rejected_by=tuple(requisition.deciders),
            lines=tuple(
                told.RejectedLine(line_number=line.line_number, reason=line.decision_reason or "")
                for line in rejected
            ),
            **named,
        )


def ordered_event(
    requisition: Requisition, order_id: UUID, order_number: str, supplier_id: UUID
) -> told.RequisitionOrdered:
    """Return what the world learns when what an order holds of a requisition is another quantity now."""
    lines = tuple(
        told.OrderedOfRequisition(
            line_number=line.line_number,
            order_line_number=held.order_line_number,
            quantity=held.quantity,
            ordered_quantity=line.ordered_quantity,
            open_quantity=line.open_quantity,
        )
        for line in requisition.lines
        for held in line.orders
        if held.order_id == order_id
    )
    return told.RequisitionOrdered(
        requisition_id=requisition.id,
        number=requisition.number,
        order_id=order_id,
        order_number=order_number,
        supplier_id=supplier_id,
        lines=lines,
    )


def line_closed_event(requisition: Requisition, line: RequisitionLine) -> told.RequisitionLineClosed:
    """Return what the world learns when nothing more of a line is to be ordered."""
    rejected = line.status == LineStatus.REJECTED
    return told.RequisitionLineClosed(
        requisition_id=requisition.id,
        number=requisition.number,
        line_number=line.line_number,
        closed_as=CLOSED_AS[line.status],
        ordered_quantity=line.ordered_quantity,
        given_up_quantity=line.quantity - line.ordered_quantity,
        reason=(line.decision_reason if rejected else line.close_reason) or "",
        closed_by=(line.decided_by if rejected else line.closed_by) or "",
    )
