"""Operations that several features name where they say at which ones they refuse."""

from __future__ import annotations

AMENDMENT = "/v1/purchase-orders/{order_id}/amendments"
AMEND = (
    f"POST {AMENDMENT}",
    f"PUT {AMENDMENT}/{{amendment_id}}",
    f"POST {AMENDMENT}/{{amendment_id}}:issue",
)
CALL_OFF = (
    "POST /v1/blanket-orders/{blanket_order_id}/call-offs",
    "POST /v1/intake/{need_id}:start",
)
DECIDE_RESPONSE = ("POST /v1/purchase-orders/{order_id}/versions/{number}/response:decide",)
IMPORT_ORDERS = ("POST /v1/purchase-orders:import",)
INVOICES = ("POST /v1/invoices", "POST /v1/invoices:file")
ISSUE = ("POST /v1/purchase-orders/{order_id}:issue", f"POST {AMENDMENT}/{{amendment_id}}:issue")
NOTIFY_SHIPMENT = ("POST /v1/shipments",)
IMPORT_RECEIPTS = ("POST /v1/goods-receipts:import",)
RECEIVE = ("POST /v1/purchase-orders/{order_id}/receipts",)
REOPEN = "POST /v1/purchase-orders/{order_id}/lines/{line_number}:reopen"
REQUEST = (
    "POST /v1/requisitions",
    "PUT /v1/requisitions/{requisition_id}",
    "POST /v1/requisitions/{requisition_id}:copy",
    "POST /v1/requisitions/{requisition_id}:submit",
    "POST /v1/requisition-templates/{code}:use",
    "POST /v1/intake",
    "POST /v1/intake:simulate",
    "POST /v1/intake/{need_id}:start",
)
RESERVE = (
    "POST /v1/requisitions/{requisition_id}:submit",
    "POST /v1/requisitions/{requisition_id}:approve",
    "POST /v1/requisitions/{requisition_id}/lines/{line_number}:approve",
    "POST /v1/approvals/*",
)
RESPOND = ("POST /v1/purchase-orders/{order_id}/versions/{number}/response",)
REVALUE_BUDGET = ("POST /v1/budgets/{budget_id}:revalue",)
SOURCED = ("POST /v1/requisitions/{requisition_id}/lines/{line_number}:end-sourcing",)
STATE_BUDGET = ("POST /v1/budgets", "PUT /v1/budgets/{budget_id}")
SUBMIT = (
    "POST /v1/purchase-orders/{order_id}:submit",
    "POST /v1/intake",
    "POST /v1/intake:simulate",
    "POST /v1/requisitions/{requisition_id}:submit",
    f"POST {AMENDMENT}/{{amendment_id}}:submit",
    "POST /v1/budget-transfers",
)
TAKE = (*ISSUE, REOPEN, *RESERVE)
WRITE_ORDER = (
    "POST /v1/purchase-orders",
    "PUT /v1/purchase-orders/{order_id}",
    "POST /v1/requisitions:order",
    *CALL_OFF,
)
