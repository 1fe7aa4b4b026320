"""Supplier reviews over HTTP."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.http.pages import Page, Paging
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor_contract.roles import Role
from sourcing.reviews import commands, queries, store
from sourcing.reviews.rules import Decision
from sourcing.suppliers.details import Reason
from sourcing.suppliers.rules import Status
from sourcing.suppliers.schemas import OpenReview

router = APIRouter(prefix="/v1/supplier-reviews", tags=["reviews"], route_class=TransactionRoute)

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
    "opened_at": "2026-11-20T06:00:00Z",
    "decision": None,
    "reason": None,
    "decided_by": None,
    "decided_at": None,
}


class ReviewDecision(BaseModel):
    """A category manager's answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "suspend", "reason": "Half of the lines were late"}]},
    )

    decision: Decision
    reason: Reason


class ReviewedSupplier(BaseModel):
    """The supplier as it is now."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    number: str
    legal_name: str
    status: Status
    score: Decimal | None
    grade: str | None


class ReviewOut(BaseModel):
    """A review."""

    model_config = ConfigDict(json_schema_extra={"examples": [REVIEW]})

    id: UUID
    status: Literal["open", "decided"]
    supplier: ReviewedSupplier
    score: Decimal = Field(description="The score that opened it")
    grade: str
    threshold: Decimal = Field(description="What the score fell below")
    opened_at: datetime
    decision: Decision | None
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None


@router.get("")
async def list_supplier_reviews(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:reviews:read")],
    page: Paging,
    status: Annotated[Literal["open", "decided"] | None, Query()] = None,
    supplier_id: Annotated[UUID | None, Query()] = None,
    sort: Annotated[Literal["opened_at", "-opened_at"], Query()] = "-opened_at",
) -> Page[ReviewOut]:
    """List reviews, those that wait for a decision with `?status=open`."""
    if by.supplier_id is not None and supplier_id not in (None, by.supplier_id):
        raise NotFoundError("supplier", supplier_id)
    search = store.ReviewSearch(status=status, supplier_id=by.supplier_id or supplier_id)
    order = store.SORTS[sort]
    rows = await queries.find_reviews(tx, search, order, page)
    return page.of(rows, order.name, lambda row: (row.review.id,), _shown)


@router.get("/{review_id}")
async def read_supplier_review(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:reviews:read")],
    review_id: UUID,
    response: Response,
) -> ReviewOut:
    """Read a review."""
    found = await queries.get_review(tx, review_id)
    if not by.may_see_supplier(found.supplier.id):
        raise NotFoundError("supplier review", review_id)
    set_etag(response, found.review)
    return _shown(found)


@router.post("/{review_id}:decide")
async def decide_supplier_review(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:reviews:write", Role.CATEGORY_MANAGER)],
    review_id: UUID,
    seen: IfMatch,
    answer: ReviewDecision,
    response: Response,
) -> ReviewOut:
    """Decide a review; to suspend or terminate the supplier takes effect at once."""
    if by.supplier_id is not None:
        raise NotFoundError("supplier review", review_id)
    review = await commands.decide(tx, review_id, seen, answer.decision, answer.reason)
    await tx.flush()
    set_etag(response, review)
    return _shown(await queries.with_supplier(tx, review))


async def open_review_of(tx: Transaction, supplier_id: UUID) -> OpenReview | None:
    """Return what a supplier shows of the review that waits for a decision."""
    review = await store.open_review_of(tx, supplier_id)
    return None if review is None else OpenReview.model_validate(review)


def _shown(found: queries.ReviewOfSupplier) -> ReviewOut:
    review = found.review
    return ReviewOut(
        id=review.id,
        status="open" if review.is_open else "decided",
        supplier=ReviewedSupplier.model_validate(found.supplier),
        score=review.score,
        grade=review.grade,
        threshold=review.threshold,
        opened_at=review.opened_at,
        decision=review.decision,
        reason=review.reason,
        decided_by=review.decided_by,
        decided_at=review.decided_at,
    )
