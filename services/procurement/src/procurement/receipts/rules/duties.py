"""Who takes goods in, and them back: nobody who ordered them or agreed to buy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pydantic import BaseModel, ConfigDict, Field

from procurement.orders.rules.expected import Expected, Parts
from purveyor.duties import expect_another

BY_POLICY = "so says the policy receiving-duties"


class ReceivingDuties(BaseModel):
    """Whether who agreed to buy may take the goods in, too (COSO: authorisation apart from custody)."""

    model_config = ConfigDict(frozen=True)

    order_approver_receives: bool = Field(
        default=False, description="Whether who approved an order may receive its goods"
    )
    supplier_approver_receives: bool = Field(
        default=False, description="Whether who approved or reinstated the supplier may receive its goods"
    )


def kept_from_receiving(
    order: Expected, parts: Parts, duties: ReceivingDuties
) -> Mapping[str, frozenset[str]]:
    """Return who does not receive an order's goods, by the reason why."""
    ordered = {*parts.authors, *parts.amended_by, order.created_by, order.issued_by}
    approvers = {*parts.former_approvers, parts.approved_by}
    approved = set() if duties.order_approver_receives else approvers
    vouched = () if duties.supplier_approver_receives else parts.supplier_approvers
    return {
        "Who created, changed, submitted or issued an order does not receive its goods.": _people(ordered),
        "Who wrote, submitted or issued an amendment of an order, reopened a line of it or answered for its "
        "supplier does not receive its goods.": _people(parts.orderers),
        f"Who approved an order does not receive its goods: {BY_POLICY}.": _people(approved),
        f"Who approved a supplier does not receive its goods: {BY_POLICY}.": _people(vouched),
    }


def _people(names: Iterable[str | None]) -> frozenset[str]:
    return frozenset(name for name in names if name is not None)


def check_receiver(receiver: str, kept_apart: Mapping[str, Collection[str]]) -> None:
    """Raise ForbiddenError if the receiver's part in the order keeps them from receiving its goods."""
    for why, people in kept_apart.items():
        expect_another(receiver, people, why)
