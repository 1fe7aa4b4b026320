"""Supplier reviews over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.http.headers import ETAG, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role
from sourcing.reviews import commands, queries, store
from sourcing.reviews.rules import Decision
from sourcing.reviews.views import ReviewOut, shown
from sourcing.suppliers.store.rows import supplier_in_brief
from sourcing.suppliers.views.shown import OpenReview
from sourcing.suppliers.views.stated import Reason, ReasonForSupplier

router = APIRouter(prefix="/v1/supplier-reviews", tags=["reviews"], route_class=TransactionRoute)


class ReviewDecision(BaseModel):
    """A category manager's answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "suspend", "reason": "Half of the lines were late"}]},
    )

    decision: Decision
    reason: Reason
    reason_for_supplier: ReasonForSupplier = Field(
        default=None,
        description="What the supplier is told of why, in its answers and events; refused with `continue`, "
        "of which it is not told",
    )


@router.get("")
async def list_supplier_reviews(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:reviews:read")],
    asked: Annotated[Listed, listed(store.REVIEWS, ReviewOut)],
) -> Page[ReviewOut]:
    """List reviews, those that wait for a decision with `?status=open`."""
    found = await queries.find_reviews(tx, asked)
    return asked.page(found, lambda row: shown(row.review, row.supplier))


@router.get("/{review_id}", responses={200: carries(ETAG)})
async def get_supplier_review(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:reviews:read")],
    review_id: UUID,
    response: Response,
) -> ReviewOut:
    """Read a review."""
    found = await queries.get_review(tx, review_id)
    set_etag(response, found.review)
    return shown(found.review, found.supplier)


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
    review = await commands.decide(
        tx, review_id, seen, answer.decision, answer.reason, answer.reason_for_supplier
    )
    await tx.flush()
    set_etag(response, review)
    return shown(review, await supplier_in_brief(tx, review.supplier_id))


async def open_review_of(tx: Transaction, supplier_id: UUID) -> OpenReview | None:
    """Return what a supplier shows of the review that waits for a decision."""
    review = await store.open_review_of(tx, supplier_id)
    return None if review is None else OpenReview.model_validate(review)
