"""Reads of matches and exceptions, and the policy that says against what invoices are held."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from procurement.invoices.model import SupplierInvoice
from procurement.invoices.queries import invoice_for
from procurement.matching import store
from procurement.matching.model import InvoiceException, InvoiceLineMatch
from procurement.matching.rules.exceptions import ExceptionKind
from procurement.matching.rules.tolerances import Matching
from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.lists import Asked, Found, Listing, both_ways, equal, find, whether
from purveyor.policies import DIMENSIONS, Policy
from purveyor_contract.roles import Role

MATCHING = Policy(
    "invoice-matching",
    Matching,
    "Against what the lines of an invoice are held, and how far off they may be; the day on which it was "
    "issued decides",
    frozenset(DIMENSIONS),
)
EXCEPTIONS = Listing(
    name="invoice-exceptions",
    id=InvoiceException.id,
    filters=(
        equal("kind", ExceptionKind, InvoiceException.kind, "What is not as it should be", example="price"),
        equal("owner_role", Role, InvoiceException.owner_role, "Who may accept it", example="buyer"),
        equal("invoice_id", UUID, InvoiceException.invoice_id, "Of which invoice"),
        whether("is_open", InvoiceException.is_open, "Whether somebody has to solve it still"),
    ),
    sorts=(
        *both_ways("due_on", InvoiceException.due_on, InvoiceException.id),
        *both_ways("id", InvoiceException.id),
    ),
    changed=InvoiceException.changed_in,
)


async def find_exceptions(tx: Transaction, asked: Asked) -> Found[InvoiceException]:
    """Return a page of what was found of invoices."""
    return await find(tx, select(InvoiceException), asked)


async def match_of(
    tx: Transaction, invoice_id: UUID, by: Principal
) -> tuple[SupplierInvoice, list[InvoiceLineMatch], list[InvoiceException]]:
    """Return an invoice, which lines it is for, and all that was found of it."""
    invoice = await invoice_for(tx, invoice_id, by)
    return invoice, await store.matches(tx, [invoice_id]), await store.exceptions(tx, invoice_id)
