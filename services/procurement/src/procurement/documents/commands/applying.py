"""What a document that came in does: the command that its sender could have called."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from procurement.documents.queries.exchanging import seller_of
from procurement.documents.rules.orders import issued_on
from procurement.documents.rules.ubl import answering as answers
from procurement.documents.rules.ubl.despatches import DespatchAdvice
from procurement.documents.rules.ubl.inbound import Message
from procurement.documents.rules.ubl.parties import contradiction
from procurement.documents.rules.ubl.responses import Answer as Said
from procurement.documents.rules.ubl.responses import OrderResponse
from procurement.documents.rules.ubl.shipping import advice_of
from procurement.orders.model import PurchaseOrder
from procurement.orders.queries import order_called
from procurement.promises.commands import promised_or_needed
from procurement.responses.commands import answering, respond
from procurement.responses.rules import Answer, Reply
from procurement.shipments.commands import notify_shipment
from procurement.sites.queries import site_called
from procurement.suppliers.queries import supplier_for
from procurement.suppliers.store import known_as
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
    return await order_called(tx, answers.order_and_version(numbers[0])[0], by)


async def expect_of_its_supplier(
    tx: Transaction, order: PurchaseOrder, message: Message, by: Principal
) -> None:
    """Raise InvalidError for a document that our people send in for a supplier and that is of another.

    A supplier's token says who sends better than a document can. One that was merged writes as the one that
    it is at present, or still as itself.
    """
    if by.is_supplier:
        return
    whys = [
        contradiction(message.seller, seller_of(await supplier_for(tx, supplier_id, by)))
        for supplier_id in await known_as(tx, order.supplier_id)
    ]
    if all(whys):
        raise InvalidError("of_another_supplier", str(whys[-1]))


async def apply(tx: Transaction, order: PurchaseOrder, message: Message, by: Principal, sent_by: str) -> Done:
    """Do what a document says; raises ProblemError for what its sender may not do, or nobody may now.

    `sent_by` is who sent it in, and says what it says, whoever tries it again.
    """
    if isinstance(message, DespatchAdvice):
        return await _announce(tx, order, message, by)
    if message.answer is Said.RECEIVED:
        return Done()
    return await _respond(tx, order.id, message, by, sent_by)


async def _announce(tx: Transaction, order: PurchaseOrder, message: DespatchAdvice, by: Principal) -> Done:
    """Announce the shipment of a despatch advice, which may be of several orders."""
    orders = {message.order_numbers[0]: order.id}
    for number in message.order_numbers[1:]:
        orders[number] = (await order_called(tx, answers.order_and_version(number)[0], by)).id
    shipment, _ = await notify_shipment(tx, advice_of(message, orders), by.supplier_id)
    return Done("shipment", shipment.id)


async def _respond(
    tx: Transaction, order_id: UUID, message: OrderResponse, by: Principal, sent_by: str
) -> Done:
    """Answer the version that a response names, or the one in force where it names none."""
    order = await answering.locked(tx, order_id, by)
    await tx.session.refresh(order, ["lines"])
    current = order.current_version
    version = answers.order_and_version(message.order_number)[1]
    if version is None:
        site = await site_called(tx, order.site)
        zone = "UTC" if site is None else site.time_zone
        answers.check_of_version_in_force(message, current, issued_on(order.version_in_force(), zone))
    answer = Answer(Reply.ACCEPTED)  # of a version that is past: refused, whatever it says
    if version in {None, current}:
        asked = await promised_or_needed(tx, order)
        answer = answers.answer_of(message, order.stated().lines, asked)
    response = await respond(tx, order_id, version or current, by, answer, sent_by)
    return Done("order_response", response.id)
