"""What the organisation decides for itself in sourcing, as data that hold from a day on."""

from __future__ import annotations

from typing import Any

from purveyor.policies import Policy
from sourcing.bank_accounts.queries import BANK_ACCOUNT_CHANGES
from sourcing.categories.queries import UNKNOWN_CATEGORIES
from sourcing.documents.queries import MISSING_DOCUMENTS
from sourcing.duplicates.queries import DUPLICATE_NAMES
from sourcing.evaluations.queries import DUTY_RATES
from sourcing.qualification.queries import QUALIFICATION
from sourcing.reviews.queries import REVIEW_THRESHOLD
from sourcing.risk.queries import RISK
from sourcing.screening.queries import SCREENING
from sourcing.segments.queries import SEGMENTS
from sourcing.tenders.queries import TENDERING

POLICIES: tuple[Policy[Any], ...] = (
    REVIEW_THRESHOLD,
    UNKNOWN_CATEGORIES,
    QUALIFICATION,
    SCREENING,
    MISSING_DOCUMENTS,
    DUPLICATE_NAMES,
    BANK_ACCOUNT_CHANGES,
    RISK,
    SEGMENTS,
    TENDERING,
    DUTY_RATES,
)
