"""The rules of purchase orders: what may follow what, what an order is worth, who may do what to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from procurement.orders.units import units
from procurement.suppliers.rules import SupplierStatus
from purveyor.errors import ConflictError, FieldError, ForbiddenError, InvalidError
from purveyor.money import round_amount

LARGEST_AMOUNT = Decimal(10) ** 15
"""No line and no order is worth as much; above it a typing error is certain."""

EXACT = Context(prec=60)
"""Enough digits for any quantity times any price, so that only the last step rounds."""


class Status(StrEnum):
    """Where a purchase order stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    PARTIALLY_RECEIVED = "partially_received"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What can be done to a purchase order."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    ISSUE = "issue"
    ACKNOWLEDGE = "acknowledge"
    RECEIVE = "receive"
    CANCEL = "cancel"


TRANSITIONS: Mapping[Action, Mapping[Status, Status]] = {
    Action.CHANGE: {Status.DRAFT: Status.DRAFT},
    Action.SUBMIT: {Status.DRAFT: Status.SUBMITTED},
    Action.APPROVE: {Status.SUBMITTED: Status.APPROVED},
    Action.RETURN: {Status.SUBMITTED: Status.DRAFT, Status.APPROVED: Status.DRAFT},
    Action.ISSUE: {Status.APPROVED: Status.ISSUED},
    Action.ACKNOWLEDGE: {Status.ISSUED: Status.ACKNOWLEDGED},
    Action.RECEIVE: {
        Status.ISSUED: Status.PARTIALLY_RECEIVED,
        Status.ACKNOWLEDGED: Status.PARTIALLY_RECEIVED,
        Status.PARTIALLY_RECEIVED: Status.PARTIALLY_RECEIVED,
    },
    Action.CANCEL: {
        Status.DRAFT: Status.CANCELLED,
        Status.SUBMITTED: Status.CANCELLED,
        Status.APPROVED: Status.CANCELLED,
        Status.ISSUED: Status.CANCELLED,
        Status.ACKNOWLEDGED: Status.CANCELLED,
        Status.PARTIALLY_RECEIVED: Status.CLOSED,
    },
}
"""The state machine: an action leads from a status to another, and what is not here is refused.

Two moves depend on quantities: a receipt that completes the order closes it, and
cancelling what is partly received calls off the remainder and closes the order.
"""

OPEN = tuple(status for status in Status if status not in {Status.CLOSED, Status.CANCELLED})
BINDING = (Status.ISSUED, Status.ACKNOWLEDGED, Status.PARTIALLY_RECEIVED)
"""Statuses in which the supplier has the order and owes something."""


def sources(action: Action) -> list[str]:
    """Return the statuses from which an action is possible."""
    return [status.value for status in TRANSITIONS[action]]


def allowed_actions(status: str) -> list[str]:
    """Return what can be done to an order in a status."""
    return [action.value for action, moves in TRANSITIONS.items() if status in moves]


def next_status(action: Action, status: str) -> Status:
    """Return where an action leads; raises ConflictError naming what is possible instead."""
    move = TRANSITIONS[action].get(Status(status))
    if move is None:
        allowed = allowed_actions(status)
        raise ConflictError(
            "order_not_in_state",
            f"An order that is {status.replace('_', ' ')} cannot be the object of “{action}”; "
            + (f"possible now: {', '.join(allowed)}." if allowed else "it is finished."),
            status_now=status,
            allowed=allowed,
        )
    return move


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as its author states it."""

    line_number: int
    item: str
    description: str
    category: str
    quantity: Decimal
    unit: str
    price: Decimal
    price_base_quantity: Decimal
    promised_on: date
    external_reference: str | None = None


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """An order as its author states it."""

    supplier_id: UUID
    currency: str
    site: str
    business_unit: str
    cost_centre: str
    ordered_on: date | None
    lines: tuple[DraftLine, ...]

    def content(self) -> dict[str, Any]:
        """Return what it states by name; unlike `asdict`, without copying every value of every line."""
        return {name: getattr(self, name) for name in DraftOrder.__slots__}


def line_amount(line: DraftLine, currency: str) -> Decimal:
    """Return quantity × price ÷ base quantity, rounded to the currency's minor unit (EN 16931, BT-131)."""
    exact = EXACT.divide(EXACT.multiply(line.quantity, line.price), line.price_base_quantity)
    return round_amount(exact, currency) if exact < LARGEST_AMOUNT else exact


