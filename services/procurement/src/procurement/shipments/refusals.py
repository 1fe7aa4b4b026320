"""The codes by which shipments refuses."""

from __future__ import annotations

from procurement.operations import NOTIFY_SHIPMENT
from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "shipment_not_found",
        404,
        "No such shipment exists, or it is another supplier's.",
        "Look in GET /v1/shipments.",
        ("* /v1/shipments/{shipment_id}*",),
    ),
    Refusal(
        "shipment_invalid",
        422,
        "What was sent cannot be: more than is to come, of orders of several suppliers or to several sites, "
        "lots or packages that do not add up, or a day that it cannot be on, such as sent tomorrow.",
        "Correct what `errors` names.",
        (*NOTIFY_SHIPMENT, "POST /v1/shipments/{shipment_id}:delay"),
    ),
    Refusal(
        "shipment_already_notified",
        409,
        "The supplier has used this despatch reference before; `shipment_id` is the shipment's.",
        "Send nothing more, or give other goods a number of their own; what was wrong is cancelled first.",
        NOTIFY_SHIPMENT,
    ),
)
