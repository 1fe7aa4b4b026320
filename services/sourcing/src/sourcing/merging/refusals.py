"""The codes by which merging refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import MERGE

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "supplier_merge_not_found",
        404,
        "The supplier was not merged into another.",
        "Look in GET /v1/supplier-merges.",
        ("* /v1/supplier-merges/{supplier_id}*",),
    ),
    Refusal(
        "merge_with_itself",
        422,
        "The supplier would be merged with itself.",
        "Name the other one.",
        MERGE,
    ),
    Refusal(
        "not_its_own",
        422,
        "A number or a category would be taken over that the supplier does not have; `errors` names it.",
        "Leave it out.",
        MERGE,
    ),
    Refusal(
        "successor_ended",
        409,
        "The supplier to merge into is merged, withdrawn or terminated itself.",
        "Merge into one that goes on; where that is none, terminate this one.",
        MERGE,
    ),
    Refusal(
        "different_companies",
        409,
        "Both have a tax number or a LEI, so they are two legal persons.",
        "Where one of the numbers is wrong, correct it and have that confirmed.",
        MERGE,
    ),
    Refusal(
        "not_withdrawable",
        409,
        "The supplier may have been ordered from, so it was no mistake.",
        "Merge it into the one that it is, or terminate it.",
        ("POST /v1/suppliers/{supplier_id}:withdraw",),
    ),
)
