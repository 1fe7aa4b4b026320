"""Suppliers side by side, as an answer shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.money import Money, round_amount
from sourcing.comparison.model import Compared
from sourcing.comparison.rules import EXPIRING_WITHIN, expiring, missing
from sourcing.documents.views import RequiredDocument
from sourcing.risk.views.risks import RISK, RiskAssessmentOut
from sourcing.segments.model import SegmentRow
from sourcing.segments.rules.segmenting import Lack, Quadrant
from sourcing.spend.rules import Window
from sourcing.suppliers.rules.qualification import Status
from sourcing.suppliers.views.shown import (
    ID,
    OWNER,
    TAGS,
    ApprovalOut,
    BlockOut,
    ScoreOut,
    approvals_of,
    blocks_of,
    score_of,
)

COMPARED: dict[str, Any] = {
    "id": ID,
    "number": "S-000042",
    "legal_name": "Muster Schrauben GmbH",
    "status": "approved",
    "country": "DE",
    "categories": ["fasteners"],
    "owner": "bea",
    "tags": ["key account"],
    "approvals": [
        {
            "category": "fasteners",
            "expires_on": "2027-12-31",
            "in_force": True,
            "approved_by": "carla",
            "approved_at": "2026-03-02T09:30:00Z",
        }
    ],
    "qualified": [{"questionnaire": "quality", "category": "fasteners", "valid_until": "2027-12-31"}],
    "documents_missing": [],
    "documents_expiring": [],
    "score": {"score": "87.5", "grade": "B", "as_of": "2026-11-20"},
    "risk": RISK,
    "blocks": [],
    "spend": [{"amount": "31500.00", "currency": "EUR"}],
    "segments": [
        {
            "category": "fasteners",
            "currency": "EUR",
            "quadrant": "leverage",
            "lacks": [],
            "as_of": "2026-11-20",
        }
    ],
}


class QualifiedFor(BaseModel):
    """For what a supplier is qualified, by which questionnaire, until when."""

    questionnaire: str = Field(description="Its code")
    category: str
    valid_until: date


class SegmentInBrief(BaseModel):
    """Where a supplier stands in the portfolio, in a category; `GET /v1/segments` has the arithmetic."""

    category: str
    currency: str | None
    quadrant: Quadrant | None
    lacks: list[Lack] = Field(description="Why there is no quadrant")
    as_of: date

    @classmethod
    def of(cls, row: SegmentRow) -> Self:
        """Return what is shown of a segment."""
        return cls.model_validate(row, from_attributes=True)


class ComparedSupplier(BaseModel):
    """One of the suppliers that are compared."""

    model_config = ConfigDict(json_schema_extra={"examples": [COMPARED]})

    id: UUID
    number: str
    legal_name: str
    status: Status
    country: str | None
    categories: list[str] = Field(description="What it offers")
    owner: str | None = Field(description=OWNER)
    tags: list[str] = Field(description=TAGS)
    approvals: list[ApprovalOut]
    qualified: list[QualifiedFor] = Field(description="By the cases that hold today")
    documents_missing: list[RequiredDocument] = Field(
        description="Of what it needs, what has ended or was never given"
    )
    documents_expiring: list[RequiredDocument] = Field(
        description=f"Of what it needs, what ends within {EXPIRING_WITHIN.days} days"
    )
    score: ScoreOut | None = Field(description="Null: performance has told none")
    risk: RiskAssessmentOut
    blocks: list[BlockOut] = Field(description="What keeps from ordering from it meanwhile")
    spend: list[Money] = Field(
        description="What was ordered of it from `spend_from` to `spend_to` and not called off, by currency"
    )
    segments: list[SegmentInBrief] = Field(description="By the categories that it is ordered from for")

    @classmethod
    def of(cls, one: Compared, today: date) -> Self:
        """Return what is shown of a supplier."""
        supplier = one.supplier
        return cls(
            id=supplier.id,
            number=supplier.display_number,
            legal_name=supplier.legal_name,
            status=supplier.status,
            country=supplier.country,
            categories=supplier.categories,
            owner=supplier.owner,
            tags=supplier.tags,
            approvals=approvals_of(supplier, today),
            qualified=_qualified(one.qualified),
            documents_missing=[RequiredDocument.model_validate(it) for it in missing(one.documents)],
            documents_expiring=[RequiredDocument.model_validate(it) for it in expiring(one.documents, today)],
            score=score_of(supplier),
            risk=RiskAssessmentOut.model_validate(one.risk),
            blocks=blocks_of(supplier),
            spend=_spend(one.spend),
            segments=[SegmentInBrief.of(row) for row in one.segments],
        )


class SupplierComparison(BaseModel):
    """Suppliers side by side, in the order in which they were asked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"spend_from": "2025-11-21", "spend_to": "2026-11-20", "suppliers": [COMPARED]}]
        }
    )

    spend_from: date
    spend_to: date = Field(description="The day of all that is shown")
    suppliers: list[ComparedSupplier]

    @classmethod
    def of(cls, days: Window, suppliers: Sequence[Compared]) -> Self:
        """Return what is shown of suppliers."""
        shown = [ComparedSupplier.of(one, days.last) for one in suppliers]
        return cls(spend_from=days.first, spend_to=days.last, suppliers=shown)


def _qualified(by_questionnaire: Mapping[str, Mapping[str, date]]) -> list[QualifiedFor]:
    return [
        QualifiedFor(questionnaire=code, category=category, valid_until=last)
        for code, of_category in sorted(by_questionnaire.items())
        for category, last in sorted(of_category.items())
    ]


def _spend(spend: Mapping[str, Decimal]) -> list[Money]:
    return [
        Money(amount=round_amount(amount, currency), currency=currency)
        for currency, amount in sorted(spend.items())
    ]
