"""Score histories over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.errors import NotFoundError
from purveyor.http.pages import Page, Paging
from purveyor.http.transaction import TransactionRoute, Tx
from sourcing.scores import store
from sourcing.suppliers.store import get_supplier

router = APIRouter(prefix="/v1/suppliers", tags=["reviews"], route_class=TransactionRoute)


class PublishedScore(BaseModel):
    """A score as supplier performance published it."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "sequence": 7,
                    "score": "54.0",
                    "grade": "D",
                    "as_of": "2026-11-20",
                    "window_from": "2025-11-21",
                    "window_to": "2026-11-20",
                    "lines_due": 12,
                    "on_time_percent": "50",
                    "in_full_percent": "75",
                    "on_time_in_full_percent": "50",
                    "rejected_ppm": "12000",
                    "average_days_late": "4.5",
                    "p90_days_late": "14",
                    "published_at": "2026-11-20T06:00:00Z",
                }
            ]
        },
    )

    sequence: int = Field(description="Its number in the supplier's stream performance.suppliers")
    score: Decimal | None
    grade: str | None
    as_of: date
    window_from: date
    window_to: date
    lines_due: int
    on_time_percent: Decimal | None
    in_full_percent: Decimal | None
    on_time_in_full_percent: Decimal | None
    rejected_ppm: Decimal | None
    average_days_late: Decimal | None
    p90_days_late: Decimal | None
    published_at: datetime


@router.get("/{supplier_id}/scores")
async def list_supplier_scores(
    tx: Tx,
    by: Annotated[Principal, requires("sourcing:suppliers:read")],
    supplier_id: UUID,
    page: Paging,
) -> Page[PublishedScore]:
    """List a supplier's scores, the latest first."""
    if not by.may_see_supplier(supplier_id):
        raise NotFoundError("supplier", supplier_id)
    await get_supplier(tx, supplier_id)
    rows = await store.find_scores(tx, supplier_id, page)
    order = store.LATEST_FIRST.name
    return page.of(rows, order, lambda row: (row.sequence,), PublishedScore.model_validate)
