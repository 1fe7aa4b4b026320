"""The codes by which invoices refuses."""

from __future__ import annotations

from procurement.operations import INVOICES
from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "invoice_not_found",
        404,
        "There is no invoice with this id, or not among those of the supplier whose token this is.",
        "Look in GET /v1/invoices.",
        ("* /v1/invoices/{invoice_id}*",),
    ),
    Refusal(
        "invoice_duplicate",
        409,
        "The supplier has used the number before, however it is spelled; `invoice_id` says by which.",
        "Compare both. What is another invoice has another number; one that was wrong is rejected first.",
        INVOICES,
    ),
    Refusal(
        "invoice_unreadable",
        422,
        "The file is no invoice that can be read; `why` says what it is not.",
        "Send UBL 2.1, CII, or a PDF with either inside, without a DOCTYPE.",
        ("POST /v1/invoices:file",),
    ),
    Refusal(
        "invoice_incomplete",
        422,
        "The invoice says no number, no day, no currency, no amounts or no line.",
        "Ask the supplier for an invoice that says what `errors` names.",
        INVOICES,
    ),
    Refusal(
        "invoice_of_another",
        422,
        "The invoice names its seller by numbers that are not those of this supplier.",
        "Look whose it is, and name that supplier.",
        INVOICES,
    ),
    Refusal(
        "supplier_not_said",
        422,
        "The invoice names no order of ours, so that it is not known whose it is.",
        "Say the supplier beside it.",
        INVOICES,
    ),
    Refusal(
        "credit_above_invoice",
        422,
        "The credit note takes back more than is left of its invoice.",
        "Ask the supplier for one over what is left, as `errors` says.",
        INVOICES,
    ),
    Refusal(
        "credit_below_zero",
        422,
        "The credit note says amounts below zero, so that it would charge something.",
        "Ask the supplier for one that says positively what it takes back, or for an invoice.",
        INVOICES,
    ),
    Refusal(
        "currency_of_credit",
        422,
        "The credit note is in another currency than its invoice.",
        "Ask the supplier for one in the invoice's currency.",
        INVOICES,
    ),
)
