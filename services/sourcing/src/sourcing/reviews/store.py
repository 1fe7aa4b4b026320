"""Reviews in SQL: one by its id, one to decide, the open and the last decided one of a supplier, many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.pages import PageRequest, Sort
from sourcing.reviews.model import SupplierReview

NEWEST_FIRST = Sort("-opened_at", SupplierReview.id, descending=True)
OLDEST_FIRST = Sort("opened_at", SupplierReview.id)
SORTS = {sort.name: sort for sort in (NEWEST_FIRST, OLDEST_FIRST)}


@dataclass(frozen=True, slots=True)
class ReviewSearch:
    """What reviews to find; everything given must hold."""

    open: bool | None = None
    supplier_id: UUID | None = None


def add_review(tx: Transaction, review: SupplierReview) -> None:
    """Keep a review that was opened."""
    tx.session.add(review)


async def get_review(tx: Transaction, review_id: UUID) -> SupplierReview:
    """Return a review; raises NotFoundError."""
    return _found(review_id, await tx.session.get(SupplierReview, review_id))


async def lock_review(tx: Transaction, review_id: UUID) -> SupplierReview:
    """Return a review that nobody else changes meanwhile; lock its supplier first, as everybody does."""
    return _found(
        review_id,
        await tx.session.get(SupplierReview, review_id, with_for_update=True, populate_existing=True),
    )


def _found(review_id: UUID, review: SupplierReview | None) -> SupplierReview:
    if review is None:
        raise NotFoundError("supplier review", review_id)
    return review


async def open_review_of(tx: Transaction, supplier_id: UUID) -> SupplierReview | None:
    """Return the review of a supplier that waits for a decision."""
    found: SupplierReview | None = await tx.session.scalar(
        select(SupplierReview).where(
            SupplierReview.supplier_id == supplier_id, SupplierReview.decision.is_(None)
        )
    )
    return found


async def last_decided(tx: Transaction, supplier_id: UUID) -> SupplierReview | None:
    """Return the review of a supplier that was decided last."""
    found: SupplierReview | None = await tx.session.scalar(
        select(SupplierReview)
        .where(SupplierReview.supplier_id == supplier_id, SupplierReview.decision.is_not(None))
        .order_by(SupplierReview.id.desc())
        .limit(1)
    )
    return found


async def find_reviews(
    tx: Transaction, search: ReviewSearch, sort: Sort, page: PageRequest
) -> Sequence[SupplierReview]:
    """Return a page of reviews, and the row after it."""
    statement = select(SupplierReview)
    if search.open is not None:
        undecided = SupplierReview.decision.is_(None)
        statement = statement.where(undecided if search.open else ~undecided)
    if search.supplier_id is not None:
        statement = statement.where(SupplierReview.supplier_id == search.supplier_id)
    return (await tx.session.scalars(sort.select(statement, page))).all()
