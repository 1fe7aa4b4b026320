"""What credit notes take back of an invoice, and what a credit note may take back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from procurement.invoices import store as invoices
from procurement.invoices.model import SupplierInvoice
from procurement.invoices.rules.states import COUNTING
from procurement.matching import store
from procurement.matching.commands.standing import Standing
from procurement.matching.model import InvoiceLineMatch
from procurement.matching.rules.turns import Key, Sum
from purveyor.db import Transaction


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit note of an invoice, and the lines of orders that it is for."""

    id: UUID
    is_matched: bool
    """Only then it takes something back."""
    lines: list[InvoiceLineMatch]


async def credits_of(tx: Transaction, invoice_id: UUID) -> list[Credit]:
    """Return the credit notes of an invoice, the first first."""
    found = await invoices.credit_notes_of(tx, invoice_id)
    credits = {one: Credit(one, status in COUNTING, []) for one, status in found.items()}
    for match in await store.matches(tx, list(found)):
        credits[match.invoice_id].lines.append(match)
    return list(credits.values())


def taken_back(credits: Iterable[Credit]) -> Mapping[Key, Sum]:
    """Return what credit notes that are matched take back of lines of orders, above zero."""
    found: dict[Key, Sum] = defaultdict(Sum)
    for credit in credits:
        if credit.is_matched:
            for one in credit.lines:
                if one.quantity is not None:
                    found[one.order_id, one.line_number] -= Sum(one.quantity, one.net_amount)
    return found


async def left_of(tx: Transaction, credit_note: SupplierInvoice, standing: Standing) -> dict[Key, Sum]:
    """Return what a credit note may take back of each line of its orders.

    That is what its invoice charges, without what earlier credit notes of it took back; where it names none,
    what was charged before it. Whether its invoice is matched makes no difference: it may be because of it.
    """
    if credit_note.preceding_id is None:
        return {key: one.charged for key, one in standing.ordered.items()}
    found: dict[Key, Sum] = defaultdict(Sum)
    for one in await store.matches(tx, [credit_note.preceding_id]):
        if one.quantity is not None:
            found[one.order_id, one.line_number] += Sum(one.quantity, one.net_amount)
    credits = await credits_of(tx, credit_note.preceding_id)
    for key, taken in taken_back(one for one in credits if one.id < credit_note.id).items():
        found[key] -= taken
    return found