def order_amounts(draft: DraftOrder) -> list[Decimal]:
    """Return what each line is worth; the order's total is their sum."""
    return [line_amount(line, draft.currency) for line in draft.lines]


def check_lines(lines: Sequence[DraftLine], amounts: Sequence[Decimal]) -> None:
    """Raise InvalidError naming every line that is wrong by itself."""
    if problems := line_problems(lines, amounts):
        raise InvalidError("lines_invalid", "Lines of the order break rules.", errors=problems)


def line_problems(lines: Sequence[DraftLine], amounts: Sequence[Decimal]) -> list[FieldError]:
    """Return what is wrong with lines by themselves: numbers used twice, unknown units, absurd amounts."""
    used = Counter(line.line_number for line in lines)
    problems = []
    for index, (line, amount) in enumerate(zip(lines, amounts, strict=True)):
        if used[line.line_number] > 1:
            problems.append(
                FieldError(f"/lines/{index}/line_number", f"line number {line.line_number} is used twice")
            )
        if line.unit not in units():
            problems.append(
                FieldError(
                    f"/lines/{index}/unit",
                    f"{line.unit!r} is not a UN/ECE Recommendation 20 code, such as C62 (one) or KGM",
                )
            )
        if amount >= LARGEST_AMOUNT:
            problems.append(FieldError(f"/lines/{index}/price", f"the line would be worth {amount:.0f}"))
    if not problems and sum(amounts) >= LARGEST_AMOUNT:
        problems.append(FieldError("/lines", f"the order would be worth {sum(amounts):.0f}"))
    return problems


def check_dates(draft: DraftOrder, ordered_on: date, today: date) -> None:
    """Raise InvalidError naming every date that cannot be."""
    if problems := date_problems(ordered_on, [line.promised_on for line in draft.lines], today):
        raise InvalidError("dates_invalid", "Dates of the order break rules.", errors=problems)


def date_problems(ordered_on: date, promises: Sequence[date], today: date) -> list[FieldError]:
    """Return what is wrong with an order's dates: ordered by today at the site, promised not before that."""
    problems = []
    if ordered_on > today:
        problems.append(FieldError("/ordered_on", f"lies in the future; at the site it is {today}"))
    problems.extend(
        FieldError(f"/lines/{index}/promised_on", f"lies before the order's date, {ordered_on}")
        for index, promised_on in enumerate(promises)
        if promised_on < ordered_on
    )
    return problems


def check_approver(approver: str, created_by: str, supplier_onboarded_by: str) -> None:
    """Raise ForbiddenError unless the approver neither made the order nor onboarded its supplier."""
    if approver == created_by:
        raise ForbiddenError("segregation_of_duties", "Who created an order does not approve it.")
    if approver == supplier_onboarded_by:
        raise ForbiddenError("segregation_of_duties", "Who onboarded a supplier does not approve its orders.")


def check_supplier_approved(
    categories: Sequence[str],
    supplier_status: str,
    status_reason: str | None,
    approvals: Sequence[Mapping[str, str | None]],
    today: date,
) -> None:
    """Raise InvalidError naming every line that may not be ordered from the supplier today."""
    if refusals := issue_refusals(categories, supplier_status, status_reason, approvals, today):
        raise InvalidError(
            "supplier_not_approved",
            f"{len(refusals)} of {len(categories)} lines may not be ordered from this supplier today.",
            errors=refusals,
        )


def issue_refusals(
    categories: Sequence[str],
    supplier_status: str,
    status_reason: str | None,
    approvals: Sequence[Mapping[str, str | None]],
    today: date,
) -> list[FieldError]:
    """Return why lines may not be ordered from a supplier today: it has to be approved for every category."""
    if supplier_status != SupplierStatus.APPROVED:
        why = f"the supplier is {supplier_status}, not approved" + (
            f": {status_reason}" if status_reason else ""
        )
        return [FieldError(f"/lines/{index}/category", why) for index in range(len(categories))]
    expiry = {approval["category"]: approval["expires_on"] for approval in approvals}
    refusals = []
    for index, category in enumerate(categories):
        if category not in expiry:
            why = f"the supplier is not approved for {category}"
        elif (expires_on := expiry[category]) is not None and date.fromisoformat(expires_on) < today:
            why = f"the supplier's approval for {category} expired: its last day was {expires_on}"
        else:
            continue
        refusals.append(FieldError(f"/lines/{index}/category", why))
    return refusals
