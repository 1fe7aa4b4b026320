"""Shared metrics over HTTP."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from purveyor.auth import Principal, requires
from purveyor.errors import FieldError, InvalidError
from purveyor.http.pages import Paging, link_next
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.texts import Code
from supplier_performance.deliveries.api import AskedWindow
from supplier_performance.deliveries.queries import visible_supplier
from supplier_performance.kpis.queries import Asked
from supplier_performance.kpis.rules.kpi import By, Scope, is_future
from supplier_performance.shared_metrics import queries
from supplier_performance.shared_metrics.rules import Place, comes_after, compared, places
from supplier_performance.shared_metrics.views import SharedMetrics, SharedMetricsPage
from supplier_performance.suppliers import store as suppliers

router = APIRouter(prefix="/v1/metrics", tags=["kpis"], route_class=TransactionRoute)
Periods = Literal[By.MONTH, By.QUARTER, By.YEAR]


@router.get("/shared", summary="What sourcing promised, beside what procurement got")
async def list_shared_metrics(
    tx: Tx,
    caller: Annotated[Principal, requires("performance:scores:read")],
    page: Paging,
    request: Request,
    response: Response,
    window: AskedWindow,
    by: Annotated[Periods, Query(description="The periods", examples=["month"])] = By.MONTH,
    supplier_id: Annotated[UUID | None, Query(description="Of this supplier")] = None,
    category: Annotated[
        Code | None, Query(description="Of this category, and of all that lies in it", examples=["fasteners"])
    ] = None,
) -> SharedMetricsPage:
    """Return promises and outcomes of the same suppliers, categories and periods, with what differs.

    The latest period comes first. What is of no category (documents, whole orders) stands beside each.
    """
    if is_future(window.question.as_of, tx.day):
        detail = "Nobody knows yet what will be."
        raise InvalidError("as_of_in_future", detail, errors=[FieldError("/query/as_of", detail)])
    if supplier_id is not None:
        await visible_supplier(tx, caller, supplier_id)
    asked = Asked(window.question, Scope(category=category), supplier_id, by)
    known = await queries.known(tx, asked)
    order = f"shared metrics,{asked}"
    found = places(known.figures)
    after = page.after(order, str, str, str)
    if after is not None:
        last = Place(*map(str, after))
        found = [place for place in found if comes_after(place, last)]
    found = found[: page.limit + 1]
    periods = queries.periods(asked, by)
    names = await suppliers.names(tx, list({UUID(place.supplier_id) for place in found}))

    def shown(place: Place) -> SharedMetrics:
        supplier = names[UUID(place.supplier_id)]
        of_place = compared(known.figures, place)
        return SharedMetrics.of(place, of_place, supplier, periods[place.period], known)

    items = page.of(found, order, tuple, shown)
    link_next(request, response, items.next_cursor)
    of = window.question.window
    return SharedMetricsPage(
        **vars(items), by=by.value, window_from=of.first, window_to=of.last, as_of=window.as_of
    )
