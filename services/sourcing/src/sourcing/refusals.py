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
from sourcing.qualification.refusals import REFUSALS as OF_QUALIFICATION
from sourcing.questionnaires.refusals import REFUSALS as OF_QUESTIONNAIRES
from sourcing.reviews.refusals import REFUSALS as OF_REVIEWS
from sourcing.risk.refusals import REFUSALS as OF_RISK
from sourcing.screening.refusals import REFUSALS as OF_SCREENING
from sourcing.searches.refusals import REFUSALS as OF_SEARCHES
from sourcing.suppliers.refusals import REFUSALS as OF_SUPPLIERS
from sourcing.tenders.refusals import REFUSALS as OF_TENDERS

_IMPORT = ("POST /v1/suppliers:import",)
_ACT = ("POST /v1/suppliers/{supplier_id}:*",)
_CATEGORY = ("PUT /v1/categories/{code}",)
_CATEGORIES = (*_CATEGORY, "POST /v1/categories:bulk")
_CATEGORY_MOVES = ("POST /v1/categories/{code}:*",)
_INVITE = ("POST /v1/supplier-invitations", "POST /v1/supplier-invitations/{invitation_id}:*")
_CHANGES = ("PUT /v1/supplier-changes/{change_id}", "POST /v1/supplier-changes/{change_id}:*")
_PARENT = ("PUT /v1/suppliers/{supplier_id}/parent",)
_HITS = ("POST /v1/screening-hits/{hit_id}:*",)
_BANK = "/v1/bank-account-changes"
_BANK_VERIFY = (f"POST {_BANK}/{{change_id}}:verify",)
_BANK_REJECT = (f"POST {_BANK}/{{change_id}}:reject",)
_DECIDE = ("POST /v1/supplier-reviews/{review_id}:decide",)
_STATE_QUESTIONS = ("POST /v1/questionnaires", "PUT /v1/questionnaires/{questionnaire_id}")
_STATE_RISK = ("POST /v1/suppliers/{supplier_id}/risk-factors",)
_RECORD = ("POST /v1/due-diligence/findings", "POST /v1/due-diligence/complaints")
_DILIGENCE = (*_RECORD, "POST /v1/due-diligence/findings/{finding_id}/measures/{number}:complete")
_SIGNALS = ("POST /v1/risk-signals",)
_COUNTRIES = ("POST /v1/country-risks:bulk",)
_STATE_TENDER = ("POST /v1/tenders", "PUT /v1/tenders/{tender_id}", "POST /v1/tenders/{tender_id}:amend")
_APPROVE_TENDER = ("POST /v1/tenders/{tender_id}:approve",)
_CHECK_TENDER = (*_STATE_TENDER, *_APPROVE_TENDER)
_CONTRACT = "/v1/contracts/{contract_id}"
_CHECK_CONTRACT = (
    "POST /v1/contracts",
    f"PUT {_CONTRACT}",
    f"POST {_CONTRACT}:amend",
    f"POST {_CONTRACT}:submit",
    f"POST {_CONTRACT}:sign",
)
_BID = ("PUT /v1/tenders/{tender_id}/bid",)

_OF_SEVERAL: tuple[Refusal, ...] = (
    Refusal(
        "wrong_state",
        409,
        "The status of what it is done to does not allow it; `allowed` says what it does.",
        "Read it again.",
        (
            *_ACT,
            "PUT /v1/tenders/{tender_id}",
            *_BID,
            "POST /v1/tenders/{tender_id}*",
            f"PUT {_CONTRACT}",
            f"POST {_CONTRACT}*",
            "POST /v1/suppliers/{supplier_id}/risk-factors",
            "POST /v1/risk-signals",
            "POST /v1/due-diligence/findings/{finding_id}/measures/{number}:complete",
            "POST /v1/due-diligence/complaints/{complaint_id}:*",
            *_DECIDE,
            *_HITS,
            *_BANK_VERIFY,
            *_BANK_REJECT,
            "PUT /v1/suppliers/{supplier_id}",
            *_PARENT,
            *_IMPORT,
            "PUT /v1/questionnaires/{questionnaire_id}",
            "POST /v1/questionnaires/{questionnaire_id}:*",
            "POST /v1/qualification-cases*",
            "PUT /v1/qualification-cases/{case_id}/answers",
            *_CATEGORIES,
            *_CATEGORY_MOVES,
            "POST /v1/files/{file_id}:delete",
            *_INVITE,
            *_CHANGES,
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
        (*_STATE_QUESTIONS, *_CHECK_TENDER, *_CHECK_CONTRACT),
    ),
    Refusal(
        "weights_do_not_add_up",
        422,
        "The weights of the sections, of a section's questions, or of the criteria of one level are not 100.",
        "Let those that are stated add up to 100.",
        (*_STATE_QUESTIONS, *_CHECK_TENDER),
    ),
    Refusal(
        "nothing_to_approve",
        422,
        "Nobody has proposed an amendment of the published tender, or of the running contract.",
        "Propose one: `:amend`.",
        (
            *_APPROVE_TENDER,
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
        (*_STATE_RISK, *_SIGNALS, *_COUNTRIES, *_DILIGENCE),
    ),
    Refusal(
        "supplier_unknown",
        422,
        "A supplier that is named does not exist.",
        "Look in GET /v1/suppliers.",
        (*_SIGNALS, *_RECORD),
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
