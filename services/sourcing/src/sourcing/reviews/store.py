"""Reviews in SQL: one by its id, one to decide, the open and the last decided one of a supplier, many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from purveyor.days import Moment
from purveyor.db import Transaction
from purveyor.errors import NotFoundError
from purveyor.lists import Asked, Filter, Found, Listing, between, both_ways, equal, find
from sourcing.reviews.model import SupplierReview
from sourcing.reviews.rules import Decision
from sourcing.suppliers.store.finding import Grade


def _standing(statuses: Sequence[str]) -> ColumnElement[bool]:
    undecided = SupplierReview.decision.is_(None)
    return or_(*(undecided if status == "open" else ~undecided for status in statuses))


REVIEWS = Listing(
    name="reviews",
    id=SupplierReview.id,
    filters=(
        Filter(
            name="status",
            kind=Literal["open", "decided"],
            test=_standing,
            description="Whether it waits for a decision",
            example="open",
            several=True,
        ),
        equal("supplier_id", UUID, SupplierReview.supplier_id, "Whom it is about"),
        equal("grade", Grade, SupplierReview.grade, "Of the score that opened it", example="D"),
        equal("decision", Decision, SupplierReview.decision, "What was decided", example="continue"),
        *between("opened", Moment, SupplierReview.opened_at, "Opened at this moment"),
    ),
    sorts=both_ways("opened_at", SupplierReview.opened_at, SupplierReview.id)[::-1],
    changed=SupplierReview.changed_in,
)


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


async def find_reviews(tx: Transaction, asked: Asked) -> Found[SupplierReview]:
    """Return a page of reviews."""
    return await find(tx, select(SupplierReview), asked)
