"""Finds reviews, and what the last of them left behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import Row, Select, exists, select

from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.http.pages import PageRequest, Sort
from sourcing.reviews.model import SupplierReview
from sourcing.reviews.rules import DecidedReview
from sourcing.scores.model import SupplierScore
from sourcing.suppliers.model import Supplier

NEWEST_FIRST = Sort("-opened_at", SupplierReview.id, descending=True)
OLDEST_FIRST = Sort("opened_at", SupplierReview.id)
SORTS = {sort.name: sort for sort in (NEWEST_FIRST, OLDEST_FIRST)}

ReviewOfSupplier = Row[SupplierReview, Supplier]


@dataclass(frozen=True, slots=True)
class ReviewSearch:
    """What reviews to find; everything given must hold."""

    status: Literal["open", "decided"] | None = None
    supplier_id: UUID | None = None


async def find(
    tx: Transaction, search: ReviewSearch, sort: Sort, page: PageRequest
) -> Sequence[ReviewOfSupplier]:
    """Return a page of reviews with their suppliers, and the row after it."""
    statement = _with_supplier()
    if search.status is not None:
        undecided = SupplierReview.decision.is_(None)
        statement = statement.where(undecided if search.status == "open" else ~undecided)
    if search.supplier_id is not None:
        statement = statement.where(SupplierReview.supplier_id == search.supplier_id)
    # Sort.select is typed for one entity; what it adds does not depend on how many there are.
    paged = cast("Select[SupplierReview, Supplier]", sort.select(cast("Select[Any]", statement), page))
    return (await tx.session.execute(paged)).all()


async def read(tx: Transaction, review_id: UUID) -> ReviewOfSupplier:
    """Return a review with its supplier; raises NotFoundError."""
    statement = _with_supplier().where(SupplierReview.id == review_id)
    found = (await tx.session.execute(statement)).one_or_none()
    if found is None:
        raise NotFoundError("supplier review", review_id)
    return found


async def supplier_of(tx: Transaction, review_id: UUID) -> UUID:
    """Return the supplier that a review is about; raises NotFoundError."""
    found: UUID | None = await tx.session.scalar(
        select(SupplierReview.supplier_id).where(SupplierReview.id == review_id)
    )
    if found is None:
        raise NotFoundError("supplier review", review_id)
    return found


async def lock(tx: Transaction, review_id: UUID) -> SupplierReview:
    """Return a review that nobody else changes meanwhile; lock its supplier first, as everybody does."""
    review = await tx.session.get(SupplierReview, review_id, with_for_update=True, populate_existing=True)
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


async def last_decided(tx: Transaction, supplier_id: UUID, threshold: Decimal) -> DecidedReview | None:
    """Return what the last review of a supplier left behind."""
    review = await tx.session.scalar(
        select(SupplierReview)
        .where(SupplierReview.supplier_id == supplier_id, SupplierReview.decision.is_not(None))
        .order_by(SupplierReview.id.desc())
        .limit(1)
    )
    if review is None:
        return None
    recovered = await tx.session.scalar(
        select(
            exists().where(
                SupplierScore.supplier_id == supplier_id,
                SupplierScore.sequence >= review.decided_sequence,
                SupplierScore.score >= threshold,
            )
        )
    )
    return DecidedReview(grade=review.decided_grade, recovered_since=bool(recovered))


def _with_supplier() -> Select[SupplierReview, Supplier]:
    return select(SupplierReview, Supplier).join(Supplier, Supplier.id == SupplierReview.supplier_id)
