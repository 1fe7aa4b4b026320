"""The codes by which suppliers refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import (
    BANK_REQUEST,
    BIDDERS,
    CHANGES,
    DECIDE_CHANGE,
    IMPORT_SUPPLIERS,
    INVITE,
    MOVE_SUPPLIER,
    SEARCHES,
    WRITE_SUPPLIER,
)

_OF_A_SUPPLIER = tuple(
    f"POST /v1/{named}"
    for named in (
        "qualification-cases",
        "supplier-changes",
        "supplier-documents",
        "supplier-invitations",
        "risk-signals",
        "due-diligence/findings",
        "due-diligence/complaints",
    )
)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "supplier_not_found",
        404,
        "No such supplier exists, or it is not the caller's own.",
        "Look in GET /v1/suppliers.",
        ("* /v1/suppliers/{supplier_id}*", *BANK_REQUEST, *_OF_A_SUPPLIER, *BIDDERS),
    ),
    Refusal(
        "identifier_taken",
        409,
        "Another supplier has this tax number, DUNS, LEI, GLN or participant; `number` is that supplier.",
        "Use that supplier, or correct the number.",
        (*WRITE_SUPPLIER, *MOVE_SUPPLIER, *IMPORT_SUPPLIERS, *INVITE, *DECIDE_CHANGE),
    ),
    Refusal(
        "external_reference_taken",
        409,
        "Another supplier has this reference of the other system.",
        "Use that supplier.",
        ("POST /v1/suppliers",),
    ),
    Refusal(
        "taken_meanwhile",
        409,
        "Another request registered a supplier with the same number or reference at this moment.",
        "Send the row again: it is then told which supplier that is.",
        IMPORT_SUPPLIERS,
    ),
    Refusal(
        "identifier_invalid",
        422,
        "A number breaks its scheme's rule: its length, its check digit, its country.",
        "Correct what `errors` names.",
        (*WRITE_SUPPLIER, *IMPORT_SUPPLIERS, *INVITE, *CHANGES),
    ),
    Refusal(
        "details_missing",
        422,
        "What a decision needs to know of a supplier is not stated yet; `errors` names it.",
        "State it: PUT /v1/suppliers/{supplier_id}.",
        ("POST /v1/suppliers/{supplier_id}:submit", *IMPORT_SUPPLIERS),
    ),
    Refusal(
        "country_required",
        422,
        "A supplier that was imported without a country has to have one before it is changed.",
        "Say which.",
        ("PUT /v1/suppliers/{supplier_id}", *DECIDE_CHANGE),
    ),
    Refusal(
        "category_approved",
        422,
        "The supplier is approved for a category that it would not offer any more.",
        "Leave it among its categories, or let the approval end first.",
        ("PUT /v1/suppliers/{supplier_id}", *DECIDE_CHANGE),
    ),
    Refusal(
        "made_not_offered",
        422,
        "A site makes a category that the supplier does not offer; `errors` names it.",
        "Add it to the supplier's categories first, or leave it out.",
        ("POST /v1/suppliers", "PUT /v1/suppliers/{supplier_id}", *DECIDE_CHANGE),
    ),
    Refusal(
        "category_not_offered",
        422,
        "The supplier does not offer a category that it would be approved for.",
        "Approve it for what it offers, or change what that is.",
        ("POST /v1/suppliers/{supplier_id}:approve", *IMPORT_SUPPLIERS),
    ),
    Refusal(
        "expired",
        422,
        "The approval would have ended already.",
        "State a day to come.",
        ("POST /v1/suppliers/{supplier_id}:approve",),
    ),
    Refusal(
        "registered_in_future",
        422,
        "The day on which the supplier was registered is to come.",
        "State the day on which it was.",
        IMPORT_SUPPLIERS,
    ),
    Refusal(
        "query_empty",
        422,
        "The search has no letters and no digits.",
        "Search for words.",
        ("GET /v1/suppliers", *SEARCHES),
    ),
    Refusal(
        "qualification_required",
        422,
        "A questionnaire is required for the category, and the supplier has not qualified that long.",
        "Qualify it, or approve it by exception: `exception_reason`.",
        ("POST /v1/suppliers/{supplier_id}:approve",),
    ),
    Refusal(
        "exception_not_needed",
        422,
        "An exception is stated, and the supplier needs none.",
        "Leave `exception_reason` out.",
        ("POST /v1/suppliers/{supplier_id}:approve",),
    ),
    Refusal(
        "exception_too_long",
        422,
        "The exception would last longer than the policy `qualification` allows.",
        "State an earlier `expires_on`.",
        ("POST /v1/suppliers/{supplier_id}:approve",),
    ),
    Refusal(
        "too_many_tags",
        422,
        "The supplier would have more tags than one may have.",
        "Remove some with `remove`.",
        ("POST /v1/suppliers/{supplier_id}/tags",),
    ),
)
