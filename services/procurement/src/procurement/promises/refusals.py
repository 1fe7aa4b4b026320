"""The codes by which promises refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_PROMISE = ("POST /v1/purchase-orders/{order_id}/lines/{line_number}/promises",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "schedule_unknown",
        422,
        "The line has no schedule of this number; `errors` says which it has.",
        "Name one of those.",
        _PROMISE,
    ),
    Refusal(
        "promise_moved",
        409,
        "Another day is promised by now than the one that you saw: `promised_on`.",
        "Read what is promised again, then decide again.",
        _PROMISE,
    ),
    Refusal(
        "promise_invalid",
        422,
        "The day lies in the past or before the order, or is what is promised already.",
        "Name another day; days are those of the site.",
        _PROMISE,
    ),
    Refusal(
        "not_the_buyer",
        403,
        "A supplier said that its buyer moved a day.",
        "Say what you move yourself, or ask the buyer to.",
        _PROMISE,
    ),
)
