"""The codes by which rates refuses."""

from __future__ import annotations

from procurement.operations import REVALUE_BUDGET, SUBMIT, TAKE
from purveyor.refusals import Refusal

_STEPS = ("POST /v1/approvals/*", "POST /v1/approval-delegations", "POST /v1/approval-policies:simulate")
_RATES = ("POST /v1/exchange-rates:bulk",)
_CONVERT = ("GET /v1/exchange-rates/conversion",)

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
        (*_CONVERT, *REVALUE_BUDGET, *TAKE, *SUBMIT, *_STEPS),
    ),
    Refusal(
        "amount_too_large",
        422,
        "No amount is worth as much: it, or a rate, was mistyped.",
        "Correct the amount.",
        (*_CONVERT, *SUBMIT, *_STEPS),
    ),
)
