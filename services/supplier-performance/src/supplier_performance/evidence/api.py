"""The evidence behind a supplier's figures over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from purveyor.auth import Principal, requires
from purveyor.http.pages import Paging, link_next
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import KeyValue
from supplier_performance.deliveries.api import AskedWindow
from supplier_performance.deliveries.queries import measures_of, visible_supplier
from supplier_performance.deliveries.rules import Measure
from supplier_performance.evidence import queries
from supplier_performance.evidence.rules import figures
from supplier_performance.evidence.views import (
    Account,
    EvidencePage,
    EvidencePageForSupplier,
    FigureShown,
    LineForSupplier,
    LineShown,
)
from supplier_performance.suppliers.views import SupplierReference

router = APIRouter(prefix="/v1/suppliers/{supplier_id}/score", tags=["scores"], route_class=TransactionRoute)


@router.get("/evidence", summary="The lines and events behind a figure")
async def list_supplier_score_evidence(
    supplier_id: UUID,
    by: Annotated[Principal, requires("performance:scores:read", suppliers_too=True)],
    tx: Tx,
    page: Paging,
    request: Request,
    response: Response,
    asked: AskedWindow,
    measure: Annotated[Measure, Query(description="The figure to account for")],
) -> EvidencePage | EvidencePageForSupplier:
    """List every order line that counts for a figure, by promised date, with the events it was judged by."""
    supplier = await visible_supplier(tx, by, supplier_id)
    measures = await measures_of(tx, asked.question, supplier_id)
    rows = await queries.evidence(tx, asked.question, supplier_id, measure, page)
    account = Account(
        supplier=SupplierReference.of(supplier),
        measure=measure,
        figures=[FigureShown.model_validate(figure) for figure in figures(measures, measure)],
        window_from=asked.question.window.first,
        window_to=asked.question.window.last,
        as_of=asked.as_of,
    )
    order = queries.order_of(asked.question, supplier_id, measure)
    if by.is_supplier:
        told = page.of(rows, order, _place, lambda row: LineForSupplier.of(row.line, row.events))
        link_next(request, response, told.next_cursor)
        return EvidencePageForSupplier(**vars(account), **vars(told))
    lines = page.of(rows, order, _place, lambda row: LineShown.of(row.line, row.events))
    link_next(request, response, lines.next_cursor)
    return EvidencePage(**vars(account), **vars(lines))


def _place(row: queries.LineEvidence) -> tuple[KeyValue, ...]:
    return row.key
