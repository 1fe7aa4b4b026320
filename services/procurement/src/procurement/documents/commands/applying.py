"""What a document that came in does: the command that its sender could have called."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from procurement.documents.rules.ubl.despatches import DespatchAdvice
from procurement.documents.rules.ubl.inbound import Message
from procurement.documents.rules.ubl.responses import Answer
from procurement.orders.model import PurchaseOrder
from procurement.orders.queries import order_called
from procurement.responses.commands import acknowledge_order
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import InvalidError


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a document; nothing where it only says that something was received."""

    what: str | None = None
    id: UUID | None = None


async def order_of(tx: Transaction, message: Message, by: Principal) -> PurchaseOrder:
    """Return the order that a document speaks of first; raises ProblemError where there is none."""
    numbers = message.order_numbers
    if not numbers:
        raise InvalidError(
            "document_says_nothing", "The despatch advice has no line on which anything was sent."
        )
    return await order_called(tx, numbers[0], by)


async def apply(tx: Transaction, order: PurchaseOrder, message: Message, by: Principal) -> Done:
    """Do what a document says; raises ProblemError for what its sender may not do, or nobody may now."""
    if isinstance(message, DespatchAdvice):
        raise InvalidError("document_not_taken", "Despatch advices are not taken in yet.")
    if message.answer is Answer.RECEIVED:
        return Done()
    if message.answer is Answer.ACCEPTED:
        await acknowledge_order(tx, order.id, (order.version,), by, message.supplier_reference)
        return Done("purchase_order", order.id)
    raise InvalidError("document_not_taken", "What a supplier would change is not taken in yet.")
