"""The codes by which organisation refuses."""

from __future__ import annotations

from procurement.operations import AMEND, STATE_BUDGET, TAKE, WRITE_ORDER
from purveyor.refusals import Refusal

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
        (*WRITE_ORDER, *AMEND, *STATE_BUDGET, *TAKE),
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
