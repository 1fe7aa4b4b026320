"""The codes by which organisation refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_CALL_OFF = (
    "POST /v1/blanket-orders/{blanket_order_id}/call-offs",
    "POST /v1/intake/{need_id}:start",
)
_WRITE = (
    "POST /v1/purchase-orders",
    "PUT /v1/purchase-orders/{order_id}",
    "POST /v1/requisitions:order",
    *_CALL_OFF,
)
_AMENDMENT = "/v1/purchase-orders/{order_id}/amendments"
_AMEND = (
    f"POST {_AMENDMENT}",
    f"PUT {_AMENDMENT}/{{amendment_id}}",
    f"POST {_AMENDMENT}/{{amendment_id}}:issue",
)
_ISSUE = ("POST /v1/purchase-orders/{order_id}:issue", f"POST {_AMENDMENT}/{{amendment_id}}:issue")
_REOPEN = "POST /v1/purchase-orders/{order_id}/lines/{line_number}:reopen"
_STATE_BUDGET = ("POST /v1/budgets", "PUT /v1/budgets/{budget_id}")
_RESERVE = (
    "POST /v1/requisitions/{requisition_id}:submit",
    "POST /v1/requisitions/{requisition_id}:approve",
    "POST /v1/requisitions/{requisition_id}/lines/{line_number}:approve",
    "POST /v1/approvals/*",
)
_TAKE = (*_ISSUE, _REOPEN, *_RESERVE)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "person_unknown",
        422,
        "The manager of the cost centre is nobody who is known.",
        "Create the person: PUT /v1/people/{code}.",
        ("PUT /v1/cost-centres/{code}",),
    ),
    Refusal(
        "organisation_not_valid",
        422,
        "The order names a business unit, a cost centre or a project that does not exist, is another unit's, "
        "or is not there on its day; `errors` names each with its reason.",
        "Name another, or let an admin state it: PUT /v1/business-units/{code}.",
        (*_WRITE, *_AMEND, *_STATE_BUDGET, *_TAKE),
    ),
    Refusal(
        "business_unit_unknown",
        422,
        "The business unit that it is for does not exist.",
        "Create it: PUT /v1/business-units/{code}.",
        ("PUT /v1/cost-centres/{code}", "PUT /v1/projects/{code}"),
    ),
    Refusal(
        "business_unit_not_found",
        404,
        "No business unit has this code.",
        "Look in GET /v1/business-units.",
        ("GET /v1/business-units/{code}",),
    ),
    Refusal(
        "cost_centre_not_found",
        404,
        "No cost centre has this code.",
        "Look in GET /v1/cost-centres.",
        ("GET /v1/cost-centres/{code}",),
    ),
    Refusal(
        "project_not_found",
        404,
        "No project has this code.",
        "Look in GET /v1/projects.",
        ("GET /v1/projects/{code}",),
    ),
)
