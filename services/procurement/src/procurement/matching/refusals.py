"""The codes by which matching refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "invoice_line_not_found",
        404,
        "The invoice has no line at this place.",
        "Read the invoice.",
        ("POST /v1/invoices/{invoice_id}/lines/{position}:assign",),
    ),
    Refusal(
        "exception_not_found",
        404,
        "The invoice has no such exception.",
        "Look in GET /v1/invoices/{invoice_id}/match.",
        ("POST /v1/invoices/{invoice_id}/exceptions/{exception_id}:resolve",),
    ),
    Refusal(
        "exception_solved",
        409,
        "The exception was accepted, or is gone by itself.",
        "Look in GET /v1/invoices/{invoice_id}/match.",
        ("POST /v1/invoices/{invoice_id}/exceptions/{exception_id}:resolve",),
    ),
    Refusal(
        "nothing_to_wait_for",
        409,
        "No goods that arrive solve an exception of this kind.",
        "Accept or dispute it, or ask for a credit note.",
        ("POST /v1/invoices/{invoice_id}/exceptions/{exception_id}:resolve",),
    ),
    Refusal(
        "quantity_unknown",
        409,
        "The line's unit does not convert to the order's, so that what it charges cannot count.",
        "Give the item a unit that converts, assign another line, or dispute it.",
        ("POST /v1/invoices/{invoice_id}/exceptions/{exception_id}:resolve",),
    ),
    Refusal(
        "line_counts",
        409,
        "The line is matched, and what it charges counts as invoiced.",
        "Nothing is to be assigned while the invoice is matched.",
        ("POST /v1/invoices/{invoice_id}/lines/{position}:assign",),
    ),
    Refusal(
        "order_line_unknown",
        422,
        "The supplier of the invoice has no order with this line.",
        "Look in GET /v1/purchase-orders?supplier_id=.",
        ("POST /v1/invoices/{invoice_id}/lines/{position}:assign",),
    ),
)
