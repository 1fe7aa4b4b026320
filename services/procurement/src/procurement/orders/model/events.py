"""What the world is told of orders as they are issued, amended and called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import Any, TypeVar

from procurement.amounts.rules.adjustments import Adjustment
from procurement.amounts.rules.lines import gross
from procurement.orders.model.lines import PurchaseOrderLine
from procurement.orders.model.orders import PurchaseOrder, order_number
from procurement.orders.rules.amounts import amounts_of, landed_costs
from procurement.orders.rules.drafts import DraftLine, DraftOrder
from procurement.orders.rules.quantities import ClosedAs
from procurement.orders.rules.states import OrderState
from procurement.orders.rules.versions import differences
from purveyor.money import Money
from purveyor_contract.events.procurement.orders import (
    CancelledLine,
    ChangedField,
    OrderedAllowance,
    OrderedCharge,
    OrderedLine,
    OrderedLineAllowance,
    OrderedSchedule,
    OrderedTax,
    POAmended,
    POCancelled,
    POClosed,
    POIssued,
    TermsOfOrder,
)

OrderedAllowanceT = TypeVar("OrderedAllowanceT", bound=OrderedLineAllowance)


def issued_event(
    order: OrderState, content: DraftOrder, amounts: Sequence[Decimal], issued_by: str, time_zone: str
) -> POIssued:
    """Return what the world learns when an order is issued."""
    return POIssued(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order_number(order.serial_number),
        ordered_on=order.ordered_on,
        business_unit=order.business_unit,
        cost_centre=order.cost_centre,
        site=order.site,
        time_zone=time_zone,
        currency=order.currency,
        lines=_ordered_lines(content, amounts),
        total=Money(amount=order.total, currency=order.currency),
        issued_by=issued_by,
        external_reference=order.external_reference,
        source_system=order.source_system,
        imported=order.imported,
        **_terms(order),
        **_amounts(content, amounts),
    )


def amended_event(order: PurchaseOrder, before: DraftOrder, on: date, time_zone: str) -> POAmended:
    """Return what the world learns when a version is issued; the order's lines have to be loaded."""
    version = order.version_in_force()
    return POAmended(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order.number,
        version=version.number,
        previous_version=version.number - 1,
        amended_on=on,
        amended_by=version.issued_by or "",
        reason=version.reason or "",
        reason_for_supplier=version.reason_for_supplier,
        changed=tuple(
            ChangedField(pointer=one.pointer, before=one.before, after=one.after)
            for one in differences(before, version.content)
        ),
        ordered_on=order.ordered_on,
        business_unit=order.business_unit,
        cost_centre=order.cost_centre,
        site=order.site,
        time_zone=time_zone,
        currency=order.currency,
        lines=_ordered_lines(version.content, version.amounts),
        total=Money(amount=order.total, currency=order.currency),
        external_reference=order.external_reference,
        source_system=order.source_system,
        **_terms(order),
        **_amounts(version.content, version.amounts),
    )


def _terms(order: OrderState | PurchaseOrder) -> dict[str, str | None]:
    return {name: getattr(order, name) for name in TermsOfOrder.model_fields}


def _amounts(content: DraftOrder, amounts: Sequence[Decimal]) -> dict[str, Any]:
    """Return what is told of what an order comes to, beside its lines and its total."""
    if not (content.allowances or content.charges or content.tax_rates):
        return {}
    whole, found = sum(amounts, Decimal(0)), amounts_of(content, amounts)
    return {
        "allowances": _told(OrderedAllowance, content.allowances, whole, content.currency),
        "charges": _told(OrderedCharge, content.charges, whole, content.currency),
        "taxes": tuple(
            OrderedTax(
                category=one.taxation.category,
                rate=one.taxation.rate,
                taxable_amount=one.basis,
                tax_amount=one.tax,
            )
            for one in found.taxes
        ),
        "total_with_tax": None
        if found.gross is None
        else Money(amount=found.gross, currency=content.currency),
    }


def _told(
    told: type[OrderedAllowanceT], stated: Sequence[Adjustment], whole: Decimal, currency: str
) -> tuple[OrderedAllowanceT, ...]:
    names = told.model_fields.keys() - {"amount"}
    return tuple(
        told(amount=one.comes_to(whole, currency), **{name: getattr(one, name) for name in names})
        for one in stated
    )


def closed_event(order: PurchaseOrder, on: date) -> POClosed:
    """Return what the world learns when no more is to come of an order."""
    return POClosed(order_id=order.id, supplier_id=order.supplier_id, number=order.number, closed_on=on)


def _ordered_lines(content: DraftOrder, amounts: Sequence[Decimal]) -> tuple[OrderedLine, ...]:
    landed = landed_costs(content, amounts) if content.allowances or content.charges else repeat(None)
    return tuple(
        OrderedLine(
            amount=amount,
            landed_cost=cost,
            **_of_line(line, content.currency),
            schedules=tuple(
                OrderedSchedule(**{name: getattr(one, name) for name in OrderedSchedule.model_fields})
                for one in line.schedules
            ),
            **{name: getattr(line, name) for name in _TOLD},
        )
        for line, amount, cost in zip(content.lines, amounts, landed)  # noqa: B905  # one may repeat for ever
    )


def _of_line(line: DraftLine, currency: str) -> dict[str, tuple[OrderedLineAllowance, ...]]:
    if not (line.allowances or line.charges):
        return {}
    whole = gross(line.quantity, line.price, line.price_base_quantity, currency)
    return {
        "allowances": _told(OrderedLineAllowance, line.allowances, whole, currency),
        "charges": _told(OrderedLineAllowance, line.charges, whole, currency),
    }


def cancelled_event(
    order: PurchaseOrder,
    on: date,
    reason: str,
    told: str | None,
    by: str,
    called_off: Sequence[PurchaseOrderLine] = (),
) -> POCancelled:
    """Return what the world learns when an order is called off, with the lines that were so with it."""
    return POCancelled(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order.number,
        cancelled_on=on,
        reason=reason,
        reason_for_supplier=told,
        cancelled_by=by,
        lines=_cancelled_lines(called_off),
    )


def _cancelled_lines(lines: Sequence[PurchaseOrderLine]) -> tuple[CancelledLine, ...]:
    return tuple(
        CancelledLine(
            line_number=line.line_number,
            cancelled_quantity=line.cancelled_quantity,
            closed_as="short" if line.closed_as == ClosedAs.SHORT else "cancelled",
        )
        for line in lines
    )


_TOLD = tuple(
    name
    for name in OrderedLine.model_fields
    if name not in {"amount", "schedules", "allowances", "charges", "landed_cost"}
)
