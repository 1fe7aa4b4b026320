"""Scores and measures of suppliers over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from purveyor.auth import Principal, requires
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.api import AskedWindow
from supplier_performance.deliveries.queries import visible_supplier
from supplier_performance.deliveries.views import Measured
from supplier_performance.scorecards import queries, rules, store
from supplier_performance.scorecards.views import (
    MonthlyPerformance,
    MonthPerformance,
    PastScore,
    PastScoreForSupplier,
    Performance,
    SupplierScore,
    SupplierScoreForSupplier,
)
from supplier_performance.suppliers.views import SupplierReference

router = APIRouter(prefix="/v1/suppliers/{supplier_id}", tags=["scores"], route_class=TransactionRoute)

Reader = Annotated[Principal, requires("performance:scores:read", suppliers_too=True)]


@router.get("/score", summary="A supplier's current score")
async def get_supplier_score(
    supplier_id: UUID, by: Reader, tx: Tx
) -> SupplierScore | SupplierScoreForSupplier:
    """Return the score and grade as last published, with the measures, window and weights that made them."""
    supplier = await visible_supplier(tx, by, supplier_id)
    scorecard = await store.scorecard_of(tx, supplier_id) or await queries.judged_now(tx, supplier_id)
    return (SupplierScoreForSupplier if by.is_supplier else SupplierScore).of(supplier, scorecard)


@router.get("/performance", summary="A supplier's measures over a window")
async def get_supplier_performance(supplier_id: UUID, by: Reader, tx: Tx, asked: AskedWindow) -> Performance:
    """Measure the lines promised in a window as they stood on a day, and say what score they would make."""
    supplier = await visible_supplier(tx, by, supplier_id)
    measures = await deliveries.measures_of(tx, asked.question, supplier_id)
    score = rules.score(measures, (await queries.scoring_in_force(tx, asked.as_of)).value)
    return Performance(
        supplier=SupplierReference.of(supplier),
        window_from=asked.question.window.first,
        window_to=asked.question.window.last,
        as_of=asked.as_of,
        score=score.value,
        grade=score.grade,
        measures=Measured.of(measures),
    )


@router.get("/performance/months", summary="A supplier's measures month by month")
async def list_supplier_performance_months(
    supplier_id: UUID, by: Reader, tx: Tx, asked: AskedWindow
) -> MonthlyPerformance:
    """Measure each month's lines, by promised date, as they stood on a day."""
    supplier = await visible_supplier(tx, by, supplier_id)
    months = await deliveries.measures_by_month(tx, asked.question, supplier_id)
    return MonthlyPerformance(
        supplier=SupplierReference.of(supplier),
        window_from=asked.question.window.first,
        window_to=asked.question.window.last,
        as_of=asked.as_of,
        months=[
            MonthPerformance(month=f"{month:%Y-%m}", measures=Measured.of(measures))
            for month, measures in months.items()
        ],
    )


@router.get("/score/history", summary="The scores that a supplier had")
async def list_supplier_scores(
    supplier_id: UUID,
    by: Reader,
    tx: Tx,
    asked: Annotated[Listed, listed(store.HISTORY, PastScore, PastScoreForSupplier)],
) -> Page[PastScore] | Page[PastScoreForSupplier]:
    """List every score that was published, the newest first unless another order is asked for."""
    await visible_supplier(tx, by, supplier_id)
    found = await store.history_of(tx, supplier_id, asked)
    if by.is_supplier:
        return asked.page(found, PastScoreForSupplier.of)
    return asked.page(found, PastScore.of)
