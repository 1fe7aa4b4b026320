"""The codes by which rates refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_AMENDMENT = "/v1/purchase-orders/{order_id}/amendments"
_ISSUE = ("POST /v1/purchase-orders/{order_id}:issue", f"POST {_AMENDMENT}/{{amendment_id}}:issue")
_REOPEN = "POST /v1/purchase-orders/{order_id}/lines/{line_number}:reopen"
_SUBMIT = (
    "POST /v1/purchase-orders/{order_id}:submit",
    "POST /v1/intake",
    "POST /v1/intake:simulate",
    "POST /v1/requisitions/{requisition_id}:submit",
    f"POST {_AMENDMENT}/{{amendment_id}}:submit",
    "POST /v1/budget-transfers",
)
_STEPS = ("POST /v1/approvals/*", "POST /v1/approval-delegations", "POST /v1/approval-policies:simulate")
_RATES = ("POST /v1/exchange-rates:bulk",)
_CONVERT = ("GET /v1/exchange-rates/conversion",)
_REVALUE_BUDGET = ("POST /v1/budgets/{budget_id}:revalue",)
_RESERVE = (
    "POST /v1/requisitions/{requisition_id}:submit",
    "POST /v1/requisitions/{requisition_id}:approve",
    "POST /v1/requisitions/{requisition_id}/lines/{line_number}:approve",
    "POST /v1/approvals/*",
)
_TAKE = (*_ISSUE, _REOPEN, *_RESERVE)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "rate_of_itself",
        422,
        "A currency has no rate in itself.",
        "Leave the row out.",
        _RATES,
    ),
    Refusal(
        "rate_differs",
        409,
        "The source has said another rate of that day.",
        "Send the row with `corrects: true` if that one was wrong.",
        _RATES,
    ),
    Refusal(
        "no_rate",
        422,
        "There is no rate of that day, nor one shortly before; none is guessed over a gap.",
        "Record the source's rates: POST /v1/exchange-rates:bulk, or purveyor rates import.",
        (*_CONVERT, *_REVALUE_BUDGET, *_TAKE, *_SUBMIT, *_STEPS),
    ),
    Refusal(
        "amount_too_large",
        422,
        "No amount is worth as much: it, or a rate, was mistyped.",
        "Correct the amount.",
        (*_CONVERT, *_SUBMIT, *_STEPS),
    ),
)
