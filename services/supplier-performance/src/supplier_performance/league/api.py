"""The league table over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from purveyor.auth import Principal, requires
from purveyor.errors import FieldError, InvalidError
from purveyor.http.pages import Paging, link_next
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from supplier_performance.deliveries.api import AskedWindow
from supplier_performance.league import queries, store
from supplier_performance.league.rules import LeagueSort
from supplier_performance.league.store import Table
from supplier_performance.league.views import LeagueEntry, LeaguePage

router = APIRouter(prefix="/v1/scorecards", tags=["scores"], route_class=TransactionRoute)


@router.get("", summary="The league table of suppliers")
async def list_scorecards(
    by: Annotated[Principal, requires("performance:scores:read", suppliers_too=True)],
    tx: Tx,
    page: Paging,
    request: Request,
    response: Response,
    asked: AskedWindow,
    sort: Annotated[
        LeagueSort, Query(description="Figures from the highest, names from A")
    ] = LeagueSort.SCORE,
    currency: Annotated[CurrencyCode | None, Query(description="Whose spend to sort by")] = None,
    supplier_id: Annotated[
        list[UUID] | None,
        Query(description="Of these suppliers only; repeated: of any of them", min_length=1, max_length=100),
    ] = None,
) -> LeaguePage:
    """Rank the suppliers that have lines in a window; without one, as they were last judged."""
    if sort is LeagueSort.SPEND and currency is None:
        raise InvalidError(
            "currency_required",
            "Amounts of different currencies have no order: say whose spend to sort by.",
            errors=[FieldError("/query/currency", "Needed with sort=spend, such as EUR")],
        )
    only = supplier_id
    if by.supplier_id is not None:
        only = [one for one in supplier_id or [by.supplier_id] if one == by.supplier_id]
    window = "" if asked.by_default else f"{asked.question}"
    table = Table(sort, currency, only, window)
    if asked.by_default:
        rows = await store.last_judged(tx, table, page)
    else:
        rows = await queries.measured_anew(tx, table, asked.question, page)
    shown = page.of(rows, table.order, lambda row: row[0], lambda row: LeagueEntry.of(row[1]))
    link_next(request, response, shown.next_cursor)
    measured = asked.question.window
    return LeaguePage(
        **vars(shown),
        window_from=measured.first,
        window_to=measured.last,
        as_of=asked.as_of,
    )
