"""Scores and measures of suppliers over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.errors import FieldError, InvalidError
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from supplier_performance.deliveries import queries as deliveries
from supplier_performance.deliveries.api import AskedWindow
from supplier_performance.deliveries.queries import visible_supplier
from supplier_performance.deliveries.views import Measured
from supplier_performance.kpis.rules.kpi import is_future
from supplier_performance.scorecards import queries, store
from supplier_performance.scorecards.model import CARDS
from supplier_performance.scorecards.views.cards import (
    MadeOn,
    SupplierScorecard,
    SupplierScorecardForSupplier,
    made,
)
from supplier_performance.scorecards.views.scores import (
    MonthlyPerformance,
    MonthPerformance,
    PastScore,
    PastScoreForSupplier,
    Performance,
    SupplierScore,
    SupplierScoreForSupplier,
)
from supplier_performance.scored import store as scored
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


@router.get("/scorecard", summary="A supplier's scorecard, now or as of a day")
async def get_supplier_scorecard(
    supplier_id: UUID,
    by: Reader,
    tx: Tx,
    as_of: Annotated[Day | None, Query(description="As of this day; left out: as it is now")] = None,
) -> SupplierScorecard | SupplierScorecardForSupplier:
    """Return the scorecard, every part with its figures: as it was known on a day, and as that day is now."""
    supplier = await visible_supplier(tx, by, supplier_id)
    if is_future(as_of, tx.day):
        detail = "Nobody knows yet what will be."
        raise InvalidError("as_of_in_future", detail, errors=[FieldError("/query/as_of", detail)])
    if as_of is None:
        found = await store.scorecard_of(tx, supplier_id)
        if found is None or found.card is None:
            found = await queries.judged_now(tx, supplier_id)
        known: dict[str, Any] | None = made(found.made, found)
        anew: dict[str, Any] | None = None
    else:
        past = await scored.known_at(tx, supplier_id, datetime.combine(as_of + timedelta(1), time(), UTC))
        card = None if past is None or past.card is None else CARDS.validate_python(past.card)
        known = None if past is None or card is None else made(card, past)
        window = (await queries.yardstick(tx, as_of)).window
        of_day = MadeOn(as_of, window.first, window.last, None)
        anew = made(await queries.now_known(tx, supplier_id, as_of, card), of_day)
    shown = SupplierScorecardForSupplier if by.is_supplier else SupplierScorecard
    return shown.of(supplier, as_of or tx.day, known, anew)


@router.get("/performance", summary="A supplier's measures over a window")
async def get_supplier_performance(supplier_id: UUID, by: Reader, tx: Tx, asked: AskedWindow) -> Performance:
    """Measure the lines promised in a window as they stood on a day, and say what score they would make."""
    supplier = await visible_supplier(tx, by, supplier_id)
    measures = await deliveries.measures_of(tx, asked.question, supplier_id)
    made = await queries.cards_over(tx, asked.question, asked.as_of, {supplier_id: measures})
    card = made[supplier_id]
    return Performance(
        supplier=SupplierReference.of(supplier),
        window_from=asked.question.window.first,
        window_to=asked.question.window.last,
        as_of=asked.as_of,
        score=card.score,
        grade=card.grade,
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
    asked: Annotated[Listed, listed(scored.HISTORY, PastScore, PastScoreForSupplier)],
) -> Page[PastScore] | Page[PastScoreForSupplier]:
    """List every score that was published, the newest first unless another order is asked for."""
    await visible_supplier(tx, by, supplier_id)
    found = await scored.history_of(tx, supplier_id, asked)
    if by.is_supplier:
        return asked.page(found, PastScoreForSupplier.of)
    return asked.page(found, PastScore.of)
