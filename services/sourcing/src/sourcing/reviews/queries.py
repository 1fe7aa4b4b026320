"""Finds reviews together with the suppliers that they are about, and what opens one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from purveyor.db import Transaction
from purveyor.lists import Asked, Found
from purveyor.policies import Policy
from sourcing.reviews import store
from sourcing.reviews.model import SupplierReview
from sourcing.reviews.rules import ReviewThreshold
from sourcing.suppliers.store.rows import SupplierInBrief, supplier_in_brief, suppliers_in_brief

REVIEW_THRESHOLD = Policy(
    "review-threshold",
    ReviewThreshold,
    "Under which score a supplier is reviewed; a score is held against what is in force on its day",
)


@dataclass(frozen=True, slots=True)
class ReviewOfSupplier:
    """A review, and its supplier as it is now."""

    review: SupplierReview
    supplier: SupplierInBrief


async def find_reviews(tx: Transaction, asked: Asked) -> Found[ReviewOfSupplier]:
    """Return a page of reviews with their suppliers."""
    page = await store.find_reviews(tx, asked)
    found = await suppliers_in_brief(tx, {review.supplier_id for review in page.rows})
    return page.each([ReviewOfSupplier(review, found[review.supplier_id]) for review in page.rows])


async def get_review(tx: Transaction, review_id: UUID) -> ReviewOfSupplier:
    """Return a review with its supplier; raises NotFoundError."""
    review = await store.get_review(tx, review_id)
    return ReviewOfSupplier(review, await supplier_in_brief(tx, review.supplier_id))
