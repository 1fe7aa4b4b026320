"""The codes by which procurement refuses, beside those of every service.

Each feature states its own, in its `refusals.py`.
"""

from __future__ import annotations

from procurement.amendments.refusals import REFUSALS as OF_AMENDMENTS
from procurement.amounts.refusals import REFUSALS as OF_AMOUNTS
from procurement.approving.refusals import REFUSALS as OF_APPROVING
from procurement.blankets.refusals import REFUSALS as OF_BLANKETS
from procurement.budgets.refusals import REFUSALS as OF_BUDGETS
from procurement.documents.refusals import REFUSALS as OF_DOCUMENTS
from procurement.intake.refusals import REFUSALS as OF_INTAKE
from procurement.invoices.refusals import REFUSALS as OF_INVOICES
from procurement.items.refusals import REFUSALS as OF_ITEMS
from procurement.matching.refusals import REFUSALS as OF_MATCHING
from procurement.operations import IMPORT_ORDERS, IMPORT_RECEIPTS, INVOICES, SOURCED, SUBMIT, WRITE_ORDER
from procurement.orders.refusals import REFUSALS as OF_ORDERS
from procurement.organisation.refusals import REFUSALS as OF_ORGANISATION
from procurement.people.refusals import REFUSALS as OF_PEOPLE
from procurement.promises.refusals import REFUSALS as OF_PROMISES
from procurement.rates.refusals import REFUSALS as OF_RATES
from procurement.receipts.refusals import REFUSALS as OF_RECEIPTS
from procurement.requisitions.refusals import REFUSALS as OF_REQUISITIONS
from procurement.responses.refusals import REFUSALS as OF_RESPONSES
from procurement.shipments.refusals import REFUSALS as OF_SHIPMENTS
from procurement.sites.refusals import REFUSALS as OF_SITES
from procurement.suppliers.refusals import REFUSALS as OF_SUPPLIERS
from procurement.taxes.refusals import REFUSALS as OF_TAXES
from procurement.terms.refusals import REFUSALS as OF_TERMS
from purveyor.refusals import Refusal
from purveyor_approvals.refusals import refusals

_MOVE_SHIPMENT = ("POST /v1/shipments/{shipment_id}:delay", "POST /v1/shipments/{shipment_id}:cancel")
_STATED = (
    "PUT /v1/business-units/{code}",
    "PUT /v1/cost-centres/{code}",
    "PUT /v1/projects/{code}",
    "PUT /v1/sites/{code}",
    "PUT /v1/payment-terms/{code}",
    "PUT /v1/people/{code}",
)
_MATCH_INVOICE = (
    "POST /v1/invoices/{invoice_id}:match",
    "POST /v1/invoices/{invoice_id}/lines/{position}:assign",
    "POST /v1/invoices/{invoice_id}/exceptions/{exception_id}:resolve",
)
_DECIDE_INVOICE = (
    "POST /v1/invoices/{invoice_id}:approve",
    "POST /v1/invoices/{invoice_id}:reject",
    *_MATCH_INVOICE,
)

_OF_SEVERAL: tuple[Refusal, ...] = (
    *refusals(*SUBMIT),
    Refusal(
        "wrong_state",
        409,
        "The status of the order, a requisition, a line, an amendment, a shipment, a budget or an invoice "
        "does not allow this; `allowed` says what it does.",
        "Read it again.",
        (
            "POST /v1/requisitions/{requisition_id}*",
            "POST /v1/requisitions:order",
            "POST /v1/intake/{need_id}:start",
            "PUT /v1/requisitions/{requisition_id}",
            *_DECIDE_INVOICE,
            "POST /v1/purchase-orders/{order_id}*",
            "PUT /v1/purchase-orders/{order_id}*",
            "POST /v1/blanket-orders/{blanket_order_id}*",
            "PUT /v1/blanket-orders/{blanket_order_id}",
            "POST /v1/documents/{document_id}*",
            "POST /v1/budgets/{budget_id}:*",
            "PUT /v1/budgets/{budget_id}",
            "POST /v1/budget-transfers/{transfer_id}:*",
            *_MOVE_SHIPMENT,
            *IMPORT_ORDERS,
            *IMPORT_RECEIPTS,
        ),
    ),
    Refusal(
        "supplier_unknown",
        422,
        "The order or the invoice names a supplier that is not known here.",
        "Register it with sourcing first; its registration arrives within seconds.",
        (*WRITE_ORDER, *IMPORT_ORDERS, *INVOICES, "POST /v1/blanket-orders", *SOURCED),
    ),
    Refusal(
        "period_reversed",
        422,
        "It ends before it begins.",
        "State a `valid_to` that is not before `valid_from`.",
        _STATED,
    ),
)
"""What several features refuse by, and what no feature but the service does."""

REFUSALS: tuple[Refusal, ...] = (
    *_OF_SEVERAL,
    *OF_AMENDMENTS,
    *OF_AMOUNTS,
    *OF_APPROVING,
    *OF_BLANKETS,
    *OF_BUDGETS,
    *OF_DOCUMENTS,
    *OF_INTAKE,
    *OF_INVOICES,
    *OF_ITEMS,
    *OF_MATCHING,
    *OF_ORDERS,
    *OF_ORGANISATION,
    *OF_PEOPLE,
    *OF_PROMISES,
    *OF_RATES,
    *OF_RECEIPTS,
    *OF_REQUISITIONS,
    *OF_RESPONSES,
    *OF_SHIPMENTS,
    *OF_SITES,
    *OF_SUPPLIERS,
    *OF_TAXES,
    *OF_TERMS,
)
