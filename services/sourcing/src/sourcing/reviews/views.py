"""Reviews as answers show them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Points
from sourcing.reviews.model import SupplierReview
from sourcing.reviews.rules import Decision
from sourcing.suppliers.rules.qualification import Status
from sourcing.suppliers.store.rows import SupplierInBrief

REVIEW: dict[str, Any] = {
    "id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6f80",
    "status": "open",
    "supplier": {
        "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
        "number": "S-000042",
        "legal_name": "Muster Schrauben GmbH",
        "status": "approved",
        "score": "52.5",
        "grade": "D",
    },
    "score": "54.0",
    "grade": "D",
    "threshold": "60",
    "threshold_version": 0,
    "opened_at": "2026-11-20T06:00:00Z",
    "decision": None,
    "reason": None,
    "reason_for_supplier": None,
    "decided_by": None,
    "decided_at": None,
}


class ReviewedSupplier(BaseModel):
    """The supplier as it is now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    legal_name: str
    status: Status
    score: Points | None
    grade: str | None


class ReviewOut(BaseModel):
    """A review."""

    model_config = ConfigDict(json_schema_extra={"examples": [REVIEW]})

    id: UUID
    status: Literal["open", "decided"]
    supplier: ReviewedSupplier
    score: Points = Field(description="The score that opened it")
    grade: str
    threshold: Decimal = Field(description="What the score fell below")
    threshold_version: int | None = Field(
        description="Of the policy `review-threshold`; null before versions were kept"
    )
    opened_at: datetime
    decision: Decision | None
    reason: str | None
    reason_for_supplier: str | None = Field(description="What the supplier is told of why")
    decided_by: str | None
    decided_at: datetime | None


def shown(review: SupplierReview, supplier: SupplierInBrief) -> ReviewOut:
    """Return a review as it is read, with its supplier as it is now."""
    return ReviewOut(
        id=review.id,
        status="open" if review.is_open else "decided",
        supplier=ReviewedSupplier.model_validate(supplier),
        score=review.score,
        grade=review.grade,
        threshold=review.threshold,
        threshold_version=review.threshold_version,
        opened_at=review.opened_at,
        decision=review.decision,
        reason=review.reason,
        reason_for_supplier=review.reason_for_supplier,
        decided_by=review.decided_by,
        decided_at=review.decided_at,
    )
