"""The codes by which sourcing refuses, beside those of every service.

Each feature states its own, in its `refusals.py`.
"""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.bank_accounts.refusals import REFUSALS as OF_BANK_ACCOUNTS
from sourcing.bids.refusals import REFUSALS as OF_BIDS
from sourcing.categories.refusals import REFUSALS as OF_CATEGORIES
from sourcing.comparison.refusals import REFUSALS as OF_COMPARISON
from sourcing.contracts.refusals import REFUSALS as OF_CONTRACTS
from sourcing.documents.refusals import REFUSALS as OF_DOCUMENTS
from sourcing.due_diligence.refusals import REFUSALS as OF_DUE_DILIGENCE
from sourcing.duplicates.refusals import REFUSALS as OF_DUPLICATES
from sourcing.evaluations.refusals import REFUSALS as OF_EVALUATIONS
from sourcing.files.refusals import REFUSALS as OF_FILES
from sourcing.groups.refusals import REFUSALS as OF_GROUPS
from sourcing.merging.refusals import REFUSALS as OF_MERGING
from sourcing.onboarding.refusals import REFUSALS as OF_ONBOARDING
from sourcing.openings.refusals import REFUSALS as OF_OPENINGS
from sourcing.operations import (
    APPROVE_TENDER,
    BANK_REJECT,
    BANK_VERIFY,
    BID,
    CATEGORIES,
    CATEGORY_MOVES,
    CHANGES,
    CHECK_TENDER,
    COUNTRIES,
    DECIDE_REVIEW,
    IMPORT_SUPPLIERS,
    INVITE,
    MOVE_SUPPLIER,
    PARENT,
    SIGNALS,
    STATE_QUESTIONS,
    STATE_RISK,
)
from sourcing.qualification.refusals import REFUSALS as OF_QUALIFICATION
from sourcing.questionnaires.refusals import REFUSALS as OF_QUESTIONNAIRES
from sourcing.reviews.refusals import REFUSALS as OF_REVIEWS
from sourcing.risk.refusals import REFUSALS as OF_RISK
from sourcing.screening.refusals import REFUSALS as OF_SCREENING
from sourcing.searches.refusals import REFUSALS as OF_SEARCHES
from sourcing.suppliers.refusals import REFUSALS as OF_SUPPLIERS
from sourcing.tenders.refusals import REFUSALS as OF_TENDERS

_HITS = ("POST /v1/screening-hits/{hit_id}:*",)
_RECORD = ("POST /v1/due-diligence/findings", "POST /v1/due-diligence/complaints")
_DILIGENCE = (*_RECORD, "POST /v1/due-diligence/findings/{finding_id}/measures/{number}:complete")
_CONTRACT = "/v1/contracts/{contract_id}"
_CHECK_CONTRACT = (
    "POST /v1/contracts",
    f"PUT {_CONTRACT}",
    f"POST {_CONTRACT}:amend",
    f"POST {_CONTRACT}:submit",
    f"POST {_CONTRACT}:sign",
)

_OF_SEVERAL: tuple[Refusal, ...] = (
    Refusal(
        "wrong_state",
        409,
        "The status of what it is done to does not allow it; `allowed` says what it does.",
        "Read it again.",
        (
            *MOVE_SUPPLIER,
            "PUT /v1/tenders/{tender_id}",
            *BID,
            "POST /v1/tenders/{tender_id}*",
            f"PUT {_CONTRACT}",
            f"POST {_CONTRACT}*",
            "POST /v1/suppliers/{supplier_id}/risk-factors",
            "POST /v1/risk-signals",
            "POST /v1/due-diligence/findings/{finding_id}/measures/{number}:complete",
            "POST /v1/due-diligence/complaints/{complaint_id}:*",
            *DECIDE_REVIEW,
            *_HITS,
            *BANK_VERIFY,
            *BANK_REJECT,
            "PUT /v1/suppliers/{supplier_id}",
            *PARENT,
            *IMPORT_SUPPLIERS,
            "PUT /v1/questionnaires/{questionnaire_id}",
            "POST /v1/questionnaires/{questionnaire_id}:*",
            "POST /v1/qualification-cases*",
            "PUT /v1/qualification-cases/{case_id}/answers",
            *CATEGORIES,
            *CATEGORY_MOVES,
            "POST /v1/files/{file_id}:delete",
            *INVITE,
            *CHANGES,
            "POST /v1/supplier-changes",
            "POST /v1/supplier-access/{access_id}:withdraw",
            "POST /v1/supplier-merges/{supplier_id}:clear",
            "POST /v1/supplier-documents/{document_id}:*",
            "POST /v1/possible-duplicates/{pair_id}:dismiss",
        ),
    ),
    Refusal(
        "codes_repeated",
        422,
        "Two parts of one kind have the same code or number, or there are too many of them.",
        "Give each its own.",
        (*STATE_QUESTIONS, *CHECK_TENDER, *_CHECK_CONTRACT),
    ),
    Refusal(
        "weights_do_not_add_up",
        422,
        "The weights of the sections, of a section's questions, or of the criteria of one level are not 100.",
        "Let those that are stated add up to 100.",
        (*STATE_QUESTIONS, *CHECK_TENDER),
    ),
    Refusal(
        "nothing_to_approve",
        422,
        "Nobody has proposed an amendment of the published tender, or of the running contract.",
        "Propose one: `:amend`.",
        (
            *APPROVE_TENDER,
            "POST /v1/tenders/{tender_id}:return",
            f"POST {_CONTRACT}:sign",
            f"POST {_CONTRACT}:return",
        ),
    ),
    Refusal(
        "day_in_future",
        422,
        "Something was said of a day that is to come.",
        "State the day of which it was so.",
        (*STATE_RISK, *SIGNALS, *COUNTRIES, *_DILIGENCE),
    ),
    Refusal(
        "supplier_unknown",
        422,
        "A supplier that is named does not exist.",
        "Look in GET /v1/suppliers.",
        (*SIGNALS, *_RECORD),
    ),
)
"""What several features refuse by, and what no feature but the service does."""

REFUSALS: tuple[Refusal, ...] = (
    *_OF_SEVERAL,
    *OF_BANK_ACCOUNTS,
    *OF_BIDS,
    *OF_CATEGORIES,
    *OF_COMPARISON,
    *OF_CONTRACTS,
    *OF_DOCUMENTS,
    *OF_DUE_DILIGENCE,
    *OF_DUPLICATES,
    *OF_EVALUATIONS,
    *OF_FILES,
    *OF_GROUPS,
    *OF_MERGING,
    *OF_ONBOARDING,
    *OF_OPENINGS,
    *OF_QUALIFICATION,
    *OF_QUESTIONNAIRES,
    *OF_REVIEWS,
    *OF_RISK,
    *OF_SCREENING,
    *OF_SEARCHES,
    *OF_SUPPLIERS,
    *OF_TENDERS,
)
