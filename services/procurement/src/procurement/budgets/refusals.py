"""The codes by which budgets refuses."""

from __future__ import annotations

from procurement.operations import REVALUE_BUDGET, STATE_BUDGET, TAKE
from purveyor.refusals import Refusal

_APPROVE_BUDGET = ("POST /v1/budgets/{budget_id}:approve",)
_CLOSE_BUDGET = ("POST /v1/budgets/{budget_id}:close",)
_OVERRIDE = ("POST /v1/budgets/{budget_id}/overrides",)
_TRANSFER = ("POST /v1/budget-transfers",)
_APPROVE_TRANSFER = ("POST /v1/budget-transfers/{transfer_id}:approve",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "budget_not_found",
        404,
        "No such budget exists.",
        "Look in GET /v1/budgets.",
        ("* /v1/budgets/{budget_id}*",),
    ),
    Refusal(
        "budget_transfer_not_found",
        404,
        "No such transfer exists.",
        "Look in GET /v1/budget-transfers.",
        ("* /v1/budget-transfers/{transfer_id}*",),
    ),
    Refusal(
        "budget_invalid",
        422,
        "The budget is for neither or both of a cost centre and a project, its periods do not follow on each "
        "other, or an approved one would be for something else; `errors` names each.",
        "Correct what is named; for something else, draft another budget.",
        STATE_BUDGET,
    ),
    Refusal(
        "budgets_overlap",
        409,
        "Another approved budget is for the same thing on some of the same days: `overlaps`.",
        "Change the days of this one, or the amounts of the other.",
        _APPROVE_BUDGET,
    ),
    Refusal(
        "budget_exceeded",
        409,
        "More is wanted than a budget leaves; `exceeded` has the arithmetic of each period.",
        "Want less, transfer an amount to it, or ask who may to override it for the document.",
        (*_APPROVE_BUDGET, *_APPROVE_TRANSFER, *TAKE),
    ),
    Refusal(
        "budget_closed",
        409,
        "The budget of that day is closed: `budget_id`. Nothing more is taken from it, or given to it.",
        "Take it on a day whose budget is open.",
        (*_APPROVE_TRANSFER, *REVALUE_BUDGET, *TAKE),
    ),
    Refusal(
        "budget_not_covered",
        422,
        "No approved budget covers a line, and the policy `budget-control` refuses what none covers.",
        "Have a budget approved for it, or charge it elsewhere; `errors` names each line.",
        TAKE,
    ),
    Refusal(
        "next_budget_missing",
        409,
        "What is open of the budget goes on to the next one for the same thing, and none is approved.",
        "Have that one approved first.",
        _CLOSE_BUDGET,
    ),
    Refusal(
        "entry_unknown",
        422,
        "The budget's ledger has fewer entries.",
        "Ask as of one that it has; `errors` names the last.",
        ("GET /v1/budgets/{budget_id}/figures",),
    ),
    Refusal(
        "override_invalid",
        422,
        "The amount has more decimals than the budget's currency.",
        "Round it.",
        _OVERRIDE,
    ),
    Refusal(
        "override_not_allowed",
        403,
        "The policy `budget-control` names other roles that may override.",
        "Ask somebody who has one of them.",
        _OVERRIDE,
    ),
    Refusal(
        "transfer_invalid",
        422,
        "Nothing can be transferred so: a budget or a period that does not exist or is not approved, two "
        "currencies, or the same place twice.",
        "Correct what `errors` names.",
        _TRANSFER,
    ),
)
